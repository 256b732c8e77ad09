// What was promised against what came: the report that measures an agreement.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <funnelgraph/kpi/agreement.hpp>
#include <funnelgraph/kpi/hand_off_record.hpp>
#include <funnelgraph/kpi/service_levels.hpp>

namespace funnelgraph::inline v0 {

namespace fit {
class Statistics;
}

enum class PromiseStatus : std::uint8_t {
  kept,
  near,  ///< short by at most `near` of it
  missed,
  proposed,     ///< measured, but both sides have not agreed on the figure
  not_agreed,   ///< no figure was agreed
  not_measured  ///< nothing here measures it
};

/// Where the actual figures come from; any of them may be missing.
struct AgreementActuals {
  const Funnel* funnel = nullptr;               ///< flows per period
  const fit::Statistics* statistics = nullptr;  ///< counts, over `periods` periods; before the funnel
  const HandOffRecord* record = nullptr;
  const ServiceLevels* levels = nullptr;
  double periods = 1;  ///< how many the statistics and the record cover, > 0
  double near = 0.10;  ///< >= 0
};

struct PromiseRow {
  AgreedPromise promise;
  double actual = 0;         ///< NaN = not measured
  double low = 0, high = 0;  ///< 95 % interval of a share that was counted; else NaN
  double n = 0;              ///< behind a share; else NaN
  double gap = 0;            ///< (actual - promised) / promised; NaN without both
  PromiseStatus status = PromiseStatus::not_measured;
  std::string measured_by;  ///< "statistics", "hand-off record", "service levels", "funnel's lags", "funnel"
};

[[nodiscard]] std::string to_string(PromiseKind kind);
[[nodiscard]] std::string to_string(PromiseStatus status);

/// One row a promise, in the agreement's order. Quality is the share of hand-offs with feedback on record
/// that were not rejected against the definition. Answers come from the service levels of the same ends and
/// limit, else, for hand-offs, from the record where its limit is the same, else from the funnel's lag. A
/// stage or outcome that the actual side lacks is not measured. Throws InvalidValueError (periods, near).
[[nodiscard]] std::vector<PromiseRow> measure(const Agreement& agreement, const AgreementActuals& actuals);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/kpi/agreement_report_inl.hpp>
#endif
