#pragma once

#include <algorithm>
#include <cmath>
#include <utility>

#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/philox.hpp>
#include <funnelgraph/core/quantiles.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/core/units.hpp>
#include <funnelgraph/maturity/break_even.hpp>
#include <funnelgraph/maturity/detail/resampling_inl.hpp>
#include <funnelgraph/maturity/effects_inl.hpp>
#include <funnelgraph/maturity/efforts_inl.hpp>
#include <funnelgraph/maturity/reliability_inl.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/scenario/change.hpp>

namespace funnelgraph::inline v0::maturity {
namespace detail {

/// "4.3": a share as per cent, to one decimal; to three where that would be 0.
[[nodiscard]] inline std::string percent(double share) {
  const double scale = std::abs(share) < 0.0005 ? 1000 : 10;
  return funnelgraph::detail::shown(std::round(std::abs(share) * 100 * scale) / scale);
}

/// Profit of a funnel under given multipliers of the effects.
class MultipliedProfit {
 public:
  MultipliedProfit(const Funnel& funnel, const Effects& effects, const AnalysisOptions& options)
      : funnel_(funnel), effects_(effects), options_(options) {
    for (const AddressedNumber& number : effects.addressed) {
      const auto row = std::find_if(effects.table.begin(), effects.table.end(),
                                    [&](const Effect& effect) { return effect.id == number.effect; });
      rows_.push_back(static_cast<std::size_t>(row - effects.table.begin()));
    }
  }

  /// `multipliers` are in the order of the table.
  [[nodiscard]] double operator()(const std::vector<double>& multipliers) const {
    std::vector<Change> changes;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const AddressedNumber& number = effects_.addressed[i];
      changes.push_back(
          {.what = NumberChange{
               .kind = number.kind, .parameter = number.parameter, .value = multipliers[rows_[i]]}});
    }
    return evaluate(apply(funnel_, Scenario("", "", std::move(changes))), metric::profit(), options_);
  }

 private:
  const Funnel& funnel_;
  const Effects& effects_;
  const AnalysisOptions& options_;
  std::vector<std::size_t> rows_;
};

/// The smallest strength, on a grid up to `most_strength`, from which on `surplus` is not below 0.
template <class Surplus>
[[nodiscard]] double smallest_strength(Surplus surplus) {
  double below = 0;
  if (surplus(0.0) >= 0) return 0;
  for (int step = 1;; ++step) {
    const double strength = step <= 20 ? 0.05 * step : 1 + 0.25 * (step - 20);
    if (strength > most_strength) return unknown;
    if (!(surplus(strength) >= 0)) {
      below = strength;
      continue;
    }
    double above = strength;
    while (above - below > 1e-9) {
      const double middle = below + (above - below) / 2;
      (surplus(middle) >= 0 ? above : below) = middle;
    }
    return above;
  }
}

/// The multiplier at a standard normal number, log-normal through the ends of its range; the larger the
/// number, the stronger the effect.
[[nodiscard]] inline double multiplier_at(const Number& multiplier, double z) {
  const std::optional<Interval> range = multiplier.source.interval();
  if (!range || !(range->low < range->high)) return multiplier.value;
  const double end = funnelgraph::detail::central_score(range->level);
  const double low = std::log(range->low);
  const double high = std::log(range->high);
  const double strength = multiplier.value < 1 ? -z : z;
  return std::exp((low + high) / 2 + strength * (high - low) / (2 * end));
}

/// The same with the decimal mark of Vietnamese.
[[nodiscard]] inline std::string vietnamese_percent(double share) {
  std::string text = percent(share);
  std::replace(text.begin(), text.end(), '.', ',');
  return text;
}

[[nodiscard]] inline Texts together_text(double strength, bool in_time, bool known) {
  if (!known) {
    return {{"en", "The profit of this funnel is unknown, so nothing can be said of what pays."},
            {"vi", "Chưa biết lợi nhuận của phễu này nên chưa thể nói điều gì có lãi."}};
  }
  if (!in_time) {
    return {{"en", "Does not pay within the horizon: the effect comes after it."},
            {"vi", "Không có lãi trong thời hạn xét: tác động đến sau thời hạn đó."}};
  }
  if (std::isnan(strength)) {
    return {{"en", "Does not pay: even ten times as strong, the effects do not cover the cost."},
            {"vi", "Không có lãi: dù mạnh gấp mười lần, các tác động cũng không bù được chi phí."}};
  }
  return {{"en", "Pays from " + percent(strength) + " % of the assumed effects on."},
          {"vi", "Có lãi khi đạt từ " + vietnamese_percent(strength) + " % các tác động giả định trở lên."}};
}

[[nodiscard]] inline Texts alone_text(const Effect& effect, const LoneBreakEven& row, bool idle, bool moves) {
  const std::string english = text_in(effect.name, "en");
  const std::string vietnamese = text_in(effect.name, "vi");
  if (idle) {
    return {{"en", "finds nothing to change in this funnel: " + english},
            {"vi", "không tìm thấy gì để thay đổi trong phễu này: " + vietnamese}};
  }
  if (!moves) {
    return {{"en", "moves no money in this funnel: " + english},
            {"vi", "không làm thay đổi tiền trong phễu này: " + vietnamese}};
  }
  if (std::isnan(row.needed)) {
    return {{"en", "does not pay by itself: " + english}, {"vi", "riêng nó không có lãi: " + vietnamese}};
  }
  const bool falls = row.change < 0;
  return {{"en", "pays if " + english + (falls ? " falls by " : " rises by ") + percent(row.change) + " %"},
          {"vi", "có lãi nếu " + vietnamese + (falls ? " giảm " : " tăng ") + vietnamese_percent(row.change) +
                     " %"}};
}

}  // namespace detail

