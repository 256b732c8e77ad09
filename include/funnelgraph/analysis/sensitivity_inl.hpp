// Definitions of sensitivity.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <funnelgraph/analysis/detail/named_chain.hpp>
#include <funnelgraph/analysis/detail/variant_chain.hpp>
#include <funnelgraph/analysis/figure.hpp>
#include <funnelgraph/analysis/gradient.hpp>
#include <funnelgraph/analysis/sensitivity.hpp>
#include <funnelgraph/chain/elimination.hpp>
#include <funnelgraph/chain/solver.hpp>
#include <funnelgraph/compile/compile.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/model/detail/parameter_place.hpp>
#include <funnelgraph/model/funnel.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

FUNNELGRAPH_INLINE std::string source_text(const Source& source) {
  std::string out = "assumed";
  switch (source.kind()) {
    case SourceKind::measured:
      out = "measured (n = " + shown(source.n()) + ")";
      break;
    case SourceKind::agreed:
      out = "agreed";
      break;
    case SourceKind::estimated:
      out = "estimated";
      break;
    case SourceKind::placeholder:
      out = "placeholder";
      break;
    case SourceKind::assumed:
      break;
  }
  for (std::size_t k = 0; k < source.by().size(); ++k) out += (k == 0 ? " by " : ", ") + source.by()[k];
  if (const auto interval = source.interval())
    out += ", " + shown(interval->low) + " to " + shown(interval->high);
  return out;
}

/// What a metric owes to one number after another, from one set of derivatives.
class Sensitivities {
 public:
  Sensitivities(const Funnel& funnel, const Metric& metric, const AnalysisOptions& options)
      : funnel_(funnel),
        compiled_(compile_for(funnel, options)),
        plan_(compiled_.chain),
        solution_(solve_named(compiled_, plan_, options.capacity)),
        figure_(figure_of(funnel, metric)),
        metric_value_(figure_value(compiled_.chain, plan_, solution_, figure_)),
        by_(gradient(compiled_.chain, plan_, solution_, figure_)) {}

  /// `take_from` is "leak", "siblings" or a target of the row; it concerns rates only.
  [[nodiscard]] Gradient of(Parameter leaf, const std::string& take_from = leak_name()) const {
    const InputRef input = input_of(compiled_, funnel_, leaf);
    return of(std::move(leaf), input, take_from);
  }

  /// The same of a number whose place is known.
  [[nodiscard]] Gradient of(Parameter leaf, InputRef input, const std::string& take_from) const {
    const double derivative = by(input, leaf, take_from);
    return make(std::move(leaf), input_value(compiled_.chain, input), derivative);
  }

  [[nodiscard]] const Compiled& compiled() const noexcept { return compiled_; }

  /// A volume or entry cost over all channels: its leaves move in proportion.
  [[nodiscard]] Gradient of_group(const Parameter& group) const {
    const double total = funnel_.get(group);
    double derivative = 0;
    const std::vector<Parameter> leaves = funnel_.leaves(group);
    for (const Parameter& leaf : leaves) {
      const Gradient part = of(leaf);
      derivative += total != 0 ? part.gradient * part.value / total
                               : part.gradient / static_cast<double>(leaves.size());
    }
    return make(group, total, derivative);
  }

 private:
  [[nodiscard]] static const std::string& leak_name() {
    static const std::string name = "leak";
    return name;
  }

  [[nodiscard]] Gradient make(Parameter parameter, double value, double derivative) const {
    const double elasticity = metric_value_ == 0 ? unknown_number : derivative * value / metric_value_;
    return {std::move(parameter), value, derivative, elasticity};
  }

  [[nodiscard]] double by(InputRef input, const Parameter& leaf, const std::string& take_from) const {
    const std::uint32_t k = input.index;
    switch (input.input) {
      case Input::base_rate:
        return by_rate(k, leaf, take_from);
      case Input::base_drop_off:
        return by_drop_off(compiled_.chain, by_, k);
      case Input::lag_mean:
        return by_.lag_mean[k];
      case Input::lag_sd:
        return by_.lag_sd[k];
      case Input::edge_cost:
        return by_.edge_cost[k];
      case Input::edge_value:
        return by_.edge_value[k];
      case Input::service_level:
        return 0;  // no metric counts breaches
      case Input::stage_cost:
        return by_.stage_cost[k];
      case Input::stage_value:
        return by_.stage_value[k];
      case Input::stage_commission:
        return by_.stage_commission[k];
      case Input::capacity:
        return by_.capacity[k];
      case Input::outcome_value:
        return by_.outcome_value[k];
      case Input::outcome_commission:
        return by_.outcome_commission[k];
      case Input::entry_volume:
        return by_.entry_volume[k];
      case Input::entry_cost:
        return by_.entry_cost[k];
      case Input::lever_value:
        return by_.lever_value[k];
      case Input::elasticity:
        return by_.elasticity[k];
      case Input::fixed_cost:
        return by_.fixed_cost[k];
      default:
        break;  // the discount rate: no parameter leads to a derived number
    }
    return by_.discount_rate;
  }

