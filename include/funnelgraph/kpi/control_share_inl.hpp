#pragma once

#include <algorithm>
#include <cmath>
#include <map>

#include <funnelgraph/analysis/sensitivity.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/kpi/control_share.hpp>
#include <funnelgraph/kpi/detail/weights.hpp>
#include <funnelgraph/model/funnel.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

FUNNELGRAPH_INLINE std::vector<WeightedNumber> weighted_numbers(const Funnel& funnel, const Metric& metric,
                                                                const AnalysisOptions& options) {
  std::vector<WeightedNumber> numbers;
  for (const Gradient& one : gradients(funnel, metric, options)) {
    if (one.parameter.without_channel()) continue;  // a group: its leaves are there
    numbers.push_back({one.parameter, one.gradient * one.value});
  }
  return numbers;
}

FUNNELGRAPH_INLINE std::vector<ControlShare> shares_of_control(const Funnel& funnel,
                                                               std::span<const WeightedNumber> numbers) {
  const std::string nobody = "unowned";
  std::map<std::string, double> weights;
  const std::map<std::string, std::size_t> unknown;
  for (const Owner& owner : funnel.owners()) weights[owner.name] = 0;
  double total = 0;
  std::size_t unknown_in_all = 0;
  for (const WeightedNumber& number : numbers) {
    if (std::isnan(number.weight)) {
      ++unknown_in_all;
      continue;
    }
    const double weight = std::abs(number.weight);
    total += weight;
    const Ownership ownership = funnel.ownership(number.parameter);
    if (ownership.empty()) weights[nobody] += weight;
    for (const OwnerShare& part : ownership.shares()) weights[part.owner] += weight * part.share;
  }
  std::vector<ControlShare> shares;
  for (const auto& [owner, weight] : weights) {
    ControlShare one{.owner = owner, .weight = weight, .total = total, .unknown = unknown_in_all};
    one.share = total > 0 ? weight / total : unknown_number;
    shares.push_back(std::move(one));
  }
  std::ranges::stable_sort(shares, std::ranges::greater{}, &ControlShare::weight);
  return shares;
}

}  // namespace detail

FUNNELGRAPH_INLINE std::string ControlShare::warning(std::string_view language) const {
  if (enough() || std::isnan(share)) return {};
  const std::string percent = std::to_string(static_cast<int>(std::floor(100 * share)));
  if (language == "vi") {
    return detail::shown(owner) + " chỉ nắm " + percent +
           " % những gì quyết định con số này, chưa đến một nửa: ai chịu trách nhiệm về một con số thì cần "
           "điều khiển được nó.";
  }
  return detail::shown(owner) + " holds " + percent +
         " % of what decides this number, less than half: who answers for a number should control it.";
}

FUNNELGRAPH_INLINE std::vector<ControlShare> control_shares(const Funnel& funnel, const Metric& metric,
                                                            const AnalysisOptions& options) {
  return detail::shares_of_control(funnel, detail::weighted_numbers(funnel, metric, options));
}

FUNNELGRAPH_INLINE ControlShare control_share(const Funnel& funnel, const Metric& metric,
                                              std::string_view owner, const AnalysisOptions& options) {
  const std::string name = funnel.owner(owner).name;
  for (ControlShare& one : control_shares(funnel, metric, options)) {
    if (one.owner == name) return std::move(one);
  }
  return {.owner = name, .share = unknown_number};
}

}  // namespace funnelgraph::inline v0
