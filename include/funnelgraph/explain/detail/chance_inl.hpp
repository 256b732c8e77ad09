// Definitions of chance.hpp.
#pragma once

#include <algorithm>
#include <cmath>

#include <funnelgraph/analysis/detail/reference_rows.hpp>
#include <funnelgraph/analysis/detail/variant_chain.hpp>
#include <funnelgraph/chain/refresh.hpp>
#include <funnelgraph/explain/detail/chance.hpp>
#include <funnelgraph/explain/detail/difference_inl.hpp>
#include <funnelgraph/explain/detail/game_inl.hpp>

namespace funnelgraph::inline v0::detail {

/// The derivative by one input.
inline double derivative(const ChainGradient& gradient, InputRef ref) {
  const std::uint32_t k = ref.index;
  switch (ref.input) {
    case Input::lag_mean:
      return gradient.lag_mean[k];
    case Input::edge_cost:
      return gradient.edge_cost[k];
    case Input::edge_value:
      return gradient.edge_value[k];
    case Input::stage_cost:
      return gradient.stage_cost[k];
    case Input::stage_value:
      return gradient.stage_value[k];
    case Input::stage_commission:
      return gradient.stage_commission[k];
    case Input::outcome_value:
      return gradient.outcome_value[k];
    case Input::outcome_commission:
      return gradient.outcome_commission[k];
    case Input::entry_volume:
      return gradient.entry_volume[k];
    case Input::entry_cost:
      return gradient.entry_cost[k];
    case Input::lever_value:
      return gradient.lever_value[k];
    case Input::elasticity:
      return gradient.elasticity[k];
    case Input::fixed_cost:
      return gradient.fixed_cost[k];
    default:
      return 0;
  }
}

FUNNELGRAPH_INLINE Chance::Chance(const Difference& difference, const PlayerView& view, std::size_t parts)
    : difference_(difference), view_(view), parts_(parts), spreadless_(difference.atoms.size(), false) {
  for (const bool actual : {false, true}) {
    find_rows(actual);
    find_numbers(actual);
  }
  by_.assign(parts_ * width_, 0.0);
}

FUNNELGRAPH_INLINE void Chance::find_rows(bool actual) {
  const Compiled& side = actual ? difference_.actual : difference_.plan;
  const Funnel& funnel = actual ? difference_.actual_funnel : difference_.plan_funnel;
  const Chain& chain = side.chain;
  for (std::uint32_t i = 0; i < chain.stage_count; ++i) {
    Row row{.stage = i, .actual = actual, .player = shared, .at = width_, .uncertainty = {}};
    bool known = false;
    for (std::uint32_t e = chain.row_begin[i]; e < chain.row_begin[i + 1]; ++e) {
      row.uncertainty.push_back(uncertainty_of(funnel.transitions()[side.layout.transition_of_edge[e]]));
      known = known || row.uncertainty.back().n > 0 || !std::isnan(row.uncertainty.back().variance);
    }
    if (!known) continue;
    const std::uint32_t atom = atom_at(difference_, {Input::base_rate, chain.row_begin[i]});
    if (atom != no_atom) row.player = view_.player_of[atom];
    const bool taken = std::any_of(rows_.begin(), rows_.end(), [&](const Row& other) {
      return other.stage == i && other.player == shared;
    });
    if (row.player == shared && taken) continue;
    width_ += row.uncertainty.size();
    rows_.push_back(std::move(row));
  }
}

FUNNELGRAPH_INLINE void Chance::number(InputRef input, const Number& of, bool actual, double counted) {
  double variance = counted;
  if (const auto interval = of.source.interval(); std::isnan(variance) && interval)
    variance = interval_variance(*interval);
  if (std::isnan(variance) && of.source.kind() == SourceKind::measured) {
    if (const std::uint32_t atom = atom_at(difference_, input); atom != no_atom) spreadless_[atom] = true;
  }
  if (std::isnan(variance) || variance == 0) return;
  const std::uint32_t atom = atom_at(difference_, input);
  const std::size_t player = atom == no_atom ? shared : view_.player_of[atom];
  const bool taken = std::any_of(numbers_.begin(), numbers_.end(), [&](const Single& other) {
    return other.input == input && other.player == shared;
  });
  if (player == shared && taken) return;
  numbers_.push_back({input, actual, player, width_++, variance});
}

FUNNELGRAPH_INLINE void Chance::find_numbers(bool actual) {
  const Chain& chain = actual ? difference_.actual.chain : difference_.plan.chain;
  for_each_number(difference_, actual, [&](InputRef input, const Number& of, const std::string&) {
    if (input.input == Input::base_rate || input.input == Input::base_drop_off) return;  // rows
    const Source& source = of.source;
    const double n = source.kind() == SourceKind::measured ? source.n() : 0.0;
    double counted = unknown_number;
    // Entrants are a Poisson count of n, whatever the length of a period.
    if (input.input == Input::entry_volume && n > 0) counted = of.value * of.value / n;
    if (input.input == Input::lag_mean && n > 1) counted = chain.lag[input.index].variance() / n;
    number(input, of, actual, counted);
  });
}

FUNNELGRAPH_INLINE bool Chance::known(std::size_t player) const noexcept {
  return std::any_of(rows_.begin(), rows_.end(), [&](const Row& row) { return row.player == player; }) ||
         std::any_of(numbers_.begin(), numbers_.end(),
                     [&](const Single& number) { return number.player == player; });
}

FUNNELGRAPH_INLINE bool Chance::counts(const Coalition& in, std::size_t player, bool actual) noexcept {
  return player == shared || (in[player] != 0) == actual;
}

FUNNELGRAPH_INLINE void Chance::add(const Coalition& in, const ChainGradient& gradient,
                                    std::span<const double> weight) {
  const auto add_to = [&](std::size_t at, double value) {
    for (std::size_t r = 0; r < parts_; ++r) {
      if (weight[r] != 0) by_[r * width_ + at] += weight[r] * value;
    }
  };
  const Chain& chain = difference_.plan.chain;
  for (const Row& row : rows_) {
    if (!counts(in, row.player, row.actual)) continue;
    const double drop_off = gradient.base_drop_off[row.stage];
    for (std::size_t k = 0; k < row.uncertainty.size(); ++k)
      add_to(row.at + k, gradient.base_rate[chain.row_begin[row.stage] + k] - drop_off);
  }
  for (const Single& number : numbers_) {
    if (counts(in, number.player, number.actual)) add_to(number.at, derivative(gradient, number.input));
  }
}

/// Derivatives of parts by one input on one side or on both.
FUNNELGRAPH_INLINE std::vector<double> Chance::slope(const Parts& parts, InputRef input, bool plan,
                                                     bool actual) const {
  const Chain& of = actual ? difference_.actual.chain : difference_.plan.chain;
  const double here = input_value(of, input);
  // Truncation and rounding of a central difference are about 1e-10 of the part each.
  constexpr double relative_step = 1e-5;
  const double step = relative_step * (input.input == Input::elasticity ? 1 : std::abs(here));
  if (!(step > 0)) return {};
  const auto at = [&](double value) {
    Chain chains[] = {difference_.plan.chain, difference_.actual.chain};
    for (const bool side : {false, true}) {
      if (!(side ? actual : plan)) continue;
      Chain& chain = chains[side ? 1 : 0];
      if (input.input == Input::lag_mean)
        chain.lag[input.index] = lag_with_mean(chain.lag[input.index], value);
      else
        set_input(chain, input, value);
      refresh(chain);
    }
    return parts(chains[0], chains[1]);
  };
  std::vector<double> out = at(here + step);
  const std::vector<double> below = at(here - step);
  for (std::size_t r = 0; r < out.size(); ++r) out[r] = (out[r] - below[r]) / (2 * step);
  return out;
}

FUNNELGRAPH_INLINE void Chance::differentiate(const Parts& parts) {
  const auto set = [&](std::size_t at, const std::vector<double>& slopes, double sign) {
    for (std::size_t r = 0; r < slopes.size(); ++r) by_[r * width_ + at] += sign * slopes[r];
  };
  const Chain& chain = difference_.plan.chain;
  for (const Row& row : rows_) {
    const bool plan = row.player == shared || !row.actual, actual = row.player == shared || row.actual;
    const std::vector<double> drop_off = slope(parts, {Input::base_drop_off, row.stage}, plan, actual);
    for (std::uint32_t k = 0; k < row.uncertainty.size(); ++k) {
      set(row.at + k, slope(parts, {Input::base_rate, chain.row_begin[row.stage] + k}, plan, actual), 1);
      set(row.at + k, drop_off, -1);
    }
  }
  for (const Single& number : numbers_) {
    const bool plan = number.player == shared || !number.actual;
    const bool actual = number.player == shared || number.actual;
    set(number.at, slope(parts, number.input, plan, actual), 1);
  }
}

FUNNELGRAPH_INLINE std::vector<double> Chance::variances() const {
  std::vector<double> out(parts_, 0.0);
  for (std::size_t r = 0; r < parts_; ++r) {
    const std::span<const double> by(by_.data() + r * width_, width_);
    for (const Row& row : rows_) {
      const Chain& chain = row.actual ? difference_.actual.chain : difference_.plan.chain;
      const std::span<const double> rate(chain.base_rate.data() + chain.row_begin[row.stage],
                                         row.uncertainty.size());
      (void)row_variance(rate, by.subspan(row.at, row.uncertainty.size()), row.uncertainty, out[r]);
    }
    for (const Single& number : numbers_) {
      if (by[number.at] != 0) out[r] += by[number.at] * by[number.at] * number.variance;
    }
  }
  return out;
}

}  // namespace funnelgraph::inline v0::detail
