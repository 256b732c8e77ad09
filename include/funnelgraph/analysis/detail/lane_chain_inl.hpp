// Definitions of lane_chain.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

#include <funnelgraph/analysis/detail/lane_chain.hpp>
#include <funnelgraph/analysis/detail/variant_chain.hpp>
#include <funnelgraph/analysis/results.hpp>
#include <funnelgraph/core/lag_distribution.hpp>
#include <funnelgraph/core/units.hpp>

namespace funnelgraph::inline v0::detail {

FUNNELGRAPH_INLINE InputRange input_range(Input input) noexcept {
  constexpr double most = std::numeric_limits<double>::max();
  switch (input) {
    case Input::base_rate:
    case Input::base_drop_off:
      return {0, std::numeric_limits<double>::infinity()};
    case Input::edge_value:
    case Input::stage_value:
    case Input::outcome_value:
    case Input::elasticity:
      return {-most, most};
    case Input::stage_commission:
    case Input::outcome_commission:
    case Input::derived_discount:
    case Input::derived_discount_loss:
      return {0, 1};
    case Input::lever_value:
      return {std::numeric_limits<double>::denorm_min(), most};
    default:
      return {0, most};
  }
}

FUNNELGRAPH_INLINE bool needs_money(const Figure& figure) {
  switch (figure.kind) {
    case FigureKind::revenue:
    case FigureKind::cost:
    case FigureKind::profit:
    case FigureKind::cost_per:
    case FigureKind::lifetime_value:
      return true;
    default:
      return std::any_of(figure.parts.begin(), figure.parts.end(), needs_money);
  }
}

FUNNELGRAPH_INLINE bool tells_figure(const Figure& figure) {
  if (figure.horizon) return false;
  if (std::any_of(figure.weights.begin(), figure.weights.end(), [](double weight) { return weight == 0; }))
    return false;  // 0 times what is unknown is unknown, and a tape leaves it out
  return std::all_of(figure.parts.begin(), figure.parts.end(), tells_figure);
}

FUNNELGRAPH_INLINE bool LaneChain::tells(const Chain& base, std::span<const InputRef> varied,
                                         std::span<const Figure> figures, CapacityRule rule) {
  if (!std::all_of(figures.begin(), figures.end(), tells_figure)) return false;
  bool limited = std::any_of(base.capacity.begin(), base.capacity.end(),
                             [](double capacity) { return !std::isnan(capacity); });
  bool discounts = base.discount_rate != 0;
  std::vector<std::uint8_t> known(base.edge_count());
  for (std::uint32_t e = 0; e < base.edge_count(); ++e) known[e] = base.lag[e].known() ? 1 : 0;
  std::vector<std::uint8_t> valued(base.outcome_count);
  for (std::uint32_t o = 0; o < base.outcome_count; ++o)
    valued[o] = std::isnan(base.outcome_value[o]) ? 0 : 1;
  for (const InputRef ref : varied) {
    const std::uint32_t k = ref.index;
    switch (ref.input) {
      case Input::capacity:
        limited = true;
        break;
      case Input::discount_rate:
        discounts = true;
        break;
      case Input::lag_mean:
      case Input::derived_discount:
        known[k] = 1;
        break;
      case Input::outcome_value:
        valued[k] = 1;
        break;
      case Input::lag_sd: {
        const LagFamily family = base.lag[k].family;
        const bool free =
            family == LagFamily::gamma || family == LagFamily::lognormal || family == LagFamily::weibull;
        if (!free || !(base.lag[k].mean > 0)) return false;
        break;
      }
      default:
        break;
    }
  }
  if (rule == CapacityRule::cap && limited) return false;
  const auto some_unknown = [](const std::vector<std::uint8_t>& flags) {
    return std::find(flags.begin(), flags.end(), std::uint8_t{0}) != flags.end();
  };
  const bool hides_money = some_unknown(valued) || (discounts && some_unknown(known));
  return !(hides_money && std::any_of(figures.begin(), figures.end(), needs_money));
}

FUNNELGRAPH_INLINE LaneChain::LaneChain(TapeBuilder& tape, const Chain& base, const Elimination& elimination,
                                        std::span<const InputRef> varied, const LaneInputs& inputs)
    : tape_(tape), chain_(base), elimination_(elimination) {
  source_.resize(base.edge_count());
  for (std::uint32_t i = 0; i < base.stage_count; ++i)
    for (std::uint32_t e = base.row_begin[i]; e < base.row_begin[i + 1]; ++e) source_[e] = i;
  read(varied, inputs);
  bend(varied, inputs);
  discounts_ = !discount_rate_.is(0);
  passing_.resize(base.edge_count());
  counts_.resize(base.outcome_count + 1);
  visits_.resize(base.stage_count);
}

FUNNELGRAPH_INLINE void LaneChain::read(std::span<const InputRef> varied, const LaneInputs& inputs) {
  const auto shared = [](const std::vector<double>& numbers) {
    return Values(numbers.begin(), numbers.end());
  };
  weight_ = shared(chain_.base_rate);
  drop_off_ = shared(chain_.base_drop_off);
  edge_cost_ = shared(chain_.edge_cost);
  edge_value_ = shared(chain_.edge_value);
  stage_cost_ = shared(chain_.stage_cost);
  stage_value_ = shared(chain_.stage_value);
  stage_commission_ = shared(chain_.stage_commission);
  capacity_ = shared(chain_.capacity);
  outcome_value_ = shared(chain_.outcome_value);
  outcome_commission_ = shared(chain_.outcome_commission);
  for (const ChainEntry& entry : chain_.entries) {
    entry_volume_.emplace_back(entry.volume);
    entry_cost_.emplace_back(entry.cost);
  }
  lever_ = shared(chain_.lever_value);
  for (const ChainInfluence& influence : chain_.influences) elasticity_.emplace_back(influence.elasticity);
  fixed_ = shared(chain_.fixed_cost);
  discount_rate_ = chain_.discount_rate;
  lag_.resize(chain_.edge_count());
  for (std::size_t v = 0; v < varied.size(); ++v) {
    const std::uint32_t k = varied[v].index;
    const TapeValue value = inputs.values[v];
    switch (varied[v].input) {
      case Input::base_rate:
        weight_[k] = value;
        break;
      case Input::base_drop_off:
        drop_off_[k] = value;
        break;
      case Input::lag_mean:
        lag_[k].mean = value;
        break;
      case Input::lag_sd:
        lag_[k].sd = value;
        break;
      case Input::edge_cost:
        edge_cost_[k] = value;
        break;
      case Input::edge_value:
        edge_value_[k] = value;
        break;
      case Input::service_level:
      case Input::derived_lag_variance:
        break;  // no figure reads them
      case Input::stage_cost:
        stage_cost_[k] = value;
        break;
      case Input::stage_value:
        stage_value_[k] = value;
        break;
      case Input::stage_commission:
        stage_commission_[k] = value;
        break;
      case Input::capacity:
        capacity_[k] = value;
        break;
      case Input::outcome_value:
        outcome_value_[k] = value;
        break;
      case Input::outcome_commission:
        outcome_commission_[k] = value;
        break;
      case Input::entry_volume:
        entry_volume_[k] = value;
        break;
      case Input::entry_cost:
        entry_cost_[k] = value;
        break;
      case Input::lever_value:
        lever_[k] = value;
        break;
      case Input::elasticity:
        elasticity_[k] = value;
        break;
      case Input::fixed_cost:
        fixed_[k] = value;
        break;
      case Input::discount_rate:
        discount_rate_ = value;
        break;
      case Input::derived_lag_mean:
        lag_[k].derived_mean = value;
        break;
      case Input::derived_discount:
        lag_[k].discount = value;
        break;
      case Input::derived_discount_loss:
        lag_[k].loss = value;
        break;
    }
  }
  for (const Lag& lag : lag_) {
    // A lag of no length has no deviation.
    if (lag.mean && lag.sd) tape_.check(*lag.mean, std::numeric_limits<double>::denorm_min());
  }
}

/// Rows that vary become weights with their sum beside them; the others are as `refresh` left them.
FUNNELGRAPH_INLINE void LaneChain::bend(std::span<const InputRef> varied, const LaneInputs& inputs) {
  std::vector<std::uint8_t> varies(chain_.stage_count, 0);
  std::vector<std::uint8_t> bent(chain_.stage_count, 0);
  for (const InputRef ref : varied) {
    if (ref.input == Input::base_rate) varies[source(ref.index)] = 1;
    if (ref.input == Input::base_drop_off) varies[ref.index] = 1;
  }
  for (std::size_t k = 0; k < chain_.influences.size(); ++k) {
    const ChainInfluence& influence = chain_.influences[k];
    const double reference = chain_.lever_reference[influence.lever];
    const TapeValue lever = lever_[influence.lever];
    const std::uint32_t stage = source(influence.edge);
    if (!lever.is_shared() || !elasticity_[k].is_shared()) {
      varies[stage] = bent[stage] = 1;
    } else if (lever.number / reference != 1 && elasticity_[k].number != 0) {
      bent[stage] = 1;
    }
  }
  for (std::size_t k = 0; k < chain_.influences.size(); ++k) {
    const ChainInfluence& influence = chain_.influences[k];
    if (varies[source(influence.edge)] == 0 || bent[source(influence.edge)] == 0) continue;
    const TapeValue in[] = {lever_[influence.lever], elasticity_[k]};
    const double reference = chain_.lever_reference[influence.lever];
    const TapeValue factor =
        tape_.map(in, 1, [reference](std::span<const double> given, std::span<double> out) {
          const double ratio = given[0] / reference;
          out[0] = ratio != 1 && given[1] != 0 ? std::pow(ratio, given[1]) : 1.0;
        })[0];
    weight_[influence.edge] = tape_.product(weight_[influence.edge], factor);
  }
  total_.assign(chain_.stage_count, 1.0);
  constexpr double epsilon = std::numeric_limits<double>::epsilon();
  for (std::uint32_t i = 0; i < chain_.stage_count; ++i) {
    const std::uint32_t first = chain_.row_begin[i], last = chain_.row_begin[i + 1];
    if (varies[i] == 0) {
      for (std::uint32_t e = first; e < last; ++e) weight_[e] = chain_.rate[e];
      drop_off_[i] = chain_.drop_off[i];
      continue;
    }
    const double said = inputs.row_total.empty() || bent[i] != 0 ? unknown_number : inputs.row_total[i];
    if (!std::isnan(said)) {
      if (std::abs(said - 1) > epsilon * static_cast<double>(last - first + 4)) total_[i] = said;
      continue;
    }
    Terms terms;
    for (std::uint32_t e = first; e < last; ++e) terms.push_back({weight_[e]});
    total_[i] = tape_.sum(drop_off_[i], terms);
    tape_.check(total_[i], std::numeric_limits<double>::denorm_min(), std::numeric_limits<double>::max());
  }
}

FUNNELGRAPH_INLINE void LaneChain::find_discounts() {
  const std::uint32_t edges = chain_.edge_count();
  factor_.resize(edges);
  loss_.resize(edges);
  for (std::uint32_t e = 0; e < edges; ++e) {
    const Lag& lag = lag_[e];
    if (lag.discount && lag.loss) {
      factor_[e] = *lag.discount;
      loss_[e] = *lag.loss;
      continue;
    }
    const TapeValue in[] = {discount_rate_, lag.mean.value_or(0.0), lag.sd.value_or(0.0)};
    const std::vector<TapeValue> made =
        tape_.map(in, 2,
                  [base = chain_.lag[e], mean = lag.mean.has_value(), sd = lag.sd.has_value()](
                      std::span<const double> given, std::span<double> out) {
                    LagDistribution moved = mean ? lag_with_mean(base, given[1]) : base;
                    if (sd) moved.sd = given[2];
                    const double force = discount_force(given[0]);
                    const DiscountFactor factor = force == 0 ? DiscountFactor{} : discount(moved, force);
                    out[0] = factor.factor;
                    out[1] = factor.loss;
                  });
    factor_[e] = lag.discount.value_or(made[0]);
    loss_[e] = lag.loss.value_or(made[1]);
  }
}

FUNNELGRAPH_INLINE const LaneSolver& LaneChain::flow() {
  if (flow_) return *flow_;
  flow_.emplace(tape_, elimination_, weight_, drop_off_, total_);
  std::vector<Terms> entering(chain_.stage_count);
  for (std::size_t k = 0; k < chain_.entries.size(); ++k)
    entering[chain_.entries[k].stage].push_back({entry_volume_[k]});
  z_.resize(chain_.stage_count);
  for (std::uint32_t i = 0; i < chain_.stage_count; ++i) z_[i] = tape_.sum(0.0, entering[i]);
  flow_->solve(z_);
  return *flow_;
}

FUNNELGRAPH_INLINE const LaneSolver& LaneChain::discounted() {
  static_cast<void>(flow());
  if (!discounts_) {
    discounted_z_ = z_;
    return *flow_;
  }
  if (discounted_) return *discounted_;
  find_discounts();
  Values weight(chain_.edge_count());
  Values leaving(chain_.stage_count);
  Values total = total_;
  for (std::uint32_t i = 0; i < chain_.stage_count; ++i) {
    Terms terms;
    for (std::uint32_t e = chain_.row_begin[i]; e < chain_.row_begin[i + 1]; ++e) {
      weight[e] = tape_.product(weight_[e], factor_[e]);
      terms.push_back({weight_[e], loss_[e]});
      if (lag_[e].discount || lag_[e].loss) total[i] = unknown_number;  // given apart, they may not add up
    }
    leaving[i] = tape_.sum(drop_off_[i], terms);
  }
  discounted_.emplace(tape_, elimination_, std::move(weight), leaving, total);
  discounted_z_.resize(chain_.stage_count);
  std::vector<Terms> entering(chain_.stage_count);
  for (std::size_t k = 0; k < chain_.entries.size(); ++k)
    entering[chain_.entries[k].stage].push_back({entry_volume_[k]});
  for (std::uint32_t i = 0; i < chain_.stage_count; ++i) discounted_z_[i] = tape_.sum(0.0, entering[i]);
  discounted_->solve(discounted_z_);
  return *discounted_;
}

}  // namespace funnelgraph::inline v0::detail
