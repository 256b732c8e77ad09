// The numbers of a funnel by their address: get and set.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/model/detail/missing_mass.hpp>
#include <funnelgraph/model/detail/parameter_range.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/funnel_changes_inl.hpp>
#include <funnelgraph/model/funnel_inl.hpp>
#include <funnelgraph/model/funnel_lookup_inl.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

inline void check_range(const Parameter& parameter, double value) {
  const Range range = range_of(parameter.kind());
  if (range.holds(value)) return;
  throw InvalidValueError(to_string(parameter), shown(value), range.text);
}

/// `value` of a source with its interval multiplied by `factor` (> 0); without one where factor is 0.
[[nodiscard]] inline Number scaled(double value, const Source& source, double factor) {
  const std::optional<Interval> interval = source.interval();
  if (!interval) return {value, source};
  SourceDetails details{source.kind(), source.n(), source.by(), std::nullopt};
  if (factor > 0)
    details.interval = Interval{interval->low * factor, interval->high * factor, interval->level};
  return {value, Source(std::move(details))};
}

}  // namespace detail

FUNNELGRAPH_INLINE const Number* Funnel::number_at(const Parameter& parameter) const {
  const auto argument = [&](std::size_t i) -> const std::string& { return parameter.arguments()[i]; };
  const auto transition = [&]() -> const Transition& {
    return transitions_[need_transition(argument(0), argument(1))];
  };
  const auto optional = [](const std::optional<Number>& number) { return number ? &*number : nullptr; };
  const auto either = [&](Number Stage::* of_stage, Number Outcome::* of_outcome) -> const Number* {
    if (const std::uint32_t i = stage_at(argument(0)); i != NameIndex::none) return &(stages_[i].*of_stage);
    if (const std::uint32_t i = outcome_at(argument(0)); i != NameIndex::none)
      return &(outcomes_[i].*of_outcome);
    detail::throw_unknown_target(*this, argument(0));
  };
  switch (parameter.kind()) {
    case ParameterKind::rate:
      return &transition().rate;
    case ParameterKind::drop_off:
      return optional(stages_[need_stage(argument(0))].drop_off);
    case ParameterKind::lag:
      return &transition().lag.mean;
    case ParameterKind::lag_sd: {
      const Lag& lag = transition().lag;
      return lag.family == LagFamily::unknown ? nullptr : &lag.sd;
    }
    case ParameterKind::cost:
      return &stages_[need_stage(argument(0))].cost;
    case ParameterKind::value:
      return either(&Stage::value, &Outcome::value);
    case ParameterKind::commission:
      return either(&Stage::commission, &Outcome::commission);
    case ParameterKind::transition_cost:
      return &transition().cost;
    case ParameterKind::transition_value:
      return &transition().value;
    case ParameterKind::volume:
      return &entries_[need_entry(argument(0), argument(1))].volume;
    case ParameterKind::entry_cost:
      return &entries_[need_entry(argument(0), argument(1))].cost;
    case ParameterKind::capacity:
      return optional(stages_[need_stage(argument(0))].capacity);
    case ParameterKind::service_level:
      return optional(transition().service_level);
    case ParameterKind::lever:
      return &levers_[need_lever(argument(0))].value;
    case ParameterKind::elasticity:
      return &influences_[need_influence(argument(0), argument(1), argument(2))].elasticity;
    case ParameterKind::fixed_cost:
      return &owners_[need_owner(argument(0))].fixed_cost;
    case ParameterKind::discount_rate:
      break;
  }
  return &info_.discount_rate;
}

FUNNELGRAPH_INLINE Number Funnel::derived_drop_off(std::string_view stage) const {
  detail::MissingMass missing;
  std::optional<Source> source;
  std::uint32_t count = 0;
  visit_exits(stage, [&](std::uint32_t i) {
    const Number& rate = transitions_[i].rate;
    missing.take(rate.value);
    source = source ? detail::common_source(*source, rate.source) : rate.source;
    ++count;
  });
  if (!source) return missing.value();
  SourceDetails details{source->kind(), source->n(), source->by(), std::nullopt};
  if (const auto interval = source->interval(); interval && count == 1) {
    details.interval = Interval{1 - interval->high, 1 - interval->low, interval->level};
  }
  return {missing.value(), Source(std::move(details))};
}

FUNNELGRAPH_INLINE std::vector<std::uint32_t> Funnel::group(const Parameter& parameter) const {
  const std::string& stage = parameter.argument(0);
  const auto same = [&](std::uint32_t i) { return entries_[i].stage == stage; };
  std::vector<std::uint32_t> positions;
  for (std::uint32_t i = stage_entries_.first(NameIndex::hash(stage), same); i != NameIndex::none;
       i = stage_entries_.next(i)) {
    if (entry_at(stage, entries_[i].channel) == i) positions.push_back(i);
  }
  if (positions.empty()) return {need_entry(stage, "")};
  return positions;
}

