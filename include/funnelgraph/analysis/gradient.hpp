// What a result owes to every input of a chain.
#pragma once

#include <cstdint>
#include <vector>

#include <funnelgraph/analysis/figure.hpp>

namespace funnelgraph::inline v0 {

/// Derivatives of a figure by the inputs of a chain, laid out as these. A base rate or base drop-off is
/// moved as a weight, its row then divided by its sum: differences of two of them are the directions in
/// which one gains what the other loses. A lag's mean moves at the same coefficient of variation. NaN
/// where a derivative needs an unknown number.
struct ChainGradient {
  std::vector<double> base_rate, base_drop_off;
  std::vector<double> lag_mean, lag_sd, edge_cost, edge_value;
  std::vector<double> stage_cost, stage_value, stage_commission, capacity;
  std::vector<double> outcome_value, outcome_commission;
  std::vector<double> entry_volume, entry_cost;
  std::vector<double> lever_value, elasticity;
  std::vector<double> fixed_cost;
  double discount_rate = 0;
};

/// Adjoint method: two solves per linear part of the figure (four for a time), then O(edges), whatever
/// the number of inputs. Where full stages shed, by central differences over every input instead
/// (relative error about 1e-8; O(inputs * solve)): the figure then has kinks. Throws InvalidValueError for
/// a lifetime value with a horizon.
[[nodiscard]] ChainGradient gradient(const Chain& chain, const Elimination& plan, const Solution& solution,
                                     const Figure& figure);

/// Derivative by a base rate that takes from the leak: drop-off, lost and silent exits in proportion to
/// their base masses, the rate itself never among them; from the drop-off where the leak is empty.
[[nodiscard]] double by_rate_from_leak(const Chain& chain, const ChainGradient& gradient, std::uint32_t edge);
/// The same taking from every other exit of the row.
[[nodiscard]] double by_rate_from_siblings(const Chain& chain, const ChainGradient& gradient,
                                           std::uint32_t edge);
/// Derivative by a base drop-off that takes from the rates of its row in proportion.
[[nodiscard]] double by_drop_off(const Chain& chain, const ChainGradient& gradient, std::uint32_t stage);

namespace detail {
/// The stage that edge `edge` leaves. O(log stages).
[[nodiscard]] std::uint32_t source_of(const Chain& chain, std::uint32_t edge) noexcept;
}  // namespace detail

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/analysis/gradient_inl.hpp>
#endif
