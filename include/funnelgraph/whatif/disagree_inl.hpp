#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/philox.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/model/ownership.hpp>
#include <funnelgraph/scenario/diff.hpp>
#include <funnelgraph/whatif/detail/drawn_scenario_inl.hpp>
#include <funnelgraph/whatif/disagree.hpp>

namespace funnelgraph::inline v0 {
namespace detail {

/// Combinations of beliefs that are evaluated at most.
inline constexpr std::size_t most_beliefs = std::size_t{1} << 14U;
/// Worth, relative to the metric, below which it is rounding.
inline constexpr double idle_worth = 1e-12;

/// One comparison at work.
class BeliefComparison {
 public:
  BeliefComparison(const std::vector<FunnelVersion>& sides, const Metric& metric,
                   const DisagreeOptions& options)
      : sides_(sides), metric_(metric), options_(options) {
    check();
    for (const FunnelVersion& side : sides_) {
      result_.sides.push_back(side.name);
      result_.values.push_back(evaluate(side.funnel, metric_, options_.analysis));
    }
    find_structure();
    find_numbers();
    for (Disagreement& number : numbers_) weigh(number);
    know();
    sort();
  }

  [[nodiscard]] Disagreements take() { return std::move(result_); }

 private:
  void check() const {
    if (sides_.size() < 2) {
      throw InvalidValueError("sides of disagree", std::to_string(sides_.size()), "at least 2");
    }
    std::set<std::string> names;
    for (const FunnelVersion& side : sides_) {
      if (side.name.empty() || !names.insert(side.name).second) {
        throw InvalidValueError("side of disagree", shown(side.name), "names that differ, none empty");
      }
    }
    std::set<std::string> scenarios;
    for (const Scenario& scenario : options_.scenarios) {
      if (!scenarios.insert(scenario.name()).second) {
        throw InvalidValueError("scenario of disagree", shown(scenario.name()), "names that differ");
      }
    }
  }

  /// The side without what is no belief: what a fit counted, the funnel's own name and note.
  [[nodiscard]] static Funnel plain(const Funnel& funnel) {
    Funnel bare = funnel;
    for (const Transition& transition : funnel.transitions()) {
      const Parameter number = rate(transition.from, transition.to);
      if (transition.observed) bare.set(number, funnel.get_number(number));
    }
    FunnelInfo info = bare.info();
    info.name.clear();
    info.note.clear();
    info.labels.clear();
    bare.set_info(std::move(info));
    return bare;
  }

  /// What is left of the difference from the first side when all numbers are those of the other.
  void find_structure() {
    const Funnel first = plain(sides_[0].funnel);
    for (std::size_t s = 1; s < sides_.size(); ++s) {
      const Funnel other = plain(sides_[s].funnel);
      Funnel moved = first;
      for (const Parameter& parameter : other.parameters()) {
        try {
          moved.set(parameter, other.get_number(parameter));
        } catch (const Error&) {
          continue;  // a number that the first side has no place for
        }
      }
      const Scenario difference = diff(moved, other);
      for (const Change& change : difference.changes()) {
        if (!std::holds_alternative<NumberChange>(change.what)) {
          result_.structure.push_back({sides_[s].name, to_string(change)});
        }
      }
    }
  }

  static bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

  [[nodiscard]] std::optional<std::vector<Number>> on_all_sides(const Parameter& parameter) const {
    std::vector<Number> numbers;
    try {
      for (const FunnelVersion& side : sides_) numbers.push_back(side.funnel.get_number(parameter));
    } catch (const UnknownNameError&) {
      return std::nullopt;
    }
    return numbers;
  }