FUNNELGRAPH_INLINE Number Funnel::group_number(const Parameter& parameter) const {
  const std::vector<std::uint32_t> positions = group(parameter);
  const bool is_volume = parameter.kind() == ParameterKind::volume;
  const auto leaf = [&](std::uint32_t i) -> const Number& {
    return is_volume ? entries_[i].volume : entries_[i].cost;
  };
  if (positions.size() == 1) return leaf(positions[0]);
  double volume = 0;
  double weighted = 0;
  double plain = 0;
  Source source = leaf(positions[0]).source;
  for (const std::uint32_t i : positions) {
    volume += entries_[i].volume.value;
    weighted += entries_[i].volume.value * entries_[i].cost.value;
    plain += entries_[i].cost.value;
    source = detail::common_source(source, leaf(i).source);
  }
  if (is_volume) return {volume, source};
  return {volume > 0 ? weighted / volume : plain / static_cast<double>(positions.size()), source};
}

FUNNELGRAPH_INLINE double Funnel::get(const Parameter& parameter) const {
  if (!parameter.without_channel()) {
    const Number* number = number_at(parameter);
    if (number != nullptr) return number->value;
  }
  return get_number(parameter).value;
}

FUNNELGRAPH_INLINE Number Funnel::get_number(const Parameter& parameter) const {
  if (parameter.without_channel()) return group_number(parameter);
  const Number* number = number_at(parameter);
  if (number != nullptr) return *number;
  if (parameter.kind() == ParameterKind::drop_off) return derived_drop_off(parameter.argument(0));
  return std::numeric_limits<double>::quiet_NaN();
}

FUNNELGRAPH_INLINE void Funnel::set_group(const Parameter& parameter, const Number& value) {
  const std::vector<std::uint32_t> positions = group(parameter);
  const auto leaf = [&](std::uint32_t i) -> Number& {
    return parameter.kind() == ParameterKind::volume ? entries_[i].volume : entries_[i].cost;
  };
  if (positions.size() == 1) {
    leaf(positions[0]) = value;
    return;
  }
  const double before = group_number(parameter).value;
  const bool all_zero =
      std::all_of(positions.begin(), positions.end(), [&](std::uint32_t i) { return leaf(i).value == 0; });
  if (!(before > 0) && !(all_zero && value.value == 0)) {
    throw InvalidValueError(to_string(parameter), detail::shown(value.value),
                            "a group of several channels scales in proportion, which one of " +
                                detail::shown(before) + " cannot: set a channel, as in " +
                                to_string(leaves(parameter).front()));
  }
  for (const std::uint32_t i : positions) {
    const double old = leaf(i).value;
    const double now = before > 0 ? old * value.value / before : 0.0;
    leaf(i) = detail::scaled(now, value.source, value.value > 0 ? now / value.value : 0.0);
  }
}

FUNNELGRAPH_INLINE void Funnel::set(const Parameter& parameter, Number value) {
  detail::check_range(parameter, value.value);
  if (parameter.without_channel()) {
    set_group(parameter, value);
    return;
  }
  const auto transition = [&]() -> Transition& {
    return transitions_[need_transition(parameter.argument(0), parameter.argument(1))];
  };
  const auto stage = [&]() -> Stage& { return stages_[need_stage(parameter.argument(0))]; };
  const auto unless_nan = [&](std::optional<Number>& place) {
    if (std::isnan(value.value)) {
      place.reset();
    } else {
      place = std::move(value);
    }
  };
  switch (parameter.kind()) {
    case ParameterKind::rate: {
      Transition& changed = transition();
      changed.rate = std::move(value);
      changed.observed.reset();
      return;
    }
    case ParameterKind::drop_off:
      stage().drop_off = std::move(value);
      return;
    case ParameterKind::lag: {
      Lag& lag = transition().lag;
      lag = lag.with_mean(std::move(value));
      return;
    }
    case ParameterKind::lag_sd: {
      Lag& lag = transition().lag;
      if (!lag.has_free_sd() && lag.sd.value != value.value) {
        throw InvalidValueError(to_string(parameter), detail::shown(value.value),
                                lag.family == LagFamily::unknown
                                    ? "nothing: the lag is unknown"
                                    : detail::shown(lag.sd.value) + ": the " + to_string(lag.family) +
                                          " family has no deviation of its own");
      }
      if (lag.mean.value == 0 && value.value > 0) {
        throw InvalidValueError(to_string(parameter), detail::shown(value.value), "0 while the mean is 0");
      }
      lag.sd = std::move(value);
      return;
    }
    case ParameterKind::capacity:
      unless_nan(stage().capacity);
      return;
    case ParameterKind::service_level:
      unless_nan(transition().service_level);
      return;
    default:
      *const_cast<Number*>(number_at(parameter)) =
          std::move(value);  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  }
}

}  // namespace funnelgraph::inline v0
