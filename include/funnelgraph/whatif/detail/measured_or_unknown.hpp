// A search steps over what cannot be.
#pragma once

#include <vector>

#include <funnelgraph/analysis/results.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/whatif/scenario_metrics.hpp>

namespace funnelgraph::inline v0::detail {

/// The metrics under a scenario; NaN where the scenario leaves no funnel that can be solved.
[[nodiscard]] inline Measured measured_or_unknown(ScenarioMetrics& under, const Scenario& scenario) {
  try {
    return under.measure(scenario);
  } catch (const ImpossibleChangeError&) {
  } catch (const InvalidFunnelError&) {
  } catch (const UnsolvableError&) {
  }
  return {std::vector<double>(under.metrics().size(), unknown_number)};
}

}  // namespace funnelgraph::inline v0::detail
