// Why journeys were lost, whose reason that is, and who wrote it down.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <funnelgraph/fit/columns.hpp>

namespace funnelgraph::inline v0 {

/// Columns are "" where there are none.
struct LossReasonOptions {
  std::string reason{"reason"};
  std::string lost_at{};      ///< date of loss: says that a row without a reason was lost too
  std::string recorded_by{};  ///< who wrote the reason down: a side or a team, never a person
  std::map<std::string, std::string> owners{};     ///< reason -> Company, Outside, Sales, ...
  std::map<std::string, std::string> recorders{};  ///< what is in `recorded_by` -> its side
};

/// One row an owner, reason and recorder, the most frequent first within an owner.
struct LossReason {
  std::string owner;        ///< "not assigned" where the reason has none, or none was given
  std::string reason;       ///< "" where none was given
  std::string recorded_by;  ///< "" where it is not said
  std::uint64_t count = 0;
  double share = 0;  ///< of all losses
};

/// One row an owner.
struct LossOwner {
  std::string owner;
  std::uint64_t count = 0;
  double share = 0, low = 0, high = 0;  ///< of all losses, with its 95 % interval (Jeffreys)
  std::uint64_t by_itself = 0;          ///< written down by the owner
  std::uint64_t by_others = 0;          ///< written down by another side
  std::uint64_t by_unknown = 0;         ///< it is not said by whom
};

struct LossReasons {
  std::uint64_t losses = 0;
  std::vector<LossReason> reasons;
  std::vector<LossOwner> owners;  ///< the most frequent first, "not assigned" last
  /// Share of the reasons with an owner and a recorder in which the one is not the other: high values say
  /// that one side writes the other's faults down. NaN where there are none.
  double recorded_by_others = 0;
};

/// A row with a reason (or with `lost_at`) is a loss. Throws UnknownNameError (a column; a reason in `owners`
/// that never occurs beside a near one), InvalidValueError (a bad name of an owner), DataError (no rows, no
/// losses). O(rows).
[[nodiscard]] LossReasons loss_reasons(const fit::Columns& table, const LossReasonOptions& options = {});

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/kpi/loss_reasons_inl.hpp>
#endif
