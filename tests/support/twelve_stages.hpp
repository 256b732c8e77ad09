// The funnel of the benchmarks: 12 stages, 27 rates, skips, early wins and one way back.
#pragma once

#include <array>
#include <cstddef>
#include <funnelgraph/model/funnel.hpp>
#include <string>
#include <utility>

namespace test {

struct TwelveStagesRate {
  int from;
  int to;  ///< a stage, 12 = won, 13 = lost
  double rate;
};

/// In the order of the stages. Stage 7 sends some back to stage 4: stages 4 to 7 are the cycle.
inline constexpr std::array<TwelveStagesRate, 27> twelve_stages_rates{{
    {0, 1, 0.62},  {0, 2, 0.08},  {1, 2, 0.55},   {1, 13, 0.12},  {2, 3, 0.48},  {2, 4, 0.11},  {3, 4, 0.57},
    {3, 13, 0.15}, {4, 5, 0.52},  {4, 6, 0.13},   {5, 6, 0.61},   {5, 13, 0.09}, {6, 7, 0.58},  {6, 8, 0.1},
    {7, 4, 0.14},  {7, 8, 0.49},  {7, 13, 0.11},  {8, 9, 0.54},   {8, 10, 0.12}, {8, 12, 0.05}, {9, 10, 0.63},
    {9, 12, 0.06}, {9, 13, 0.07}, {10, 11, 0.66}, {10, 13, 0.08}, {11, 12, 0.7}, {11, 13, 0.1},
}};

[[nodiscard]] inline std::string twelve_stages_name(int place) {
  if (place == 12) return "won";
  if (place == 13) return "lost";
  return "stage " + std::to_string(place);
}

[[nodiscard]] inline funnelgraph::Funnel twelve_stages() {
  funnelgraph::Funnel funnel({.name = "twelve stages", .currency = "VND"});
  funnel.add_owner({.name = "Marketing"});
  funnel.add_owner({.name = "Sales"});
  for (int i = 0; i < 12; ++i)
    funnel.add_stage({.name = twelve_stages_name(i), .owner = i < 5 ? "Marketing" : "Sales"});
  funnel.add_outcome({.name = "won", .kind = funnelgraph::OutcomeKind::won, .value = 250});
  funnel.add_outcome({.name = "lost"});
  for (const TwelveStagesRate& rate : twelve_stages_rates) {
    funnel.add_transition({.from = twelve_stages_name(rate.from),
                           .to = twelve_stages_name(rate.to),
                           .rate = rate.rate,
                           .lag = 1});
  }
  funnel.add_entry({.stage = "stage 0", .volume = 1000});
  return funnel;
}

}  // namespace test
