#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/philox.hpp>
#include <funnelgraph/core/quantiles.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/kpi/advice_quality.hpp>

namespace funnelgraph::inline v0 {

FUNNELGRAPH_INLINE AdviceQuality advice_quality(std::span<const double> scores, std::size_t stock,
                                                double lowest, double highest) {
  if (scores.empty()) throw InvalidValueError("advice_quality(scores=)", "no scores", "at least one");
  if (!(lowest < highest) || std::isinf(lowest) || std::isinf(highest)) {
    throw InvalidValueError("advice_quality(lowest=, highest=)",
                            detail::shown(lowest) + ", " + detail::shown(highest), "two finite bounds");
  }
  if (stock > 0 && stock < scores.size()) {
    throw InvalidValueError("advice_quality(stock=)", std::to_string(stock),
                            "at least the " + std::to_string(scores.size()) + " that were scored");
  }
  double sum = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (!(scores[i] >= lowest && scores[i] <= highest)) {
      throw InvalidValueError("score " + std::to_string(i + 1), detail::shown(scores[i]),
                              "[" + detail::shown(lowest) + ", " + detail::shown(highest) + "]");
    }
    sum += scores[i];
  }
  const auto n = static_cast<double>(scores.size());
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  AdviceQuality out{.mean = sum / n, .low = unknown, .high = unknown, .scored = scores.size()};
  if (scores.size() < least_consultations) return out;
  double squares = 0;
  for (const double score : scores) squares += (score - out.mean) * (score - out.mean);
  const double left = stock == 0 ? 1 : 1 - n / static_cast<double>(stock);
  const double error = std::sqrt(squares / (n - 1) / n * left);
  const double t = detail::student_quantile(n - 1, 0.975);
  out.low = std::max(lowest, out.mean - t * error);
  out.high = std::min(highest, out.mean + t * error);
  return out;
}

FUNNELGRAPH_INLINE std::vector<std::size_t> sample_recordings(std::size_t stock, std::size_t wanted,
                                                              std::uint64_t seed) {
  if (wanted > stock) {
    throw InvalidValueError("sample_recordings(wanted=)", std::to_string(wanted),
                            "at most the " + std::to_string(stock) + " that are there");
  }
  // Selection sampling (Knuth, algorithm S): each position with the chance that fills the sample exactly.
  RandomStream random(seed, 0, "sample_recordings");
  std::vector<std::size_t> chosen;
  chosen.reserve(wanted);
  for (std::size_t i = 0; i < stock && chosen.size() < wanted; ++i) {
    const auto open = static_cast<double>(wanted - chosen.size());
    if (random.uniform() * static_cast<double>(stock - i) < open) chosen.push_back(i);
  }
  return chosen;
}

}  // namespace funnelgraph::inline v0
