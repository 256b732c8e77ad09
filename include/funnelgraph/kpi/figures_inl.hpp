#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <variant>

#include <funnelgraph/core/exact_sum.hpp>
#include <funnelgraph/kpi/figures.hpp>
#include <funnelgraph/model/funnel.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// The sum of a metric over outcomes, or none where there are none.
template <class Make, class Wanted>
std::optional<Metric> over_outcomes(const Funnel& funnel, const Make& make, const Wanted& wanted) {
  std::optional<Metric> sum;
  for (const Outcome& outcome : funnel.outcomes()) {
    if (!wanted(outcome)) continue;
    sum = sum ? *sum + make(outcome.name) : make(outcome.name);
  }
  return sum;
}

inline std::optional<Metric> whole_figure(const Funnel& funnel, std::string_view name) {
  const auto won = [](const Outcome& outcome) { return outcome.kind == OutcomeKind::won; };
  const auto any = [](const Outcome&) { return true; };
  const auto count = [](const std::string& outcome) { return metric::count(outcome); };
  if (name == "revenue") return metric::revenue();
  if (name == "cost") return metric::cost();
  if (name == "profit") return metric::profit();
  if (name == "lifetime_value") return metric::lifetime_value();
  if (name == "time_to") return metric::time_to();
  if (name == "wins") return over_outcomes(funnel, count, won);
  if (name == "win_rate") {
    return over_outcomes(
        funnel, [](const std::string& outcome) { return metric::probability(outcome); }, won);
  }
  if (name == "entrants") {
    const auto ended = over_outcomes(funnel, count, any);
    const Metric dropped = metric::count("drop_off");
    return ended ? *ended + dropped : dropped;
  }
  if (name == "cycle_time" && std::ranges::count_if(funnel.outcomes(), won) == 1) {
    return metric::time_to(std::ranges::find_if(funnel.outcomes(), won)->name);
  }
  return std::nullopt;
}

}  // namespace detail

FUNNELGRAPH_INLINE std::optional<Metric> figure_metric(const Funnel& funnel, std::string_view name) {
  if (const auto whole = detail::whole_figure(funnel, name)) return whole;
  const std::size_t opened = name.find('(');
  if (opened != std::string_view::npos && name.ends_with(')')) {
    const std::string_view word = name.substr(0, opened);
    const std::string argument(name.substr(opened + 1, name.size() - opened - 2));
    if (word == "visits") return metric::visits(funnel.stage(argument).name);
    const bool known = word == "count" || word == "probability" || word == "cost_per" || word == "time_to";
    if (!known) return std::nullopt;
    const std::string outcome = argument == "drop_off" ? argument : funnel.outcome(argument).name;
    if (word == "count") return metric::count(outcome);
    if (word == "probability") return metric::probability(outcome);
    if (word == "cost_per") return metric::cost_per(outcome);
    return metric::time_to(outcome);
  }
  if (const auto stage = funnel.find_stage(name)) return metric::visits(funnel.stage(*stage).name);
  if (const auto outcome = funnel.find_outcome(name)) return metric::count(funnel.outcome(*outcome).name);
  return std::nullopt;
}

FUNNELGRAPH_INLINE Figures table_figures(const fit::Columns& table) {
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  Figures figures{{"rows", static_cast<double>(table.rows())}};
  for (const std::string& name : table.names()) {
    const fit::Column& column = table.column(name);
    const auto put = [&](const char* what, double value) {
      figures[std::string(what) + "(" + name + ")"] = value;
    };
    const auto there = [&](auto range, auto missing) {
      put("count",
          static_cast<double>(std::ranges::count_if(range, [&](auto cell) { return !missing(cell); })));
    };
    if (const auto* times = std::get_if<fit::Times>(&column)) {
      there(times->ticks, [](fit::Tick tick) { return tick == fit::no_tick; });
      continue;
    }
    if (const auto* text = std::get_if<fit::Categories>(&column)) {
      there(text->codes, [](std::int32_t code) { return code < 0; });
      continue;
    }
    ExactSum sum;
    double count = 0, least = unknown, greatest = unknown;
    const auto take = [&](double value) {
      sum.add(value);
      ++count;
      least = least <= value ? least : value;
      greatest = greatest >= value ? greatest : value;
    };
    if (const auto* integers = std::get_if<fit::Integers>(&column)) {
      for (const std::int64_t value : integers->values) {
        if (value != fit::no_tick) take(static_cast<double>(value));
      }
    } else {
      for (const double value : std::get<fit::Numbers>(column).values) {
        if (!std::isnan(value)) take(value);
      }
    }
    put("count", count);
    put("sum", count > 0 ? sum.value() : unknown);
    put("mean", count > 0 ? sum.value() / count : unknown);
    put("least", least);
    put("greatest", greatest);
  }
  return figures;
}

}  // namespace funnelgraph::inline v0
