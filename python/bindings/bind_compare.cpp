// Comparing scenarios, strategies and futures; sweeps; what a target needs; tornado. The funnel is copied
// before the interpreter is let go.
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <funnelgraph/whatif/back_propagate.hpp>
#include <funnelgraph/whatif/break_even.hpp>
#include <funnelgraph/whatif/compare.hpp>
#include <funnelgraph/whatif/futures.hpp>
#include <funnelgraph/whatif/goal_seek.hpp>
#include <funnelgraph/whatif/least_change.hpp>
#include <funnelgraph/whatif/strength.hpp>
#include <funnelgraph/whatif/sweep.hpp>
#include <funnelgraph/whatif/tornado.hpp>

#include "analysis_options.hpp"
#include "bindings.hpp"
#include "changes.hpp"
#include "convert.hpp"
#include "interruptible.hpp"
#include "table.hpp"

namespace {

namespace py = pybind11;
namespace fg = funnelgraph;
using namespace funnelgraph_python;

using Pair = std::pair<double, double>;

std::optional<fg::Bounds> bounds_of(const std::optional<Pair>& pair) {
  if (!pair) return std::nullopt;
  return fg::Bounds{pair->first, pair->second};
}

std::map<fg::Parameter, fg::Bounds> bounds_of(const std::map<fg::Parameter, Pair>& pairs) {
  std::map<fg::Parameter, fg::Bounds> all;
  for (const auto& [parameter, pair] : pairs) all.emplace(parameter, fg::Bounds{pair.first, pair.second});
  return all;
}

std::vector<fg::Direction> directions_of(const std::vector<bool>& less_is_better) {
  std::vector<fg::Direction> all;
  for (const bool less : less_is_better)
    all.push_back(less ? fg::Direction::less_is_better : fg::Direction::more_is_better);
  return all;
}

py::object comparison_table(const fg::Comparison& comparison) {
  using Row = fg::ComparisonRow;
  return table_object(TableBuilder(comparison.rows)
                          .column("metric", [](const Row& row) -> std::string_view { return row.metric; })
                          .column("scenario", [](const Row& row) -> std::string_view { return row.scenario; })
                          .column("value", &Row::value)
                          .column("difference", &Row::difference)
                          .column("relative", &Row::relative)
                          .column("rank",
                                  [](const Row& row) {
                                    return row.rank == 0 ? std::nullopt
                                                         : std::optional<std::int64_t>(row.rank);
                                  })
                          .column("feasible", &Row::feasible)
                          .build());
}

py::tuple futures_tables(const fg::Futures& futures) {
  using Cell = fg::FutureRow;
  using Row = fg::StrategyRow;
  using Picks = fg::StrategyPicks;
  const auto maybe = [](std::string Picks::* text) {
    return [text](const Picks& picks) {
      return (picks.*text).empty() ? std::nullopt : std::optional<std::string>(picks.*text);
    };
  };
  py::object cells = table_object(TableBuilder(futures.rows)
                                      .column("metric", &Cell::metric)
                                      .column("strategy", &Cell::strategy)
                                      .column("future", &Cell::future)
                                      .column("value", &Cell::value)
                                      .column("regret", &Cell::regret)
                                      .column("feasible", &Cell::feasible)
                                      .build());
  py::object rows = table_object(TableBuilder(futures.by_strategy)
                                     .column("metric", &Row::metric)
                                     .column("strategy", &Row::strategy)
                                     .column("mean", &Row::mean)
                                     .column("worst", &Row::worst)
                                     .column("worst_future", &Row::worst_future)
                                     .column("mean_regret", &Row::mean_regret)
                                     .column("most_regret", &Row::most_regret)
                                     .column("feasible", &Row::feasible)
                                     .build());
  py::object picks = table_object(TableBuilder(futures.picks)
                                      .column("metric", &Picks::metric)
                                      .column("best_mean", maybe(&Picks::best_mean))
                                      .column("maximin", maybe(&Picks::maximin))
                                      .column("minimax_regret", maybe(&Picks::minimax_regret))
                                      .build());
  return py::make_tuple(std::move(rows), std::move(cells), std::move(picks), clipped_tuples(futures.notes));
}

/// The columns are moved into the table, not copied.
py::object sweep_table(fg::Sweep swept, const std::vector<std::string>& names,
                       const std::vector<fg::Metric>& metrics) {
  TableData data;
  data.rows = swept.status.size();
  const auto add = [&](std::string name, auto values) {
    Column column;
    column.name = std::move(name);
    column.values = std::move(values);
    data.columns.push_back(std::move(column));
  };
  for (std::size_t k = 0; k < names.size(); ++k) add(names[k], std::move(swept.parameters[k]));
  for (std::size_t m = 0; m < metrics.size(); ++m)
    add(fg::to_string(metrics[m]), std::move(swept.metrics[m]));
  if (!swept.feasible.empty()) {
    FlagColumn flags;
    flags.values.assign(swept.feasible.begin(), swept.feasible.end());
    add("feasible", std::move(flags));
  }
  static constexpr std::string_view words[] = {"ok", "fitted", "impossible", "out of range", "unsolvable"};
  TextColumn status;
  status.offsets.reserve(data.rows + 1);
  status.bytes.reserve(2 * data.rows);
  for (const fg::VariantStatus one : swept.status) status.push_back(words[static_cast<std::size_t>(one)]);
  add("status", std::move(status));
  return table_object(std::make_shared<const TableData>(std::move(data)));
}

py::tuple goal_seek_fields(const fg::GoalSeek& found) {
  return py::make_tuple(found.parameter, found.value, found.before, found.relative, found.target,
                        found.reached, found.feasible, found.iterations, found.solutions, found.scenario);
}

py::object moved_table(const fg::LeastChange& found) {
  using Row = fg::MovedNumber;
  return table_object(TableBuilder(found.numbers)
                          .column("parameter", [](const Row& row) { return fg::to_string(row.parameter); })
                          .column("before", &Row::before)
                          .column("value", &Row::value)
                          .column("relative", &Row::relative)
                          .column("at_bound", &Row::at_bound)
                          .build());
}

py::object needed_table(const fg::BackPropagation& found) {
  using Row = fg::NeededRow;
  return table_object(TableBuilder(found.rows)
                          .column("place", &Row::place)
                          .column("name", &Row::name)
                          .column("channel", &Row::channel)
                          .column("owner", &Row::owner)
                          .column("unit", &Row::unit)
                          .column("now", &Row::now)
                          .column("needed", &Row::needed)
                          .column("factor", &Row::factor)
                          .column("capacity", &Row::capacity)
                          .column("feasible", &Row::feasible)
                          .build());
}

py::object rates_table(const fg::BackPropagation& found) {
  using Row = fg::NeededRate;
  return table_object(TableBuilder(found.rates)
                          .column("from", &Row::from)
                          .column("to", &Row::to)
                          .column("owner", &Row::owner)
                          .column("now", &Row::now)
                          .column("needed", &Row::needed)
                          .column("factor", &Row::factor)
                          .column("largest", &Row::largest)
                          .column("best", &Row::best)
                          .column("feasible", &Row::feasible)
                          .build());
}

py::object tornado_table(const fg::Tornado& found) {
  using Row = fg::TornadoRow;
  return table_object(TableBuilder(found.rows)
                          .column("parameter", &Row::parameter)
                          .column("owner", &Row::owner)
                          .column("value", &Row::value)
                          .column("low", &Row::low)
                          .column("high", &Row::high)
                          .column("metric_low", &Row::metric_low)
                          .column("metric_high", &Row::metric_high)
                          .column("swing", &Row::swing)
                          .column("basis", &Row::basis)
                          .column("source", &Row::source)
                          .column("clipped", &Row::clipped)
                          .build());
}

}  // namespace

