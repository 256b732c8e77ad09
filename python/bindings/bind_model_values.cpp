// The immutable values of the model: numbers with a source, lags, parameters, metrics.
#include <pybind11/operators.h>
#include <pybind11/stl.h>

#include <cmath>
#include <functional>
#include <memory>

#include <funnelgraph/model/lag.hpp>
#include <funnelgraph/model/metric.hpp>
#include <funnelgraph/model/metric_node.hpp>
#include <funnelgraph/model/number.hpp>
#include <funnelgraph/model/parameter.hpp>

#include "convert.hpp"
#include "model_bindings.hpp"

namespace funnelgraph_python {

namespace {

constexpr const char* metric_kinds[] = {"count",       "probability",    "visits",   "revenue",
                                        "cost",        "profit",         "cost_per", "time_to",
                                        "recoverable", "lifetime_value", "ratio",    "sum"};

std::size_t mix(std::size_t seed, std::size_t value) {
  return seed ^ (value + 0x9E3779B97F4A7C15ULL + (seed << 6U) + (seed >> 2U));
}

std::size_t hash_of(double number) {
  return std::isnan(number) ? 0x7FF8U : std::hash<double>{}(number == 0 ? 0.0 : number);
}

std::size_t hash_of(const fg::Number& number) {
  std::size_t hash = mix(hash_of(number.value), static_cast<std::size_t>(number.source.kind()));
  for (const std::string& name : number.source.by()) hash = mix(hash, std::hash<std::string>{}(name));
  return hash;
}

std::size_t hash_of(const fg::Lag& lag) {
  return mix(mix(static_cast<std::size_t>(lag.family), hash_of(lag.mean)), hash_of(lag.sd));
}

py::tuple names_tuple(const std::vector<std::string>& names) {
  py::tuple result(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) result[i] = py::str(names[i]);
  return result;
}

std::string lag_code(const fg::Lag& lag) {
  switch (lag.family) {
    case fg::LagFamily::unknown:
      return "Lag.unknown()";
    case fg::LagFamily::deterministic:
      return lag.mean == fg::Number(0) ? "Lag.zero()" : "Lag.deterministic(" + written(lag.mean) + ")";
    case fg::LagFamily::exponential:
      return "Lag.exponential(mean=" + written(lag.mean) + ")";
    case fg::LagFamily::empirical: {
      std::string code = "Lag.empirical([";
      for (const fg::LagQuantile& quantile : *lag.quantiles) {
        code += (code.back() == '[' ? "(" : ", (") + written(quantile.probability) + ", " +
                written(quantile.value) + ")";
      }
      return code + "])";
    }
    default:
      return std::string("Lag.") + enum_name(lag.family) + "(mean=" + written(lag.mean) +
             ", sd=" + written(lag.sd) + ")";
  }
}

py::object quantile_tuples(const fg::Lag& lag) {
  if (!lag.quantiles) return py::none();
  py::tuple result(lag.quantiles->size());
  for (std::size_t i = 0; i < result.size(); ++i) {
    result[i] = py::make_tuple((*lag.quantiles)[i].probability, (*lag.quantiles)[i].value);
  }
  return result;
}

std::vector<fg::LagQuantile> quantiles_from(py::handle points, const char* where) {
  constexpr const char* allowed = "pairs of (probability, days)";
  if (!py::isinstance<py::iterable>(points) || py::isinstance<py::str>(points))
    refuse(points, where, allowed);
  std::vector<fg::LagQuantile> quantiles;
  for (const py::handle point : py::reinterpret_borrow<py::iterable>(points)) {
    if (!py::isinstance<py::sequence>(point) || py::isinstance<py::str>(point) || py::len(point) != 2) {
      refuse(point, where, allowed);
    }
    const auto pair = py::reinterpret_borrow<py::sequence>(point);
    quantiles.push_back({double_of(py::object(pair[0]), where), days_of(py::object(pair[1]), where)});
  }
  return quantiles;
}

py::tuple lag_state(const fg::Lag& lag) {
  return py::make_tuple(enum_name(lag.family), lag.mean, lag.sd, quantile_tuples(lag));
}

fg::Lag lag_from_state(const py::tuple& state) {
  if (state.size() != 4) throw py::value_error("not the state of a Lag");
  fg::Lag lag;
  lag.family = enum_of<fg::LagFamily>(state[0], "Lag(family)");
  lag.mean = py::cast<fg::Number>(state[1]);
  lag.sd = py::cast<fg::Number>(state[2]);
  if (!state[3].is_none()) {
    lag.quantiles =
        std::make_shared<const std::vector<fg::LagQuantile>>(quantiles_from(state[3], "Lag(quantiles)"));
  }
  return lag;
}

void bind_number(py::module_& module) {
  module.def("number_code", [](const fg::Number& number) { return written(number); }, py::arg("number"));
  module.def(
      "same_source", [](const fg::Number& a, const fg::Number& b) { return a.source == b.source; },
      py::arg("a"), py::arg("b"));
  module.def(
      "measured",
      [](const py::object& value, const py::object& n, const py::object& interval) {
        fg::MeasuredOptions options;
        options.n = double_of(n, "measured(n=)");
        if (!interval.is_none()) {
          constexpr const char* allowed = "a pair (low, high), or (low, high, level)";
          if (!py::isinstance<py::sequence>(interval) || py::isinstance<py::str>(interval) ||
              (py::len(interval) != 2 && py::len(interval) != 3)) {
            refuse(interval, "measured(interval=)", allowed);
          }
          const auto pair = py::reinterpret_borrow<py::sequence>(interval);
          options.interval =
              fg::Interval{days_of(py::object(pair[0]), "measured(interval=)"),
                           days_of(py::object(pair[1]), "measured(interval=)"),
                           py::len(pair) == 3 ? double_of(py::object(pair[2]), "measured(interval=)") : 0.95};
        }
        return fg::measured(days_of(value, "measured(value)"), std::move(options));
      },
      py::arg("value"), py::arg("n"), py::arg("interval"));
  module.def(
      "agreed",
      [](const py::object& value, const py::object& by) {
        return fg::agreed(days_of(value, "agreed(value)"), names_of(by, "agreed(by=)"));
      },
      py::arg("value"), py::arg("by"));
  module.def(
      "estimated",
      [](const py::object& value, const py::object& by) {
        return fg::estimated(days_of(value, "estimated(value)"), names_of(by, "estimated(by=)"));
      },
      py::arg("value"), py::arg("by"));
  module.def(
      "placeholder",
      [](const py::object& value) { return fg::placeholder(days_of(value, "placeholder(value)")); },
      py::arg("value"));
  module.def(
      "between",
      [](const py::object& low, const py::object& high) {
        return fg::between(days_of(low, "between(low)"), days_of(high, "between(high)"));
      },
      py::arg("low"), py::arg("high"));
}

void bind_lag(py::module_& module) {
  const auto moments = [](const py::object& mean, const py::object& sd, const char* where) {
    return fg::LagMoments{number_of_days(mean, std::string(where) + "(mean=)"),
                          number_of_days(sd, std::string(where) + "(sd=)")};
  };
  py::class_<fg::Lag>(module, "Lag",
                      R"(A waiting time in days, given that the transition is taken.

Lags never alter rates. A plain number where a lag can stand is a deterministic one; a lag left out is
unknown, and the times that need it are NaN. Durations can be numbers of days, `datetime.timedelta`,
pandas or NumPy durations, or numbers with a source. Immutable and hashable.

Attributes
----------
family : str
    "unknown", "deterministic", "exponential", "gamma", "lognormal", "weibull" or "empirical".
mean, sd : Number
    In days. NaN for an unknown lag.
quantiles : tuple of (probability, days), or None
    Only of an empirical lag.

Examples
--------
>>> import funnelgraph as fg
>>> from datetime import timedelta
>>> fg.Lag.gamma(mean=2, sd=1.5)
Lag.gamma(mean=2, sd=1.5)
>>> fg.Lag.exponential(mean=timedelta(hours=36)).mean.value
1.5
)")
      .def_static(
          "unknown", [] { return fg::Lag::unknown(); }, "A lag that nobody knows.")
      .def_static(
          "zero", [] { return fg::Lag::zero(); }, "No waiting.")
      .def_static(
          "deterministic",
          [](const py::object& days) {
            return fg::Lag::deterministic(number_of_days(days, "Lag.deterministic(days)"));
          },
          py::arg("days"), "Always the same.")
      .def_static(
          "exponential",
          [](const py::object& mean) {
            return fg::Lag::exponential(number_of_days(mean, "Lag.exponential(mean=)"));
          },
          py::arg("mean"), "Exponential; its deviation is its mean.")
      .def_static(
          "gamma",
          [moments](const py::object& mean, const py::object& sd) {
            return fg::Lag::gamma(moments(mean, sd, "Lag.gamma"));
          },
          py::kw_only(), py::arg("mean"), py::arg("sd"), "Gamma by mean and standard deviation.")
      .def_static(
          "lognormal",
          [moments](const py::object& mean, const py::object& sd) {
            return fg::Lag::lognormal(moments(mean, sd, "Lag.lognormal"));
          },
          py::kw_only(), py::arg("mean"), py::arg("sd"), "Lognormal by its own mean and standard deviation.")
      .def_static(
          "weibull",
          [moments](const py::object& mean, const py::object& sd) {
            return fg::Lag::weibull(moments(mean, sd, "Lag.weibull"));
          },
          py::kw_only(), py::arg("mean"), py::arg("sd"), "Weibull by mean and standard deviation.")
      .def_static(
          "empirical",
          [](const py::object& quantiles) {
            return fg::Lag::empirical(quantiles_from(quantiles, "Lag.empirical(quantiles)"));
          },
          py::arg("quantiles"),
          "From pairs of (probability, days), from probability 0 to 1, linear between them.")
      .def_property_readonly("family", [](const fg::Lag& lag) { return enum_name(lag.family); })
      .def_property_readonly("mean", [](const fg::Lag& lag) { return lag.mean; })
      .def_property_readonly("sd", [](const fg::Lag& lag) { return lag.sd; })
      .def_property_readonly("quantiles", &quantile_tuples)
      .def(
          "__eq__", [](const fg::Lag& a, const fg::Lag& b) { return a == b; }, py::is_operator())
      .def("__hash__", [](const fg::Lag& lag) { return hash_of(lag); })
      .def("__repr__", &lag_code)
      .def(py::pickle(&lag_state, &lag_from_state));
  module.def("lag", [](const py::object& value) { return lag_of(value, "a lag"); }, py::arg("value"));
}

fg::ParameterKind parameter_kind(py::handle kind) {
  std::vector<std::string> names;
  for (int i = 0; i <= static_cast<int>(fg::ParameterKind::discount_rate); ++i) {
    names.push_back(fg::to_string(static_cast<fg::ParameterKind>(i)));
  }
  return static_cast<fg::ParameterKind>(position_of("parameter", text_of(kind, "Parameter(kind)"), names));
}

std::string parameter_code(const fg::Parameter& parameter) {
  std::string code = fg::to_string(parameter.kind()) + "(";
  const auto& names = parameter.arguments();
  const bool has_channel =
      (parameter.kind() == fg::ParameterKind::volume || parameter.kind() == fg::ParameterKind::entry_cost) &&
      names.size() == 2;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) code += ", ";
    if (i == 1 && has_channel) code += "channel=";
    code += quoted(names[i]);
  }
  return code + ")";
}

