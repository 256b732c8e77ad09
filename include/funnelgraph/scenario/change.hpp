// One change of a funnel, as data.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <funnelgraph/model/number.hpp>
#include <funnelgraph/model/ownership.hpp>
#include <funnelgraph/model/parameter.hpp>
#include <funnelgraph/scenario/change_kind.hpp>
#include <funnelgraph/scenario/part.hpp>
#include <funnelgraph/scenario/take_from.hpp>

namespace funnelgraph::inline v0 {

/// A number set, multiplied, added to, or its odds multiplied. A group's leaves move in proportion.
struct NumberChange {
  ChangeKind kind = ChangeKind::set;
  Parameter parameter;
  Number value;          ///< the new number, the factor, what is added, the factor of the odds
  TakeFrom take_from{};  ///< of a rate or a drop-off
  bool clip = false;     ///< at a bound, take what is possible and say so in a note
  bool operator==(const NumberChange&) const = default;
};

/// A new part. A transition from a stage that was there before takes its rate as a set rate does; from
/// a stage that the scenario itself adds it is as given.
struct AddPart {
  Part part;
  TakeFrom take_from{};  ///< of a transition
  bool operator==(const AddPart&) const = default;
};

/// A part goes, with what hangs on it, as the funnel's own remove functions do it.
struct RemovePart {
  PartKind kind = PartKind::stage;
  std::vector<std::string> names;
  bool operator==(const RemovePart&) const = default;
};

/// The parts of that kind and name become exactly these, one as a rule, none where they go; nothing
/// else is touched. This is how a difference of two funnels says what no change of numbers can.
struct ReplacePart {
  PartKind kind = PartKind::stage;
  std::vector<std::string> names;
  std::vector<Part> parts;
  bool operator==(const ReplacePart&) const = default;
};

/// Another owner of a stage or an outcome.
struct SetOwner {
  std::string name;
  Ownership owner{};
  bool operator==(const SetOwner&) const = default;
};

/// What is said of the funnel as a whole.
struct ReplaceInfo {
  FunnelInfo info;
  bool operator==(const ReplaceInfo&) const = default;
};

struct Change {
  std::variant<NumberChange, AddPart, RemovePart, ReplacePart, SetOwner, ReplaceInfo> what;
  std::optional<double> start{};  ///< first day in force; none = from the beginning
  std::optional<double> end{};    ///< first day no more in force; none = for ever
  std::string scenario{};         ///< the scenario that it was written in
  bool operator==(const Change&) const = default;

  /// Whether it is in force on a day.
  [[nodiscard]] bool on(double day) const noexcept {
    return (!start || day >= *start) && (!end || day < *end);
  }
  /// Whether there is a day on which both are in force.
  [[nodiscard]] bool overlaps(const Change& other) const noexcept {
    return !(end && other.start && *end <= *other.start) && !(other.end && start && *other.end <= *start);
  }
};

/// "scale rate(enquiry, order) by 1.2, taken from siblings", "remove stage order".
[[nodiscard]] std::string to_string(const Change& change);
/// "set", as it is written in code.
[[nodiscard]] std::string to_string(ChangeKind kind);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/scenario/change_inl.hpp>
#endif