void bind_compare(py::module_& module) {
  module.def(
      "compare",
      [](const fg::Funnel& funnel, const std::vector<fg::Scenario>& scenarios,
         const std::vector<fg::Metric>& metrics, const std::optional<std::string>& reference,
         const std::vector<bool>& less_is_better, const py::object& at, bool clip,
         const py::object& discount_rate, const py::object& capacity, const fg::Funnel* of,
         const std::optional<fg::Metric>& recoverable_of) {
        const fg::CompareOptions options{
            .reference = reference,
            .analysis = analysis_options_of(discount_rate, capacity, of, recoverable_of),
            .applying = apply_options_of(at, clip, "at="),
            .directions = directions_of(less_is_better)};
        const fg::Funnel snapshot(funnel);
        const fg::Comparison made =
            unlocked([&] { return fg::compare(snapshot, scenarios, metrics, options); });
        return py::make_tuple(comparison_table(made), made.reference, clipped_tuples(made.notes));
      },
      py::arg("funnel"), py::arg("scenarios"), py::arg("metrics"), py::arg("reference"),
      py::arg("less_is_better"), py::arg("at"), py::arg("clip"), py::arg("discount_rate"),
      py::arg("capacity"), py::arg("recoverable_from").none(true), py::arg("recoverable_of"));
  module.def(
      "compare_futures",
      [](const fg::Funnel& funnel, const std::vector<fg::Scenario>& strategies,
         const std::vector<fg::Scenario>& futures, const std::vector<fg::Metric>& metrics,
         const std::vector<double>& weights, const std::vector<bool>& less_is_better, const py::object& at,
         bool clip, const py::object& discount_rate, const py::object& capacity, const fg::Funnel* of,
         const std::optional<fg::Metric>& recoverable_of) {
        const fg::FuturesOptions options{
            .analysis = analysis_options_of(discount_rate, capacity, of, recoverable_of),
            .applying = apply_options_of(at, clip, "at="),
            .directions = directions_of(less_is_better),
            .weights = weights};
        const fg::Funnel snapshot(funnel);
        return futures_tables(
            unlocked([&] { return fg::compare_futures(snapshot, strategies, futures, metrics, options); }));
      },
      py::arg("funnel"), py::arg("strategies"), py::arg("futures"), py::arg("metrics"), py::arg("weights"),
      py::arg("less_is_better"), py::arg("at"), py::arg("clip"), py::arg("discount_rate"),
      py::arg("capacity"), py::arg("recoverable_from").none(true), py::arg("recoverable_of"));
  module.def(
      "at_strength",
      [](const fg::Scenario& scenario, const fg::Funnel& funnel, const py::object& strength) {
        return fg::at_strength(scenario, funnel, double_of(strength, "at_strength(strength)"));
      },
      py::arg("scenario"), py::arg("funnel"), py::arg("strength"));
  module.def(
      "sweep",
      [](const fg::Funnel& funnel, const std::vector<fg::Parameter>& parameters,
         const std::vector<py::array_t<double, py::array::c_style | py::array::forcecast>>& grids,
         const std::vector<std::string>& kinds, const std::vector<std::optional<std::string>>& take_from,
         const std::vector<fg::Metric>& metrics, bool paired, bool fit_rows, bool feasible,
         const py::object& threads, const py::object& discount_rate, const py::object& capacity,
         const fg::Funnel* of, const std::optional<fg::Metric>& recoverable_of) {
        std::vector<fg::SweepAxis> axes;
        std::vector<std::string> names;
        for (std::size_t k = 0; k < parameters.size(); ++k) {
          axes.push_back({.parameter = parameters[k],
                          .values = {grids[k].data(), grids[k].data() + grids[k].size()},
                          .kind = change_kind_of(kinds[k]),
                          .take_from = take_from_of(take_from[k])});
          names.push_back(fg::to_string(parameters[k]));
        }
        fg::SweepOptions options;
        options.paired = paired;
        options.variants.analysis = analysis_options_of(discount_rate, capacity, of, recoverable_of);
        options.variants.fit_rows = fit_rows;
        options.variants.feasible = feasible;
        const fg::Funnel snapshot(funnel);
        fg::Sweep swept = interruptible(threads_of(threads, "sweep(threads=)"), py::none(),
                                        [&](const fg::Execution& execution) {
                                          options.execution = execution;
                                          return fg::sweep(snapshot, std::move(axes), metrics, options);
                                        });
        return sweep_table(std::move(swept), names, metrics);
      },
      py::arg("funnel"), py::arg("parameters"), py::arg("grids"), py::arg("kinds"), py::arg("take_from"),
      py::arg("metrics"), py::arg("paired"), py::arg("fit_rows"), py::arg("feasible"), py::arg("threads"),
      py::arg("discount_rate"), py::arg("capacity"), py::arg("recoverable_from").none(true),
      py::arg("recoverable_of"));
  module.def(
      "goal_seek",
      [](const fg::Funnel& funnel, const fg::Metric& metric, double target, const fg::Parameter& vary,
         const std::optional<Pair>& bounds, const std::optional<std::string>& take_from,
         const py::object& discount_rate, const py::object& capacity, const fg::Funnel* of,
         const std::optional<fg::Metric>& recoverable_of) {
        const fg::GoalSeekOptions options{
            .target = target,
            .vary = vary,
            .bounds = bounds_of(bounds),
            .take_from = take_from_of(take_from),
            .analysis = analysis_options_of(discount_rate, capacity, of, recoverable_of)};
        const fg::Funnel snapshot(funnel);
        return goal_seek_fields(unlocked([&] { return fg::goal_seek(snapshot, metric, options); }));
      },
      py::arg("funnel"), py::arg("metric"), py::arg("target"), py::arg("vary"), py::arg("bounds"),
      py::arg("take_from"), py::arg("discount_rate"), py::arg("capacity"),
      py::arg("recoverable_from").none(true), py::arg("recoverable_of"));
  module.def(
      "least_change",
      [](const fg::Funnel& funnel, const fg::Metric& metric, double target,
         const std::vector<fg::Parameter>& vary, const std::map<fg::Parameter, Pair>& bounds,
         const std::map<fg::Parameter, std::optional<std::string>>& take_from,
         const py::object& discount_rate, const py::object& capacity) {
        const fg::LeastChangeOptions options{.target = target,
                                             .vary = vary,
                                             .bounds = bounds_of(bounds),
                                             .take_from = take_from_of(take_from),
                                             .analysis = analysis_options_of(discount_rate, capacity)};
        const fg::Funnel snapshot(funnel);
        const fg::LeastChange found = unlocked([&] { return fg::least_change(snapshot, metric, options); });
        return py::make_tuple(moved_table(found), found.distance, found.target, found.reached, found.feasible,
                              found.iterations, found.scenario);
      },
      py::arg("funnel"), py::arg("metric"), py::arg("target"), py::arg("vary"), py::arg("bounds"),
      py::arg("take_from"), py::arg("discount_rate"), py::arg("capacity"));
  module.def(
      "break_even",
      [](const fg::Funnel& funnel, const fg::Scenario& scenario, const fg::Metric& metric,
         const std::optional<fg::Parameter>& vary, const std::optional<fg::Scenario>& effect,
         const std::optional<Pair>& bounds, const std::optional<std::string>& take_from,
         const py::object& discount_rate, const py::object& capacity) {
        const fg::BreakEvenOptions options{.metric = metric,
                                           .vary = vary,
                                           .effect = effect,
                                           .bounds = bounds_of(bounds),
                                           .take_from = take_from_of(take_from),
                                           .analysis = analysis_options_of(discount_rate, capacity)};
        const fg::Funnel snapshot(funnel);
        const fg::BreakEven found = unlocked([&] { return fg::break_even(snapshot, scenario, options); });
        return py::make_tuple(found.text, found.value, found.before, found.relative, found.stated,
                              found.reference, found.reached, found.always, found.feasible, found.iterations);
      },
      py::arg("funnel"), py::arg("scenario"), py::arg("metric"), py::arg("vary"), py::arg("effect"),
      py::arg("bounds"), py::arg("take_from"), py::arg("discount_rate"), py::arg("capacity"));
  module.def(
      "back_propagate",
      [](const fg::Funnel& funnel, const fg::Metric& metric, double target,
         const std::vector<fg::Parameter>& grow, const py::object& discount_rate,
         const py::object& capacity) {
        const fg::BackPropagateOptions options{
            .target = target, .grow = grow, .analysis = analysis_options_of(discount_rate, capacity)};
        const fg::Funnel snapshot(funnel);
        const fg::BackPropagation found =
            unlocked([&] { return fg::back_propagate(snapshot, metric, options); });
        return py::make_tuple(needed_table(found), rates_table(found), found.metric, found.target, found.now,
                              found.reached, found.factor, found.feasible, found.notes, found.scenario);
      },
      py::arg("funnel"), py::arg("metric"), py::arg("target"), py::arg("grow"), py::arg("discount_rate"),
      py::arg("capacity"));
  module.def(
      "tornado",
      [](const fg::Funnel& funnel, const fg::Metric& metric, const std::map<fg::Parameter, Pair>& low_high,
         const std::optional<double>& relative,
         const std::map<fg::Parameter, std::optional<std::string>>& take_from,
         const py::object& discount_rate, const py::object& capacity) {
        const fg::TornadoOptions options{.low_high = bounds_of(low_high),
                                         .relative = relative,
                                         .take_from = take_from_of(take_from),
                                         .analysis = analysis_options_of(discount_rate, capacity)};
        const fg::Funnel snapshot(funnel);
        const fg::Tornado found = unlocked([&] { return fg::tornado(snapshot, metric, options); });
        return py::make_tuple(tornado_table(found), found.metric, found.value, found.not_varied);
      },
      py::arg("funnel"), py::arg("metric"), py::arg("low_high"), py::arg("relative"), py::arg("take_from"),
      py::arg("discount_rate"), py::arg("capacity"));
}