void bind_parameter(py::module_& module) {
  py::class_<fg::Parameter>(module, "Parameter",
                            R"(The address of one number in a funnel.

Made by functions such as :func:`rate` and :func:`volume`. Immutable, hashable, ordered; `get` and `set` of a
funnel take it, and so does everything that varies numbers.

Attributes
----------
kind : str
    "rate", "volume", ...
arguments : tuple of str
    The names that it goes by.

Examples
--------
>>> import funnelgraph as fg
>>> fg.rate("enquiry", "order")
rate('enquiry', 'order')
>>> fg.volume("reached", channel="facebook").arguments
('reached', 'facebook')
>>> str(fg.rate("enquiry", "order"))
'rate(enquiry, order)'
)")
      .def_property_readonly("kind",
                             [](const fg::Parameter& parameter) { return fg::to_string(parameter.kind()); })
      .def_property_readonly(
          "arguments", [](const fg::Parameter& parameter) { return names_tuple(parameter.arguments()); })
      .def(
          "__eq__", [](const fg::Parameter& a, const fg::Parameter& b) { return a == b; }, py::is_operator())
      .def(
          "__lt__", [](const fg::Parameter& a, const fg::Parameter& b) { return a < b; }, py::is_operator())
      .def(
          "__le__", [](const fg::Parameter& a, const fg::Parameter& b) { return a <= b; }, py::is_operator())
      .def(
          "__gt__", [](const fg::Parameter& a, const fg::Parameter& b) { return a > b; }, py::is_operator())
      .def(
          "__ge__", [](const fg::Parameter& a, const fg::Parameter& b) { return a >= b; }, py::is_operator())
      .def("__hash__", [](const fg::Parameter& parameter) { return std::hash<fg::Parameter>{}(parameter); })
      .def("__str__", [](const fg::Parameter& parameter) { return fg::to_string(parameter); })
      .def("__repr__", &parameter_code)
      .def(py::pickle(
          [](const fg::Parameter& parameter) {
            return py::make_tuple(fg::to_string(parameter.kind()), names_tuple(parameter.arguments()));
          },
          [](const py::tuple& state) {
            return fg::Parameter(parameter_kind(py::object(state[0])),
                                 names_of(py::object(state[1]), "Parameter"));
          }));
  module.def(
      "parameter",
      [](const py::object& kind, const py::args& names) {
        const std::string name = text_of(kind, "Parameter(kind)");
        std::vector<std::string> arguments;
        for (const py::handle argument : names) {
          if (!argument.is_none()) arguments.push_back(text_of(argument, name + "()"));
        }
        return fg::Parameter(parameter_kind(kind), std::move(arguments));
      },
      py::arg("kind"));
}