FUNNELGRAPH_INLINE std::optional<double> days_of_period(std::string_view label) {
  constexpr std::pair<std::string_view, double> known[] = {{"day", 1},
                                                           {"ngày", 1},
                                                           {"week", days_per_week},
                                                           {"tuần", days_per_week},
                                                           {"month", days_per_month},
                                                           {"tháng", days_per_month},
                                                           {"quarter", 3 * days_per_month},
                                                           {"quý", 3 * days_per_month},
                                                           {"year", days_per_year},
                                                           {"năm", days_per_year}};
  for (const auto& [word, days] : known) {
    if (label == word) return days;
  }
  return std::nullopt;
}

FUNNELGRAPH_INLINE BreakEven break_even(Relationship from, Relationship to, const Funnel& funnel,
                                        const EffectOptions& options, const BreakEvenOptions& money) {
  const auto need = [](bool holds, const char* where, double given, const char* allowed) {
    if (!holds) throw InvalidValueError(where, funnelgraph::detail::shown(given), allowed);
  };
  const Effects chosen = effects(from, to, funnel, options);
  need(money.draws <= 100'000, "draws", static_cast<double>(money.draws), "0 to 100000");
  if (!money.cost) {
    need(money.day_cost > 0 && std::isfinite(money.day_cost), "day_cost", money.day_cost,
         "a finite sum of money above 0 for a person's day, or cost=");
  }
  const std::optional<double> period =
      money.period_days ? money.period_days : days_of_period(funnel.info().period);
  if (!period) {
    throw InvalidValueError(
        "period_days", "the period " + funnelgraph::detail::shown(funnel.info().period),
        "the days of one period, where its label is not day, week, month, quarter or year");
  }
  need(*period > 0 && std::isfinite(*period), "period_days", *period, "a finite number of days above 0");
  if (money.cost) detail::check_range("cost", *money.cost);
  if (money.until_effect) detail::check_range("until_effect", *money.until_effect);

  BreakEven result;
  const std::vector<Effort>& table = money.efforts.empty() ? efforts() : money.efforts;
  std::vector<std::string> names = options.actions;
  if (names.empty()) {
    for (const Action& action : actions(from, to)) names.push_back(action.id);
  }
  const auto priced = [&](const Range& days) {
    if (!(money.day_cost > 0)) return Range{detail::unknown, detail::unknown};
    return Range{days.low * money.day_cost, days.high * money.day_cost};
  };
  for (const std::string& name : names) {
    const Programme one = programme(std::span(&name, 1), money.horizon, table);
    result.actions.push_back({name, one.person_days, priced(one.person_days), one.until_effect});
  }
  const Programme all = programme(names, money.horizon, table);
  result.cost = money.cost ? *money.cost : priced(all.person_days);
  result.until_effect = money.until_effect ? *money.until_effect : all.until_effect;
  result.periods = money.horizon / *period;

  const detail::MultipliedProfit profit(funnel, chosen, money.analysis);
  const std::vector<double> none(chosen.table.size(), 1.0);
  std::vector<double> assumed;
  for (const Effect& effect : chosen.table) assumed.push_back(effect.multiplier.value);
  result.profit_before = evaluate(funnel, metric::profit(), money.analysis);
  result.profit_after = profit(assumed);
  std::vector<double> begins;
  for (const Effect& effect : chosen.table) {
    std::vector<std::string> its;
    for (const std::string& name : names) {
      if (std::find(effect.actions.begin(), effect.actions.end(), name) != effect.actions.end()) {
        its.push_back(name);
      }
    }
    if (its.empty()) its = names;
    const Range until =
        money.until_effect ? *money.until_effect : programme(its, money.horizon, table).until_effect;
    begins.push_back(until.middle());
  }
  std::vector<double> dates = begins;
  std::sort(dates.begin(), dates.end());
  dates.erase(std::unique(dates.begin(), dates.end()), dates.end());
  const auto gain = [&](const std::vector<double>& multipliers) {
    double sum = 0;
    for (std::size_t k = 0; k < dates.size() && dates[k] < money.horizon; ++k) {
      const double end = k + 1 < dates.size() ? std::min(dates[k + 1], money.horizon) : money.horizon;
      std::vector<double> on = none;
      for (std::size_t i = 0; i < on.size(); ++i) {
        if (begins[i] <= dates[k]) on[i] = multipliers[i];
      }
      if (on != none) sum += (profit(on) - result.profit_before) * (end - dates[k]) / *period;
    }
    return sum;
  };
  result.gain = gain(assumed);
  const bool known = !std::isnan(result.profit_before);

  const auto raised = [&](std::vector<double> multipliers, double strength) {
    for (double& multiplier : multipliers) multiplier = std::pow(multiplier, strength);
    return multipliers;
  };
  const auto strength_for = [&](double cost) {
    return detail::smallest_strength([&](double strength) { return gain(raised(assumed, strength)) - cost; });
  };
  result.strength = known ? strength_for(result.cost.middle()) : detail::unknown;
  result.strength_low = known ? strength_for(result.cost.low) : detail::unknown;
  result.strength_high = known ? strength_for(result.cost.high) : detail::unknown;
  result.text =
      detail::together_text(result.strength, !dates.empty() && dates.front() < money.horizon, known);
  for (const Parameter& parameter : funnel.parameters()) {
    if (funnel.get_number(parameter).source.kind() == SourceKind::placeholder) ++result.placeholders;
  }
  if (result.placeholders > 0) {
    const std::string count = std::to_string(result.placeholders);
    result.text = {
        {"en", "No verdict: " + count + " numbers of this funnel only hold a place. Put real ones in first."},
        {"vi", "Chưa kết luận: " + count + " số trong phễu này chỉ giữ chỗ. Hãy thay bằng số thật trước."}};
  }

  for (std::size_t i = 0; i < chosen.table.size(); ++i) {
    const Effect& effect = chosen.table[i];
    LoneBreakEven row{effect.id, begins[i], assumed[i], detail::unknown, detail::unknown, false, 0, {}};
    const bool idle = chosen.idle(effect.id);
    const auto lone = [&](double strength) {
      std::vector<double> multipliers = none;
      multipliers[i] = std::pow(assumed[i], strength);
      return gain(multipliers);
    };
    row.gain = idle ? 0 : lone(1);
    if (known && !idle) {
      const double strength =
          detail::smallest_strength([&](double s) { return lone(s) - result.cost.middle(); });
      row.needed = std::pow(assumed[i], strength);
      row.change = row.needed - 1;
      const auto range = effect.multiplier.source.interval();
      row.within = range && row.needed >= range->low && row.needed <= range->high;
    }
    row.text = known ? detail::alone_text(effect, row, idle, row.gain != 0)
                     : detail::together_text(detail::unknown, true, false);
    result.alone.push_back(std::move(row));
  }

  result.gain_low = result.gain_high = result.paying = detail::unknown;
  if (money.draws == 0 || !known) return result;
  std::vector<double> gains;
  for (std::size_t draw = 0; draw < money.draws; ++draw) {
    std::vector<double> multipliers;
    for (const Effect& effect : chosen.table) {
      RandomStream stream(money.seed, draw, money.independent ? effect.id : "move");
      multipliers.push_back(detail::multiplier_at(effect.multiplier, detail::normal_draw(stream)));
    }
    gains.push_back(gain(multipliers));
  }
  std::sort(gains.begin(), gains.end());
  const auto quantile = [&](double share) {
    const double position = share * (static_cast<double>(gains.size()) - 1);
    const auto first = static_cast<std::size_t>(position);
    const std::size_t next = std::min(first + 1, gains.size() - 1);
    return gains[first] + (position - static_cast<double>(first)) * (gains[next] - gains[first]);
  };
  result.gain_low = quantile((1 - between_level) / 2);
  result.gain_high = quantile((1 + between_level) / 2);
  const auto paying = gains.end() - std::lower_bound(gains.begin(), gains.end(), result.cost.middle());
  result.paying = static_cast<double>(paying) / static_cast<double>(gains.size());
  return result;
}

}  // namespace funnelgraph::inline v0::maturity