  void find_numbers() {
    std::set<Parameter> seen;
    std::set<std::string> rows;  // stages whose rates differ: there a drop-off only follows
    std::vector<Disagreement> drop_offs;
    for (const FunnelVersion& from : sides_) {
      for (const Parameter& parameter : from.funnel.parameters()) {
        if (!seen.insert(parameter).second) continue;
        std::optional<std::vector<Number>> numbers = on_all_sides(parameter);
        if (!numbers) continue;
        const double first = numbers->front().value;
        if (std::all_of(numbers->begin(), numbers->end(),
                        [&](const Number& n) { return same(n.value, first); }))
          continue;
        Disagreement number{.parameter = parameter, .numbers = std::move(*numbers), .owners = {}};
        for (const FunnelVersion& side : sides_)
          number.owners.push_back(to_string(side.funnel.ownership(parameter)));
        if (parameter.kind() == ParameterKind::drop_off) {
          drop_offs.push_back(std::move(number));
        } else {
          if (parameter.kind() == ParameterKind::rate) rows.insert(parameter.argument(0));
          numbers_.push_back(std::move(number));
        }
      }
    }
    for (Disagreement& number : drop_offs) {
      if (!rows.contains(number.parameter.argument(0))) numbers_.push_back(std::move(number));
    }
  }

  /// The metric of a side when one number is another's; NaN where it cannot take it.
  [[nodiscard]] double moved(std::size_t side, const Parameter& parameter, const Number& number) const {
    try {
      const Scenario scenario = Scenario("moved").set(parameter, number, {.take_from = {}, .clip = true});
      return evaluate(apply(sides_[side].funnel, scenario), metric_, options_.analysis);
    } catch (const Error&) {
      return std::numeric_limits<double>::quiet_NaN();
    }
  }

  void weigh(Disagreement& number) const {
    const std::size_t n = sides_.size();
    double worth = 0;
    double change = 0;
    std::size_t counted = 0;
    for (std::size_t s = 0; s < n; ++s) {
      std::vector<double> metric(n);
      for (std::size_t t = 0; t < n; ++t) {
        const bool own = same(number.numbers[t].value, number.numbers[s].value);
        metric[t] = own ? result_.values[s] : moved(s, number.parameter, number.numbers[t]);
      }
      if (std::any_of(metric.begin(), metric.end(), [](double v) { return std::isnan(v); })) continue;
      const auto [least, greatest] = std::minmax_element(metric.begin(), metric.end());
      worth += *greatest - *least;
      change += metric[1] - metric[0];
      ++counted;
    }
    number.worth = worth / static_cast<double>(counted);
    if (n == 2) number.change = change / static_cast<double>(counted);
  }

  /// Columns that are right or wrong together.
  struct Belief {
    std::vector<DrawnColumn> columns;
    std::vector<std::vector<double>> numbers;  // by column, then side
  };

  /// The beliefs that can be mixed: each with the numbers of every side.
  [[nodiscard]] std::map<NumberUnit, Belief> beliefs() const {
    std::map<NumberUnit, Belief> found;
    for (const Disagreement& number : numbers_) {
      NumberUnit unit = unit_of(number.parameter);
      if (unit.kind == NumberUnit::Kind::volumes || unit.kind == NumberUnit::Kind::entry_costs) {
        unit = {NumberUnit::Kind::single, {to_string(number.parameter)}};
      }
      if (found.contains(unit)) continue;
      if (std::optional<Belief> belief = belief_of(unit, number)) found.emplace(unit, std::move(*belief));
    }
    return found;
  }

  [[nodiscard]] std::optional<Belief> belief_of(const NumberUnit& unit, const Disagreement& number) const {
    Belief belief;
    const auto add = [&](const Parameter& parameter, TakeFrom from) {
      const std::optional<std::vector<Number>> numbers = on_all_sides(parameter);
      if (!numbers) return false;
      belief.columns.push_back({parameter, std::move(from)});
      belief.numbers.emplace_back();
      for (const Number& one : *numbers) belief.numbers.back().push_back(one.value);
      return true;
    };
    if (unit.kind == NumberUnit::Kind::row) {
      const std::string& stage = unit.names[0];
      const std::size_t exits = sides_[0].funnel.exits(stage).size();
      for (const FunnelVersion& side : sides_) {
        if (side.funnel.exits(stage).size() != exits) return std::nullopt;
        if (side.funnel.stage(stage).drop_off.has_value() !=
            sides_[0].funnel.stage(stage).drop_off.has_value()) {
          return std::nullopt;
        }
      }
      for (const TransitionId id : sides_[0].funnel.exits(stage)) {
        if (!add(rate(stage, sides_[0].funnel.transition(id).to), TakeFrom::nobody())) return std::nullopt;
      }
      if (sides_[0].funnel.stage(stage).drop_off) {
        static_cast<void>(add(drop_off(stage), TakeFrom::nobody()));
      }
      return belief;
    }
    if (unit.kind == NumberUnit::Kind::lag) {
      const Parameter mean = lag(unit.names[0], unit.names[1]);
      const Parameter sd = lag_sd(unit.names[0], unit.names[1]);
      for (const FunnelVersion& side : sides_) {
        const Lag& one = side.funnel.transition(unit.names[0], unit.names[1]).lag;
        if (one.family != sides_[0].funnel.transition(unit.names[0], unit.names[1]).lag.family) {
          return std::nullopt;
        }
      }
      if (!add(mean, {})) return std::nullopt;
      const bool free = sides_[0].funnel.transition(unit.names[0], unit.names[1]).lag.has_free_sd();
      if (free && !add(sd, {})) return std::nullopt;
      return belief;
    }
    if (!add(number.parameter, {})) return std::nullopt;
    return belief;
  }