  [[nodiscard]] double by_rate(std::uint32_t edge, const Parameter& leaf,
                               const std::string& take_from) const {
    const Chain& chain = compiled_.chain;
    if (take_from == "leak") return by_rate_from_leak(chain, by_, edge);
    if (take_from == "siblings") return by_rate_from_siblings(chain, by_, edge);
    if (take_from == "drop_off") {
      return by_.base_rate[edge] - by_.base_drop_off[source_of(chain, edge)];
    }
    if (take_from == leaf.argument(1))
      throw InvalidValueError("take_from", take_from, "another exit of " + leaf.argument(0));
    const std::uint32_t donor = input_of(compiled_, funnel_, rate(leaf.argument(0), take_from)).index;
    return by_.base_rate[edge] - by_.base_rate[donor];
  }

  const Funnel& funnel_;
  Compiled compiled_;
  Elimination plan_;
  Solution solution_;
  Figure figure_;
  double metric_value_;
  ChainGradient by_;
};

/// A counterpart of a single target belongs to one stage's rate, and to rates only.
FUNNELGRAPH_INLINE void check_counterparts(const Funnel& funnel, const SensitivityOptions& options) {
  const std::vector<std::string> for_all{"leak", "siblings", "drop_off"};
  if (std::find(for_all.begin(), for_all.end(), options.take_from) == for_all.end())
    throw InvalidValueError("take_from", shown(options.take_from),
                            "leak, siblings or drop_off for all rates; a target for a single rate");
  for (const auto& [parameter, take_from] : options.take_from_of) {
    if (parameter.kind() != ParameterKind::rate)
      throw InvalidValueError("take_from of " + to_string(parameter), shown(take_from), "for rates only");
    (void)funnel.get(parameter);
  }
}

}  // namespace detail

FUNNELGRAPH_INLINE Gradient gradient_by(const Funnel& funnel, const Metric& metric,
                                        const Parameter& parameter, const GradientOptions& options) {
  (void)funnel.get(parameter);
  const detail::Sensitivities all(funnel, metric, options.analysis);
  return parameter.without_channel() ? all.of_group(parameter) : all.of(parameter, options.take_from);
}

FUNNELGRAPH_INLINE std::vector<Gradient> gradients(const Funnel& funnel, const Metric& metric,
                                                   const SensitivityOptions& options) {
  detail::check_counterparts(funnel, options);
  const detail::Sensitivities all(funnel, metric, options.analysis);
  std::vector<Gradient> out;
  // The funnel is valid by now: no two parts have the same name.
  detail::each_parameter_place(funnel, [&](const detail::ParameterPlace& place) {
    Parameter leaf = detail::parameter_at(funnel, place);
    const auto own = options.take_from_of.find(leaf);
    const std::string& take_from = own == options.take_from_of.end() ? options.take_from : own->second;
    out.push_back(all.of(std::move(leaf), detail::input_at(all.compiled(), place), take_from));
  });
  std::set<std::string> seen;
  for (const Entry& entry : funnel.entries()) {
    if (seen.insert(entry.stage).second) out.push_back(all.of_group(volume(entry.stage)));
  }
  return out;
}

FUNNELGRAPH_INLINE std::vector<Gradient> gradients(const Funnel& funnel, const Metric& metric,
                                                   const AnalysisOptions& options) {
  return gradients(funnel, metric, SensitivityOptions{.analysis = options});
}

FUNNELGRAPH_INLINE std::vector<SensitivityRow> sensitivity(const Funnel& funnel, const Metric& metric,
                                                           const AnalysisOptions& options) {
  return sensitivity(funnel, metric, SensitivityOptions{.analysis = options});
}

FUNNELGRAPH_INLINE std::vector<SensitivityRow> sensitivity(const Funnel& funnel, const Metric& metric,
                                                           const SensitivityOptions& options) {
  std::vector<SensitivityRow> rows;
  for (const Gradient& gradient : gradients(funnel, metric, options)) {
    rows.push_back({to_string(gradient.parameter), to_string(funnel.ownership(gradient.parameter)),
                    gradient.value, detail::source_text(funnel.get_number(gradient.parameter).source),
                    gradient.gradient, gradient.elasticity});
  }
  const auto rank = [](const SensitivityRow& row) {
    return std::isnan(row.elasticity) ? -1.0 : std::abs(row.elasticity);  // the unknown ones last
  };
  std::stable_sort(rows.begin(), rows.end(),
                   [&](const SensitivityRow& a, const SensitivityRow& b) { return rank(a) > rank(b); });
  return rows;
}

}  // namespace funnelgraph::inline v0
