// One hand-off as it was recorded, and the rule that judges it. Internal.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <funnelgraph/fit/notes.hpp>
#include <funnelgraph/kpi/hand_off_options.hpp>
#include <funnelgraph/kpi/hand_off_verdict.hpp>

namespace funnelgraph::inline v0::detail {

struct HandOffCase {
  std::uint32_t giver = 0, receiver = 0;  ///< positions of owners
  fit::Tick delivered = fit::no_tick, accepted = fit::no_tick, rejected = fit::no_tick,
            touched = fit::no_tick;
  bool says_rejected = false;   ///< by a date, an event or a reason
  std::uint32_t reason = 0;     ///< position among the reasons, 0 = none
  std::optional<bool> meets{};  ///< as somebody checked
  bool repeated = false;        ///< not the first delivery of its journey
};

struct HandOffCases {
  std::vector<HandOffCase> cases;
  std::vector<std::string> owners;
  std::vector<std::string> reasons;      ///< the first is ""
  std::vector<bool> against_definition;  ///< by reason
  fit::Tick within = 0, reject_within = 0, until = fit::no_tick;
  fit::Notes notes;
};

struct HandOffFinding {
  HandOffVerdict verdict = HandOffVerdict::between;
  BetweenCause cause = BetweenCause::not_recorded;  ///< where it lies between
};

/// The rule. O(1).
[[nodiscard]] HandOffFinding judge(const HandOffCase& one, const HandOffCases& all);

/// Reads and checks everything. Throws as `hand_off_record`.
[[nodiscard]] HandOffCases read_hand_offs(const fit::Columns& table, const HandOffOptions& options);

}  // namespace funnelgraph::inline v0::detail

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/kpi/detail/hand_off_case_inl.hpp>
#endif
