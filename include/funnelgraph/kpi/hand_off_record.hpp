// Who let which hand-off down, by a rule that both sides can check row by row.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <funnelgraph/fit/notes.hpp>
#include <funnelgraph/kpi/hand_off_options.hpp>
#include <funnelgraph/kpi/hand_off_verdict.hpp>
#include <funnelgraph/model/number.hpp>

namespace funnelgraph::inline v0 {

/// Who bears what lies between.
enum class HandOffPolicy : std::uint8_t {
  nobody,        ///< it stays between: the rule
  giver,         ///< all of it the giver
  receiver,      ///< all of it the receiver
  halves,        ///< half and half
  in_proportion  ///< as the decided ones of the pair lie; halves where none is decided
};
inline constexpr std::size_t hand_off_policies = 5;

[[nodiscard]] std::string to_string(HandOffPolicy policy);

/// Counts of hand-offs. delivered = young + judged; judged = in_order + receiver + giver + between.
struct HandOffCounts {
  std::uint64_t delivered = 0;
  std::uint64_t young = 0;
  std::uint64_t in_order = 0;
  std::uint64_t receiver = 0;
  std::uint64_t giver = 0;
  std::uint64_t between = 0;
  std::array<std::uint64_t, between_causes> causes{};  ///< of `between`, by BetweenCause
  // Of the judged ones, whatever the verdict:
  std::uint64_t accepted = 0;  ///< acceptance is recorded
  std::uint64_t rejected = 0;  ///< a rejection is recorded
  std::uint64_t feedback = 0;  ///< either is
  std::uint64_t touched = 0;
  std::uint64_t touched_in_time = 0;
  std::uint64_t repeated = 0;  ///< delivered again: not the first delivery of its journey
  double touch_mean = 0;       ///< days to the first touch of those touched; NaN without any
  double touch_median = 0;     ///< days; NaN without any

  [[nodiscard]] std::uint64_t judged() const noexcept { return in_order + receiver + giver + between; }
  /// Share of the judged ones that were not touched within the service level, with its 95 % interval
  /// (Jeffreys); NaN where none is judged.
  [[nodiscard]] double breach() const noexcept;
  [[nodiscard]] Interval breach_interval() const;
  /// Share of the judged ones that were accepted or rejected on record; NaN where none is judged.
  [[nodiscard]] double feedback_share() const noexcept;
  /// Share of the judged ones that had been delivered before; NaN where none is judged.
  [[nodiscard]] double repeated_share() const noexcept;
};

/// One row a giver and a receiver.
struct HandOffPair {
  std::string giver, receiver;
  HandOffCounts counts;
};

/// What an owner bears under a policy: its own part as giver and as receiver, and what lies between as the
/// policy says. Owners are sides or teams, never persons.
struct HandOffBurden {
  HandOffPolicy policy = HandOffPolicy::nobody;
  std::string owner;
  double borne = 0;          ///< hand-offs
  std::uint64_t part = 0;    ///< judged hand-offs that it gave or received
  double share = 0;          ///< borne / part; NaN where it took no part
  double low = 0, high = 0;  ///< 95 % interval of the share (Jeffreys)
  std::size_t rank = 0;      ///< 1 = the largest share; equal shares share a rank
};

/// Rejections by reason.
struct HandOffReason {
  std::string reason;  ///< "" where none was given
  bool against_definition = false;
  std::uint64_t count = 0;    ///< judged hand-offs
  std::uint64_t in_time = 0;  ///< rejected within the time to reject
};

struct HandOffRecord {
  double within = 1, reject_within = 1;  ///< days
  fit::Tick until = fit::no_tick;        ///< as-of time
  bool records_feedback = true;          ///< whether acceptance or rejection had a place in the table at all
  HandOffCounts total;
  std::vector<HandOffPair> pairs;      ///< by giver, then receiver
  std::vector<HandOffBurden> burdens;  ///< by policy, then owner
  /// Whether some two owners stand in another order under another policy (a tie that is broken counts).
  bool ranking_changes = false;
  std::vector<HandOffReason> reasons;  ///< the most frequent first
  std::vector<fit::Note> notes;        ///< what was irregular: counts and row numbers, never values
};

/// Reads the record and applies the rule. Times are compared as they are, limits inclusive. A hand-off whose
/// time (the longer of both limits) is not over by `until` is young. Throws UnknownNameError (a column, an
/// event with a near name), InvalidValueError (limits that are not above 0, a log without `journey`, a bad
/// name, the same owner on both sides), DataError (no rows, nothing delivered, a missing id, a word that is
/// neither yes nor no). O(rows log rows).
[[nodiscard]] HandOffRecord hand_off_record(const fit::Columns& table, const HandOffOptions& options = {});

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/kpi/hand_off_record_inl.hpp>
#endif
