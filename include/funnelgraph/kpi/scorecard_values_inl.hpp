// The value of a key figure, where it comes from, and in whose hands it lies.
#pragma once

#include <cmath>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/kpi/control_share.hpp>
#include <funnelgraph/kpi/detail/weights.hpp>
#include <funnelgraph/kpi/figures.hpp>
#include <funnelgraph/kpi/formula.hpp>
#include <funnelgraph/kpi/kpi.hpp>
#include <funnelgraph/kpi/scorecard.hpp>
#include <funnelgraph/model/funnel.hpp>

namespace funnelgraph::inline v0::detail {

/// Figures that are given, and behind them those of a funnel, each computed once.
class FigureSource {
 public:
  FigureSource(const Figures& given, const Funnel* funnel) : given_(given), funnel_(funnel) {}

  struct Found {
    double value = 0;
    std::optional<Metric> metric{};  ///< none where it was given
  };
  [[nodiscard]] std::optional<Found> find(const std::string& name) {
    if (const auto at = given_.find(name); at != given_.end()) return Found{at->second, std::nullopt};
    if (funnel_ == nullptr) return std::nullopt;
    const auto known = cache_.find(name);
    if (known != cache_.end()) return known->second;
    std::optional<Found> found;
    if (const auto metric = figure_metric(*funnel_, name)) found = Found{evaluate(*funnel_, *metric), metric};
    cache_.emplace(name, found);
    return found;
  }
  [[nodiscard]] const Funnel* funnel() const noexcept { return funnel_; }

 private:
  const Figures& given_;
  const Funnel* funnel_;
  std::map<std::string, std::optional<Found>> cache_;
};

/// The value of a KPI, and the metrics behind it where all of it comes from the funnel.
struct KpiValue {
  double value = unknown_number, numerator = unknown_number, denominator = unknown_number;
  bool divided_by_zero = false;
  KpiSource source = KpiSource::none;
  std::vector<std::string> missing{};  ///< figures that nobody gave
  std::vector<std::pair<Metric, double>> slopes{};
};

inline std::optional<KpiValue> value_by(const Formula& formula, FigureSource& figures) {
  KpiValue out;
  Figures values;
  std::vector<std::optional<Metric>> metrics;
  bool any_given = false, any_metric = false;
  for (const std::string& name : formula.names()) {
    const auto found = figures.find(name);
    if (!found) {
      out.missing.push_back(name);
      continue;
    }
    values[name] = found->value;
    metrics.push_back(found->metric);
    (found->metric ? any_metric : any_given) = true;
  }
  if (!out.missing.empty()) return out;
  const FormulaValue result = formula.evaluate(values);
  out.value = result.value;
  out.numerator = result.numerator;
  out.denominator = result.denominator;
  out.divided_by_zero = result.divided_by_zero;
  out.source = any_metric ? KpiSource::funnel : KpiSource::formula;
  if (any_metric && !any_given) {
    const std::vector<double> slopes = formula.gradient(values);
    for (std::size_t i = 0; i < metrics.size(); ++i) out.slopes.emplace_back(*metrics[i], slopes[i]);
  }
  return out;
}

/// One KPI with its formulas parsed.
struct ParsedKpi {
  const Kpi* kpi;
  Formula formula;
  std::optional<Formula> funnel_formula{};
};

inline KpiValue value_of(const ParsedKpi& parsed, FigureSource& figures, const Figures& given) {
  if (const auto at = given.find(parsed.kpi->id); at != given.end()) {
    KpiValue out;
    out.value = at->second;
    out.source = std::isnan(at->second) ? KpiSource::none : KpiSource::given;
    return out;
  }
  KpiValue first = *value_by(parsed.formula, figures);
  if (first.missing.empty() || !parsed.funnel_formula || figures.funnel() == nullptr) return first;
  const KpiValue second = *value_by(*parsed.funnel_formula, figures);
  return second.missing.empty() ? second : first;
}

/// The share of the role's owners in the sensitivity of a KPI.
inline double control_of(const KpiValue& value, const Funnel& funnel, Role role) {
  if (value.slopes.empty() || role == Role::other) return unknown_number;
  std::vector<WeightedNumber> sum;
  for (const auto& [metric, slope] : value.slopes) {
    const std::vector<WeightedNumber> part = weighted_numbers(funnel, metric, {});
    if (sum.empty()) {
      sum = part;
      for (WeightedNumber& number : sum) number.weight *= slope;
    } else {
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i].weight += slope * part[i].weight;
    }
  }
  double share = 0;
  bool there = false;
  for (const ControlShare& one : shares_of_control(funnel, sum)) {
    const auto owner = funnel.find_owner(one.owner);
    if (!owner || funnel.owner(*owner).role != role) continue;
    share += one.share;
    there = true;
  }
  return there ? share : unknown_number;
}

}  // namespace funnelgraph::inline v0::detail