  void know() {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    for (Disagreement& number : numbers_) number.removed_spread = nan;
    const std::map<NumberUnit, Belief> all = beliefs();
    if (all.empty()) return;
    const std::size_t sides = sides_.size();
    std::size_t count = 1;
    for (std::size_t u = 0; u < all.size() && count <= most_beliefs; ++u) count *= sides;
    result_.sampled = count > most_beliefs;
    count = std::min(count, most_beliefs);

    // right[u][v]: which side is right about unit u in combination v.
    std::vector<std::vector<std::size_t>> right;
    std::size_t period = 1;
    for (std::size_t u = 0; u < all.size(); ++u) {
      std::vector<std::size_t> of_unit(count);
      for (std::size_t v = 0; v < count; ++v) {
        of_unit[v] = result_.sampled ? RandomStream(options_.seed, v, u)() % sides : v / period % sides;
      }
      right.push_back(std::move(of_unit));
      if (!result_.sampled) period *= sides;
    }
    std::vector<DrawnColumn> columns;
    std::vector<std::vector<double>> numbers;
    std::size_t u = 0;
    for (const auto& [unit, belief] : all) {
      for (std::size_t c = 0; c < belief.columns.size(); ++c) {
        columns.push_back(belief.columns[c]);
        std::vector<double> column(count);
        for (std::size_t v = 0; v < count; ++v) column[v] = belief.numbers[c][right[u][v]];
        numbers.push_back(std::move(column));
      }
      ++u;
    }
    std::vector<const double*> read;
    for (const std::vector<double>& column : numbers) read.push_back(column.data());

    std::vector<Scenario> scenarios{Scenario("as it is")};
    scenarios.insert(scenarios.end(), options_.scenarios.begin(), options_.scenarios.end());
    std::vector<std::vector<double>> values;
    std::vector<VariantStatus> status(count);
    for (const Scenario& scenario : scenarios) {
      values.emplace_back(count);
      double* const out[] = {values.back().data()};
      DrawnScenario(sides_[0].funnel, scenario, columns, {metric_}, options_.analysis)
          .run(read, count, out, status);
    }
    std::vector<std::uint8_t> known(count, 1);
    for (std::size_t v = 0; v < count; ++v) {
      for (const std::vector<double>& column : values)
        known[v] = known[v] != 0 && !std::isnan(column[v]) ? 1 : 0;
      result_.beliefs += known[v];
    }
    u = 0;
    for (const auto& [unit, belief] : all) {
      const double removed = removed_by(right[u], values[0], known);
      const double gain = options_.scenarios.empty() ? nan : gained_by(right[u], values, known);
      for (Disagreement& number : numbers_) {
        NumberUnit own = unit_of(number.parameter);
        if (own.kind == NumberUnit::Kind::volumes || own.kind == NumberUnit::Kind::entry_costs) {
          own = {NumberUnit::Kind::single, {to_string(number.parameter)}};
        }
        if (own != unit) continue;
        number.removed_spread = removed;
        number.decision_gain = gain;
      }
      ++u;
    }
  }