// The Python expression that makes the metric again.
std::string metric_code(const fg::Metric& metric) {
  const std::string call =
      std::string("metric.") + metric_kinds[static_cast<std::size_t>(metric.kind())] + "(";
  switch (metric.kind()) {
    case fg::MetricKind::lifetime_value:
      return call + (metric.horizon() ? "horizon=" + written(*metric.horizon()) : std::string()) + ")";
    case fg::MetricKind::ratio:
      return call + metric_code(metric.parts()[0]) + ", " + metric_code(metric.parts()[1]) + ")";
    case fg::MetricKind::sum: {
      std::string code;
      for (const bool negative : {false, true}) {  // what is taken away stands last
        for (std::size_t i = 0; i < metric.parts().size(); ++i) {
          double weight = metric.weights()[i];
          if ((weight < 0) != negative) continue;
          if (!code.empty()) {
            code += negative ? " - " : " + ";
            weight = std::abs(weight);
          }
          if (weight != 1) code += written(weight) + " * ";
          code += metric_code(metric.parts()[i]);
        }
      }
      return code.empty() ? "0 * metric.profit()" : code;
    }
    default:
      return call + (metric.name().empty() ? std::string() : quoted(metric.name())) + ")";
  }
}

py::tuple metric_state(const fg::Metric& metric) {
  py::list parts;
  for (const fg::Metric& part : metric.parts()) parts.append(part);
  return py::make_tuple(static_cast<int>(metric.kind()), metric.name(), metric.horizon(), parts,
                        metric.weights());
}

