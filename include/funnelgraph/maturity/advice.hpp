// "Do we need to be more aligned?": reasons to stay and to tighten, side by side.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <funnelgraph/config.hpp>
#include <funnelgraph/maturity/texts.hpp>

namespace funnelgraph::inline v0::maturity {

/// The four types of relationship, in order.
enum class Relationship { undefined, defined, aligned, integrated };
[[nodiscard]] std::string_view to_string(Relationship relationship) noexcept;
/// Throws UnknownNameError with the nearest.
[[nodiscard]] Relationship relationship_named(std::string_view name);

/// What a condition speaks for where it holds.
enum class Direction { stay, tighten };

/// One row of the decision table.
struct Condition {
  std::string id;
  Relationship now;
  Direction direction;
  Texts text;
};

/// The whole decision table: for each type but integrated the reasons to stay and to tighten.
[[nodiscard]] const std::vector<Condition>& conditions();

/// What friction is about: price, promotion money, product and budget; or the view of time and work
/// (project and future against deal and now).
enum class Friction { economic, cultural };

/// How large a part Marketing plays in a company as it grows; frames the advice.
struct MarketingRole {
  std::string id;
  Texts name;
  Texts friction;  ///< the friction to expect, and of which kind
  Friction kind;
  std::vector<std::string> ask_first;  ///< conditions to settle before others
};
/// Five roles, from none to one that leads.
[[nodiscard]] const std::vector<MarketingRole>& marketing_roles();

enum class Reply { no, yes, unknown };
/// Conditions by id; those that are not there are unknown.
using Replies = std::map<std::string, Reply, std::less<>>;

enum class Verdict {
  stay,       ///< reasons to stay hold, none to tighten
  tighten,    ///< reasons to tighten hold, none to stay
  conflict,   ///< both hold: shown, not decided
  no_reason,  ///< neither holds: staying is well
  unknown,    ///< nothing holds yet and something is unknown
  highest     ///< integrated: there is no next type
};
[[nodiscard]] std::string_view to_string(Verdict verdict) noexcept;

/// A condition with its reply. `information` is what its answer would tell of the verdict, in bits, if every
/// unknown reply were as likely yes as no; 0 where it is known.
struct Reason {
  Condition condition;
  Reply reply;
  double information;
};

/// Both sets of reasons, whatever the verdict. `next` is the type one step further and never more: two moves
/// at once are not advised. It equals `now` for integrated.
struct Advice {
  Relationship now, next;
  Verdict verdict;
  bool conflict;
  std::vector<Reason> stay, tighten;
  std::vector<std::string> ask_next;   ///< unknown conditions, those that would decide most first
  std::vector<std::string> elsewhere;  ///< replies to conditions of other types, which say nothing here
  Texts text;                          ///< the verdict in a sentence
  Texts frame;                         ///< what Marketing's role adds; empty when none was given
};

/// Reads the decision table. `marketing_role` is an id of `marketing_roles()` or empty. Throws
/// UnknownNameError for a condition or role that does not exist, with the nearest. O(2^unknown), at most 2^7.
[[nodiscard]] Advice advise(Relationship now, const Replies& replies, std::string_view marketing_role = {});

}  // namespace funnelgraph::inline v0::maturity

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/maturity/advice_inl.hpp>
#endif