  /// Means of a column by which side is right, with their shares of the combinations.
  struct Means {
    std::vector<double> share, mean;
  };
  [[nodiscard]] Means means_of(const std::vector<std::size_t>& right, const std::vector<double>& values,
                               const std::vector<std::uint8_t>& known) const {
    Means means{std::vector<double>(sides_.size()), std::vector<double>(sides_.size())};
    double all = 0;
    for (std::size_t v = 0; v < values.size(); ++v) {
      if (known[v] == 0) continue;
      means.share[right[v]] += 1;
      means.mean[right[v]] += values[v];
      all += 1;
    }
    for (std::size_t s = 0; s < sides_.size(); ++s) {
      if (means.share[s] > 0) means.mean[s] /= means.share[s];
      means.share[s] /= all;
    }
    return means;
  }

  [[nodiscard]] double removed_by(const std::vector<std::size_t>& right, const std::vector<double>& values,
                                  const std::vector<std::uint8_t>& known) const {
    const Means means = means_of(right, values, known);
    double mean = 0;
    for (std::size_t s = 0; s < sides_.size(); ++s) mean += means.share[s] * means.mean[s];
    double between = 0;
    for (std::size_t s = 0; s < sides_.size(); ++s) {
      between += means.share[s] * (means.mean[s] - mean) * (means.mean[s] - mean);
    }
    double variance = 0;
    double count = 0;
    for (std::size_t v = 0; v < values.size(); ++v) {
      if (known[v] == 0) continue;
      variance += (values[v] - mean) * (values[v] - mean);
      count += 1;
    }
    variance /= count;
    const double rounding = idle_worth * std::abs(mean);
    return variance > rounding * rounding ? std::min(between / variance, 1.0) : 0;
  }

  [[nodiscard]] double gained_by(const std::vector<std::size_t>& right,
                                 const std::vector<std::vector<double>>& values,
                                 const std::vector<std::uint8_t>& known) const {
    const double sign = options_.minimise ? -1 : 1;
    double informed = 0;
    double best = -std::numeric_limits<double>::infinity();
    std::vector<double> best_of(sides_.size(), best);
    std::vector<double> share;
    for (const std::vector<double>& column : values) {
      const Means means = means_of(right, column, known);
      double mean = 0;
      for (std::size_t s = 0; s < sides_.size(); ++s) {
        mean += means.share[s] * means.mean[s];
        best_of[s] = std::max(best_of[s], sign * means.mean[s]);
      }
      best = std::max(best, sign * mean);
      share = means.share;
    }
    for (std::size_t s = 0; s < sides_.size(); ++s) informed += share[s] * best_of[s];
    const double gain = informed - best;
    return gain > idle_worth * std::abs(best) ? gain : 0;
  }

  void sort() {
    double size = 0;
    for (const double value : result_.values) size = std::max(size, std::abs(value));
    for (Disagreement& number : numbers_) {
      if (std::abs(number.worth) <= idle_worth * size) {
        number.worth = 0;
        if (sides_.size() == 2) number.change = 0;
        result_.idle.push_back(std::move(number));
      } else {
        result_.rows.push_back(std::move(number));
      }
    }
    const auto greater = [](double a, double b) { return std::isnan(b) ? !std::isnan(a) : a > b; };
    std::stable_sort(result_.rows.begin(), result_.rows.end(),
                     [&](const Disagreement& a, const Disagreement& b) { return greater(a.worth, b.worth); });
    const bool deciding = !options_.scenarios.empty();
    const auto knowing = [&](std::size_t i) {
      return deciding ? result_.rows[i].decision_gain : result_.rows[i].removed_spread;
    };
    for (std::size_t i = 0; i < result_.rows.size(); ++i) {
      if (knowing(i) > 0) result_.measure_first.push_back(i);
    }
    std::stable_sort(result_.measure_first.begin(), result_.measure_first.end(),
                     [&](std::size_t a, std::size_t b) { return knowing(a) > knowing(b); });
  }

  const std::vector<FunnelVersion>& sides_;
  const Metric& metric_;
  const DisagreeOptions& options_;
  std::vector<Disagreement> numbers_;
  Disagreements result_;
};

}  // namespace detail

FUNNELGRAPH_INLINE Disagreements disagree(const std::vector<FunnelVersion>& sides, const Metric& metric,
                                          const DisagreeOptions& options) {
  return detail::BeliefComparison(sides, metric, options).take();
}

}  // namespace funnelgraph::inline v0
