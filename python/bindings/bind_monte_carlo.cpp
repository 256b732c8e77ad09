// Distributions, Monte Carlo, Sobol indices, and two beliefs. The funnel is copied before the interpreter is
// let go, so a thread that changes it meanwhile changes nothing here.
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <funnelgraph/core/distribution.hpp>
#include <funnelgraph/core/distribution_between.hpp>
#include <funnelgraph/core/quantile_table.hpp>
#include <funnelgraph/whatif/disagree.hpp>
#include <funnelgraph/whatif/monte_carlo.hpp>
#include <funnelgraph/whatif/sobol.hpp>

#include "analysis_options.hpp"
#include "bindings.hpp"
#include "convert.hpp"
#include "interruptible.hpp"
#include "table.hpp"

namespace {

namespace py = pybind11;
namespace fg = funnelgraph;
using namespace funnelgraph_python;
using fg::Distribution;
using fg::DistributionFamily;

// ---- distributions -------------------------------------------------------------------------------------

Distribution from_parameters(DistributionFamily family, const std::vector<double>& p) {
  const auto need = [&](std::size_t count) {
    if (p.size() != count)
      throw fg::InvalidValueError("distribution", std::to_string(p.size()) + " numbers",
                                  std::to_string(count));
  };
  switch (family) {
    case DistributionFamily::constant:
      need(1);
      return Distribution::constant(p[0]);
    case DistributionFamily::uniform:
      need(2);
      return Distribution::uniform(p[0], p[1]);
    case DistributionFamily::triangular:
      need(3);
      return Distribution::triangular(p[0], p[1], p[2]);
    case DistributionFamily::pert:
      need(3);
      return Distribution::pert(p[0], p[1], p[2]);
    case DistributionFamily::beta:
      need(2);
      return Distribution::beta(p[0], p[1]);
    case DistributionFamily::gamma:
      need(2);
      return Distribution::gamma_of_shape(p[0], p[1]);
    case DistributionFamily::lognormal:
      need(2);
      return Distribution::lognormal_of_log(p[0], p[1]);
    case DistributionFamily::normal:
      need(4);
      return Distribution::normal({p[0], p[1]}, {p[2], p[3]});
    case DistributionFamily::empirical:
    case DistributionFamily::quantiles:
      break;
  }
  // Probability and value in turn.
  std::vector<fg::QuantilePoint> points;
  for (std::size_t i = 0; i + 1 < p.size(); i += 2) points.push_back({p[i], p[i + 1]});
  return family == DistributionFamily::empirical ? Distribution::steps(std::move(points))
                                                 : Distribution::quantiles(std::move(points));
}

DistributionFamily family_of(const std::string& name) {
  std::vector<std::string> names;
  for (int i = 0; i <= static_cast<int>(DistributionFamily::quantiles); ++i) {
    names.push_back(fg::to_string(static_cast<DistributionFamily>(i)));
  }
  return static_cast<DistributionFamily>(position_of("distribution", name, names));
}

// The numbers from which `from_parameters` makes it again.
py::tuple parameters_of(const Distribution& distribution) {
  const auto& p = distribution.parameters();
  std::size_t count = 0;
  switch (distribution.family()) {
    case DistributionFamily::constant:
      count = 1;
      break;
    case DistributionFamily::uniform:
    case DistributionFamily::beta:
    case DistributionFamily::gamma:
    case DistributionFamily::lognormal:
      count = 2;
      break;
    case DistributionFamily::triangular:
    case DistributionFamily::pert:
      count = 3;
      break;
    case DistributionFamily::normal:
      count = 4;
      break;
    case DistributionFamily::empirical:
    case DistributionFamily::quantiles:
      break;
  }
  py::tuple numbers(count);
  for (std::size_t i = 0; i < count; ++i) numbers[i] = p[i];
  return numbers;
}

py::tuple points_of(const Distribution& distribution) {
  const auto points = distribution.points();
  py::tuple result(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    result[i] = py::make_tuple(points[i].probability, points[i].value);
  }
  return result;
}

py::tuple state_of(const Distribution& distribution) {
  std::vector<double> numbers;
  for (const fg::QuantilePoint& point : distribution.points()) {
    numbers.push_back(point.probability);
    numbers.push_back(point.value);
  }
  for (const py::handle number : parameters_of(distribution)) numbers.push_back(py::cast<double>(number));
  return py::make_tuple(fg::to_string(distribution.family()), numbers);
}

py::array_t<double> sample(const Distribution& distribution, const py::object& size, const py::object& seed) {
  const std::size_t count = count_of(size, "sample(n)");
  const std::uint64_t key = count_of(seed, "sample(seed=)");
  py::array_t<double> draws(static_cast<py::ssize_t>(count));
  const std::span<double> out{draws.mutable_data(), count};
  const Distribution from = distribution;
  py::gil_scoped_release without_gil;
  fg::QuantileTable(from).fill({key, fg::name_hash("sample")}, 0, out);
  return draws;
}

void bind_distributions(py::module_& module) {
  py::class_<Distribution>(module, "Distribution",
                           R"(The distribution of one uncertain number.

Made by :func:`Beta`, :func:`Gamma`, :func:`Lognormal`, :func:`Normal`, :func:`Triangular`, :func:`Pert`,
:func:`Uniform`, :func:`Empirical` and :func:`Constant`. Immutable, hashable.

Attributes
----------
family : str
    "beta", "gamma", ...
parameters : tuple of float
    Its parameters in the order of the family.
points : tuple of (probability, value)
    Of an empirical one.
mean, sd : float
low, high : float
    The ends between which every draw lies.

Examples
--------
>>> import funnelgraph as fg
>>> rate = fg.Beta(35, 65)
>>> rate, rate.mean
(Beta(35, 65), 0.35)
>>> round(rate.quantile(0.05), 4), round(rate.cdf(0.3), 4)
(0.2736, 0.1465)
)")
      .def_property_readonly("family", [](const Distribution& d) { return fg::to_string(d.family()); })
      .def_property_readonly("parameters", &parameters_of)
      .def_property_readonly("points", &points_of)
      .def_property_readonly("mean", &Distribution::mean)
      .def_property_readonly("sd", &Distribution::sd)
      .def_property_readonly("low", [](const Distribution& d) { return d.support().low; })
      .def_property_readonly("high", [](const Distribution& d) { return d.support().high; })
      .def(
          "cdf", [](const Distribution& d, const py::object& x) { return d.cdf(double_of(x, "cdf(value)")); },
          py::arg("value"), "Probability that a draw does not exceed `value`.")
      .def(
          "exceedance",
          [](const Distribution& d, const py::object& x) {
            return d.exceedance(double_of(x, "exceedance(value)"));
          },
          py::arg("value"), "Probability that a draw exceeds `value`, precise where it is small.")
      .def(
          "quantile",
          [](const Distribution& d, const py::object& p) {
            return d.quantile(double_of(p, "quantile(probability)"));
          },
          py::arg("probability"), "The number that a share `probability` in [0, 1] does not exceed.")
      .def("sample", &sample, py::arg("n"), py::arg("seed") = 0,
           "`n` independent draws as an array; the same seed gives the same bits.")
      .def(
          "__eq__", [](const Distribution& a, const Distribution& b) { return a == b; }, py::is_operator())
      .def("__hash__",
           [](const Distribution& d) {
             return py::hash(py::make_tuple(fg::to_string(d.family()), parameters_of(d), points_of(d)));
           })
      .def("__repr__", [](const Distribution& d) { return fg::to_string(d); })
      .def(py::pickle(&state_of, [](const py::tuple& state) {
        return from_parameters(family_of(py::cast<std::string>(state[0])),
                               py::cast<std::vector<double>>(state[1]));
      }));

  module.def(
      "distribution",
      [](const std::string& family, const py::object& numbers) {
        return from_parameters(family_of(family), doubles_of(numbers, "parameters of a distribution"));
      },
      py::arg("family"), py::arg("numbers"));
  module.def(
      "distribution_of_values",
      [](const py::object& values) {
        return Distribution::empirical(doubles_of(values, "Empirical(values)"));
      },
      py::arg("values"));
  module.def(
      "distribution_of_moments",
      [](const std::string& family, const py::object& mean, const py::object& sd) {
        const fg::MeanAndSd moments{double_of(mean, "mean="), double_of(sd, "sd=")};
        return family_of(family) == DistributionFamily::gamma ? Distribution::gamma(moments)
                                                              : Distribution::lognormal(moments);
      },
      py::arg("family"), py::arg("mean"), py::arg("sd"));
  module.def(
      "distribution_between",
      [](const std::string& family, const py::object& low, const py::object& high, const py::object& level) {
        const double from = double_of(low, "low");
        const double to = double_of(high, "high");
        const double held = double_of(level, "level=");
        const DistributionFamily chosen = family_of(family);
        if (chosen == DistributionFamily::beta) return fg::share_between(from, to, held);
        if (chosen == DistributionFamily::lognormal) return fg::amount_between(from, to, held);
        return fg::normal_between(from, to, held);
      },
      py::arg("family"), py::arg("low"), py::arg("high"), py::arg("level"));
  module.def(
      "distribution_of",
      [](const py::object& number, const fg::Parameter& parameter) {
        return fg::distribution_of(number_of(number, "an uncertain number"), parameter.kind());
      },
      py::arg("number"), py::arg("parameter"));
}

// ---- options ---------------------------------------------------------------------------------------------

using NumberTuple = std::tuple<fg::Parameter, Distribution, std::string>;
using RowTuple = std::pair<std::string, std::vector<std::pair<std::string, double>>>;
using CorrelationTuple = std::tuple<fg::Parameter, fg::Parameter, double>;

fg::Uncertainty uncertainty_of(const std::vector<NumberTuple>& numbers, const std::vector<RowTuple>& rows,
                               const std::vector<CorrelationTuple>& correlations) {
  fg::Uncertainty all;
  for (const auto& [parameter, distribution, take_from] : numbers) {
    all.numbers.push_back({parameter, distribution, fg::TakeFrom(take_from)});
  }
  for (const auto& [stage, exits] : rows) {
    fg::DrawnRow row{stage, {}};
    for (const auto& [to, weight] : exits) row.exits.push_back({to, weight});
    all.rows.push_back(std::move(row));
  }
  for (const auto& [first, second, value] : correlations) all.correlations.push_back({first, second, value});
  return all;
}

py::tuple uncertain(const fg::Funnel& funnel) {
  const fg::Uncertainty all = fg::uncertainty_of(funnel);
  py::list numbers, rows;
  for (const fg::Drawn& drawn : all.numbers) {
    numbers.append(py::make_tuple(drawn.parameter, drawn.distribution, drawn.take_from.name()));
  }
  for (const fg::DrawnRow& row : all.rows) {
    py::dict weights;
    for (const fg::DrawnExit& exit : row.exits) weights[py::str(exit.to)] = exit.weight;
    rows.append(py::make_tuple(row.stage, weights));
  }
  return py::make_tuple(numbers, rows);
}

// ---- Monte Carlo -----------------------------------------------------------------------------------------

// "q5", "q97_5"
std::string quantile_name(double probability) {
  std::string text = written(std::round(probability * 1e8) / 1e6);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  std::replace(text.begin(), text.end(), '.', '_');
  return "q" + text;
}

template <class Builder>
void add_summary(Builder& builder, const std::vector<double>& probabilities) {
  builder.column("mean", [](const auto& row) { return row.summary.mean; })
      .column("sd", [](const auto& row) { return row.summary.sd; })
      .column("standard_error", [](const auto& row) { return row.summary.standard_error; });
  for (std::size_t k = 0; k < probabilities.size(); ++k) {
    builder.column(quantile_name(probabilities[k]),
                   [k](const auto& row) { return row.summary.quantiles[k].value; });
  }
}

// Last, so that a terminal shows what counts first.
template <class Builder>
void add_errors(Builder& builder, const std::vector<double>& probabilities) {
  for (std::size_t k = 0; k < probabilities.size(); ++k) {
    builder.column(quantile_name(probabilities[k]) + "_error",
                   [k](const auto& row) { return row.summary.quantiles[k].standard_error; });
  }
}

py::object summary_table(const fg::MonteCarlo& result, const std::vector<double>& probabilities) {
  using Row = fg::MonteCarloRow;
  TableBuilder builder(result.rows);
  builder.column("scenario", &Row::scenario)
      .column("metric", [](const Row& row) { return fg::to_string(row.metric); })
      .column("point", &Row::point);
  add_summary(builder, probabilities);
  builder.column("draws", [](const Row& row) { return row.summary.count; });
  add_errors(builder, probabilities);
  return table_object(builder.build());
}

py::object difference_table(const fg::MonteCarlo& result, const std::vector<double>& probabilities) {
  using Row = fg::MonteCarloDifference;
  TableBuilder builder(result.differences);
  builder.column("scenario", &Row::scenario)
      .column("metric", [](const Row& row) { return fg::to_string(row.metric); })
      .column("point", &Row::point);
  add_summary(builder, probabilities);
  builder.column("more", [](const Row& row) { return row.more.value; })
      .column("more_error", [](const Row& row) { return row.more.standard_error; })
      .column("draws", [](const Row& row) { return row.summary.count; });
  add_errors(builder, probabilities);
  return table_object(builder.build());
}

py::object target_table(const fg::MonteCarlo& result) {
  using Row = fg::TargetRow;
  return table_object(TableBuilder(result.targets)
                          .column("scenario", &Row::scenario)
                          .column("metric", [](const Row& row) { return fg::to_string(row.target.metric); })
                          .column("wanted",
                                  [](const Row& row) -> std::string_view {
                                    return row.target.at_most ? "at most" : "at least";
                                  })
                          .column("target", [](const Row& row) { return row.target.value; })
                          .column("probability", [](const Row& row) { return row.reached.value; })
                          .column("standard_error", [](const Row& row) { return row.reached.standard_error; })
                          .build());
}

py::object count_table(const fg::MonteCarlo& result) {
  using Row = fg::DrawCounts;
  return table_object(TableBuilder(result.counts)
                          .column("scenario", &Row::scenario)
                          .column("ok", &Row::ok)
                          .column("fitted", &Row::fitted)
                          .column("impossible", &Row::impossible)
                          .column("out_of_range", &Row::out_of_range)
                          .column("unsolvable", &Row::unsolvable)
                          .build());
}

// A read-only array over a column that it keeps alive.
py::array column_array(std::vector<double> values) {
  auto held = std::make_unique<std::vector<double>>(std::move(values));
  const auto* data = held->data();
  const auto size = static_cast<py::ssize_t>(held->size());
  py::capsule owner(held.release(), [](void* vector) { delete static_cast<std::vector<double>*>(vector); });
  py::array_t<double> array({size}, {sizeof(double)}, data, owner);
  array.attr("setflags")(py::arg("write") = false);
  return array;
}

py::dict monte_carlo(const fg::Funnel& funnel, const std::vector<NumberTuple>& numbers,
                     const std::vector<RowTuple>& rows, const std::vector<CorrelationTuple>& correlations,
                     const std::vector<fg::Metric>& metrics, const std::vector<fg::Scenario>& scenarios,
                     const py::object& draws, const py::object& seed, const py::object& quantiles,
                     const std::vector<std::tuple<fg::Metric, double, bool>>& targets, bool keep_draws,
                     const py::object& discount_rate, const py::object& capacity, const fg::Funnel* reference,
                     const py::object& threads, const py::object& progress) {
  fg::MonteCarloOptions options;
  options.metrics = metrics;
  options.scenarios = scenarios;
  options.draws = count_of(draws, "monte_carlo(n=)");
  options.seed = count_of(seed, "monte_carlo(seed=)");
  options.quantiles = doubles_of(quantiles, "monte_carlo(quantiles=)");
  for (const auto& [metric, value, at_most] : targets) options.targets.push_back({metric, value, at_most});
  options.keep_draws = keep_draws;
  options.analysis = analysis_options_of(discount_rate, capacity, reference);
  const fg::Uncertainty uncertainty = uncertainty_of(numbers, rows, correlations);
  const fg::Funnel snapshot(funnel);
  fg::MonteCarlo result = interruptible(threads_of(threads, "monte_carlo(threads=)"), progress,
                                        [&](const fg::Execution& execution) {
                                          options.execution = execution;
                                          return fg::monte_carlo(snapshot, uncertainty, options);
                                        });
  py::dict made;
  made["draws"] = result.draws;
  made["rows"] = summary_table(result, options.quantiles);
  made["differences"] = difference_table(result, options.quantiles);
  made["targets"] = target_table(result);
  made["counts"] = count_table(result);
  made["notes"] = py::tuple(py::cast(result.notes));
  py::list drawn, results;
  for (fg::ParameterDraws& column : result.drawn) {
    drawn.append(py::make_tuple(column.parameter, column_array(std::move(column.values))));
  }
  for (fg::MetricDraws& column : result.results) {
    results.append(py::make_tuple(column.scenario, column.metric, column_array(std::move(column.values))));
  }
  made["drawn"] = drawn;
  made["results"] = results;
  return made;
}

// ---- Sobol -----------------------------------------------------------------------------------------------

py::tuple sobol(const fg::Funnel& funnel, const std::vector<NumberTuple>& numbers,
                const std::vector<RowTuple>& rows, const std::vector<CorrelationTuple>& correlations,
                const std::vector<fg::Metric>& metrics, const py::object& points, const py::object& seed,
                const py::object& resamples, const py::object& level, const py::object& discount_rate,
                const py::object& capacity, const fg::Funnel* reference, const py::object& threads,
                const py::object& progress) {
  fg::SobolOptions options;
  options.metrics = metrics;
  options.points = count_of(points, "sobol(n=)");
  options.seed = count_of(seed, "sobol(seed=)");
  options.resamples = count_of(resamples, "sobol(resamples=)");
  options.level = double_of(level, "sobol(level=)");
  options.analysis = analysis_options_of(discount_rate, capacity, reference);
  const fg::Uncertainty uncertainty = uncertainty_of(numbers, rows, correlations);
  const fg::Funnel snapshot(funnel);
  const fg::Sobol result =
      interruptible(threads_of(threads, "sobol(threads=)"), progress, [&](const fg::Execution& execution) {
        options.execution = execution;
        return fg::sobol(snapshot, uncertainty, options);
      });
  using Row = fg::SobolRow;
  py::object table = table_object(TableBuilder(result.rows)
                                      .column("metric", [](const Row& r) { return fg::to_string(r.metric); })
                                      .column("parameter", &Row::parameter)
                                      .column("first", [](const Row& r) { return r.indices.first.value; })
                                      .column("first_low", [](const Row& r) { return r.indices.first.low; })
                                      .column("first_high", [](const Row& r) { return r.indices.first.high; })
                                      .column("total", [](const Row& r) { return r.indices.total.value; })
                                      .column("total_low", [](const Row& r) { return r.indices.total.low; })
                                      .column("total_high", [](const Row& r) { return r.indices.total.high; })
                                      .build());
  return py::make_tuple(table, py::tuple(py::cast(result.notes)));
}

// ---- two beliefs -----------------------------------------------------------------------------------------

std::string source_text(const fg::Number& number) {
  const fg::Source& source = number.source;
  std::string text = enum_name(source.kind());
  if (source.n() == source.n()) text += ", n=" + written(source.n());
  for (std::size_t i = 0; i < source.by().size(); ++i) {
    text += (i == 0 ? " by " : i + 1 == source.by().size() ? " and " : ", ") + source.by()[i];
  }
  if (const auto range = source.interval()) {
    text += ", " + written(range->low) + " to " + written(range->high);
  }
  return text;
}

std::string owners_text(const std::vector<std::string>& owners, const std::vector<std::string>& sides) {
  const bool agree = std::all_of(owners.begin(), owners.end(),
                                 [&](const std::string& owner) { return owner == owners.front(); });
  if (agree) return owners.front();
  std::string text;
  for (std::size_t s = 0; s < owners.size(); ++s) {
    text += (s == 0 ? "" : "; ") + sides[s] + ": " + (owners[s].empty() ? "nobody" : owners[s]);
  }
  return text;
}

py::object disagreement_table(const std::vector<fg::Disagreement>& rows,
                              const std::vector<std::string>& sides, bool two, bool deciding) {
  using Row = fg::Disagreement;
  TableBuilder builder(rows);
  builder.column("parameter", [](const Row& row) { return fg::to_string(row.parameter); })
      .column("owner", [&sides](const Row& row) { return owners_text(row.owners, sides); });
  for (std::size_t s = 0; s < sides.size(); ++s) {
    builder.column(sides[s], [s](const Row& row) { return row.numbers[s].value; })
        .column(sides[s] + " source", [s](const Row& row) { return source_text(row.numbers[s]); });
  }
  builder.column("worth", &Row::worth);
  if (two) builder.column("change", &Row::change);
  builder.column("removed_spread", &Row::removed_spread);
  if (deciding) builder.column("decision_gain", &Row::decision_gain);
  return table_object(builder.build());
}

py::dict disagree(const std::vector<std::pair<std::string, const fg::Funnel*>>& versions,
                  const fg::Metric& metric, const std::vector<fg::Scenario>& scenarios, bool minimise,
                  const py::object& seed, const py::object& discount_rate, const py::object& capacity,
                  const fg::Funnel* reference) {
  std::vector<fg::FunnelVersion> sides;
  for (const auto& [name, funnel] : versions) sides.push_back({name, fg::Funnel(*funnel)});
  fg::DisagreeOptions options;
  options.scenarios = scenarios;
  options.minimise = minimise;
  options.seed = count_of(seed, "disagree(seed=)");
  options.analysis = analysis_options_of(discount_rate, capacity, reference);
  const fg::Disagreements result = unlocked([&] { return fg::disagree(sides, metric, options); });
  const bool two = result.sides.size() == 2;
  const bool deciding = !scenarios.empty();
  py::dict made;
  made["values"] = result.values;
  made["table"] = disagreement_table(result.rows, result.sides, two, deciding);
  made["idle"] = disagreement_table(result.idle, result.sides, two, deciding);
  made["structure"] = table_object(TableBuilder(result.structure)
                                       .column("side", &fg::StructuralDifference::side)
                                       .column("difference", &fg::StructuralDifference::text)
                                       .build());
  made["measure_first"] = result.measure_first;
  py::list parameters;
  for (const fg::Disagreement& row : result.rows) parameters.append(row.parameter);
  made["parameters"] = parameters;
  made["beliefs"] = result.beliefs;
  made["sampled"] = result.sampled;
  return made;
}

}  // namespace

void bind_monte_carlo(py::module_& module) {
  bind_distributions(module);
  module.def("uncertain", &uncertain, py::arg("funnel"));
  module.def("monte_carlo", &monte_carlo, py::arg("funnel"), py::arg("numbers"), py::arg("rows"),
             py::arg("correlations"), py::arg("metrics"), py::arg("scenarios"), py::arg("draws"),
             py::arg("seed"), py::arg("quantiles"), py::arg("targets"), py::arg("keep_draws"),
             py::arg("discount_rate"), py::arg("capacity"), py::arg("reference"), py::arg("threads"),
             py::arg("progress"));
  module.def("sobol", &sobol, py::arg("funnel"), py::arg("numbers"), py::arg("rows"), py::arg("correlations"),
             py::arg("metrics"), py::arg("points"), py::arg("seed"), py::arg("resamples"), py::arg("level"),
             py::arg("discount_rate"), py::arg("capacity"), py::arg("reference"), py::arg("threads"),
             py::arg("progress"));
  module.def("disagree", &disagree, py::arg("versions"), py::arg("metric"), py::arg("scenarios"),
             py::arg("minimise"), py::arg("seed"), py::arg("discount_rate"), py::arg("capacity"),
             py::arg("reference"));
}
