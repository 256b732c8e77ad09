// Quantiles by which intervals and tests are made. All special functions stand in this room, of one policy:
// they are compiled once.
#pragma once

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0::detail {

/// From which side a share is counted.
enum class Tail { lower, upper };

/// The score z with P(-z < Z < z) == `level` of a standard normal Z; 0 <= level < 1, else NaN or infinity.
[[nodiscard]] double central_score(double level);

/// The number that a share `probability` of Student's t does not exceed; `freedom` > 0, 0 < probability < 1,
/// else NaN or infinity.
[[nodiscard]] double student_quantile(double freedom, double probability);

/// The number below, or above, which lies a share `probability` of Fisher's F with `above` degrees of freedom
/// of the numerator and `below` of the denominator, both > 0; 0 < probability < 1, else NaN or infinity.
[[nodiscard]] double fisher_quantile(double above, double below, double probability, Tail tail);

/// The number below, or above, which lies a share `probability` of Beta(a, b); a, b > 0, 0 < probability < 1,
/// else NaN.
[[nodiscard]] double beta_quantile(double a, double b, double probability, Tail tail);

}  // namespace funnelgraph::inline v0::detail

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/core/quantiles_inl.hpp>
#endif
