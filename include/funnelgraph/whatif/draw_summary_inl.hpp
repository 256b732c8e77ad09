#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/whatif/draw_summary.hpp>

namespace funnelgraph::inline v0 {
namespace detail {

/// Puts the order statistics of the ascending `ranks` in their places, those between them wherever.
inline void select_ranks(std::span<double> values, std::size_t offset, std::span<const std::size_t> ranks) {
  if (ranks.empty() || values.size() < 2) return;
  const std::size_t middle = ranks.size() / 2;
  const std::size_t at = ranks[middle] - offset;
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
  select_ranks(values.first(at), offset, ranks.first(middle));
  select_ranks(values.subspan(at + 1), ranks[middle] + 1, ranks.subspan(middle + 1));
}

}  // namespace detail

FUNNELGRAPH_INLINE DrawSummary summary_of(std::span<const double> draws,
                                          std::span<const double> probabilities) {
  for (const double probability : probabilities) {
    if (!(probability > 0 && probability < 1)) {
      throw InvalidValueError("probability of a quantile", detail::shown(probability), "(0, 1)");
    }
  }
  std::vector<double> known;
  known.reserve(draws.size());
  double sum = 0;
  for (const double draw : draws) {
    if (std::isnan(draw)) continue;
    known.push_back(draw);
    sum += draw;
  }
  DrawSummary summary;
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const std::size_t n = known.size();
  summary.count = n;
  const auto size = static_cast<double>(n);
  // The plain sum only centres; the second pass corrects it.
  const double centre = n > 0 ? sum / size : nan;
  double rest = 0;
  double squares = 0;
  for (const double draw : known) {
    rest += draw - centre;
    squares += (draw - centre) * (draw - centre);
  }
  summary.mean = centre + rest / size;
  summary.sd = n > 1 ? std::sqrt(std::max(0.0, squares - rest * rest / size) / (size - 1)) : nan;
  summary.standard_error = summary.sd / std::sqrt(size);

  if (n == 0) {
    for (const double probability : probabilities) summary.quantiles.push_back({probability, nan, nan});
    return summary;
  }
  const auto place = [&](double probability) { return std::clamp(probability, 0.0, 1.0) * (size - 1); };
  const auto spread = [&](double p) { return std::sqrt(p * (1 - p) / size); };
  std::vector<std::size_t> ranks;
  for (const double p : probabilities) {
    for (const double at : {p - spread(p), p, p + spread(p)}) {
      const auto below = static_cast<std::size_t>(place(at));
      ranks.push_back(below);
      ranks.push_back(std::min(below + 1, n - 1));
    }
  }
  std::sort(ranks.begin(), ranks.end());
  ranks.erase(std::unique(ranks.begin(), ranks.end()), ranks.end());
  detail::select_ranks(known, 0, ranks);
  const auto quantile = [&](double probability) {
    const double at = place(probability);
    const auto below = static_cast<std::size_t>(at);
    const double part = at - static_cast<double>(below);
    const double low = known[below];
    return part > 0 ? low + part * (known[std::min(below + 1, n - 1)] - low) : low;
  };
  for (const double p : probabilities) {
    summary.quantiles.push_back({p, quantile(p), (quantile(p + spread(p)) - quantile(p - spread(p))) / 2});
  }
  return summary;
}

FUNNELGRAPH_INLINE ShareEstimate share_of(std::size_t hits, std::size_t count) noexcept {
  if (count == 0) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    return {nan, nan};
  }
  const double n = static_cast<double>(count) + 4;
  const double middle = (static_cast<double>(hits) + 2) / n;
  return {static_cast<double>(hits) / static_cast<double>(count), std::sqrt(middle * (1 - middle) / n)};
}

}  // namespace funnelgraph::inline v0