fg::Metric metric_from_state(const py::tuple& state) {
  auto node = std::make_shared<fg::Metric::Node>();
  node->kind = static_cast<fg::MetricKind>(py::cast<int>(state[0]));
  node->name = py::cast<std::string>(state[1]);
  node->horizon = py::cast<std::optional<double>>(state[2]);
  for (const py::handle part : py::cast<py::list>(state[3]))
    node->parts.push_back(py::cast<fg::Metric>(part));
  node->weights = py::cast<std::vector<double>>(state[4]);
  return fg::Metric(std::move(node));
}

void bind_metric(py::module_& module) {
  py::class_<fg::Metric>(module, "Metric",
                         R"(The name of a result, as data.

Made by the functions of :mod:`funnelgraph.metric`; sums, differences and multiples of metrics are metrics.
Immutable and hashable.

Attributes
----------
kind : str
    "count", "profit", ..., "ratio" or "sum".
name : str
    The outcome, stage or owner; empty where there is none.
horizon : float or None
    Only of a lifetime value, in days.
parts : tuple of Metric
    Of a ratio or a sum.
weights : tuple of float
    Of a sum.

Examples
--------
>>> import funnelgraph as fg
>>> fg.metric.revenue() - 2 * fg.metric.count("customer")
metric.revenue() - 2 * metric.count('customer')
>>> fg.metric.profit() == fg.metric.profit()
True
)")
      .def_property_readonly(
          "kind",
          [](const fg::Metric& metric) { return metric_kinds[static_cast<std::size_t>(metric.kind())]; })
      .def_property_readonly("name", &fg::Metric::name)
      .def_property_readonly("horizon", &fg::Metric::horizon)
      .def_property_readonly("parts",
                             [](const fg::Metric& metric) { return py::tuple(py::cast(metric.parts())); })
      .def_property_readonly("weights",
                             [](const fg::Metric& metric) { return py::tuple(py::cast(metric.weights())); })
      .def(
          "__add__", [](const fg::Metric& a, const fg::Metric& b) { return a + b; }, py::is_operator())
      .def(
          "__sub__", [](const fg::Metric& a, const fg::Metric& b) { return a - b; }, py::is_operator())
      .def(
          "__mul__", [](const fg::Metric& a, double weight) { return weight * a; }, py::is_operator())
      .def(
          "__rmul__", [](const fg::Metric& a, double weight) { return weight * a; }, py::is_operator())
      .def(
          "__truediv__", [](const fg::Metric& a, double divisor) { return (1 / divisor) * a; },
          py::is_operator())
      .def(
          "__truediv__", [](const fg::Metric& a, const fg::Metric& b) { return fg::metric::ratio(a, b); },
          py::is_operator())
      .def("__neg__", [](const fg::Metric& a) { return -1.0 * a; })
      .def(
          "__eq__", [](const fg::Metric& a, const fg::Metric& b) { return a == b; }, py::is_operator())
      .def("__hash__", [](const fg::Metric& metric) { return fg::hash_value(metric); })
      .def("__str__", [](const fg::Metric& metric) { return fg::to_string(metric); })
      .def("__repr__", &metric_code)
      .def(py::pickle(&metric_state, &metric_from_state));

  module.def(
      "metric",
      [](const std::string& kind, const py::object& name) {
        const std::string where = "metric." + kind + "()";
        if (kind == "count") return fg::metric::count(text_of(name, where));
        if (kind == "probability") return fg::metric::probability(text_of(name, where));
        if (kind == "visits") return fg::metric::visits(text_of(name, where));
        if (kind == "revenue") return fg::metric::revenue();
        if (kind == "cost") return fg::metric::cost();
        if (kind == "profit") return fg::metric::profit();
        if (kind == "cost_per") return fg::metric::cost_per(text_of(name, where));
        if (kind == "time_to") return fg::metric::time_to(maybe_text_of(name, where));
        if (kind == "recoverable") return fg::metric::recoverable(maybe_text_of(name, where));
        if (kind == "lifetime_value") {
          return fg::metric::lifetime_value(
              name.is_none() ? std::optional<double>() : days_of(name, "metric.lifetime_value(horizon=)"));
        }
        throw fg::UnknownNameError("metric", kind, "");
      },
      py::arg("kind"), py::arg("name") = py::none());
  module.def(
      "ratio", [](const fg::Metric& a, const fg::Metric& b) { return fg::metric::ratio(a, b); },
      py::arg("numerator"), py::arg("denominator"));
}

}  // namespace

void bind_values(py::module_& module) {
  bind_number(module);
  bind_lag(module);
  bind_parameter(module);
  bind_metric(module);
}

}  // namespace funnelgraph_python
