#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/kpi/control_share.hpp>
#include <funnelgraph/kpi/detail/median_inl.hpp>
#include <funnelgraph/kpi/detail/words.hpp>
#include <funnelgraph/kpi/measurement_gaps.hpp>
#include <funnelgraph/kpi/scorecard.hpp>
#include <funnelgraph/kpi/scorecard_values_inl.hpp>
#include <funnelgraph/model/funnel.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// Median of the slopes between all pairs; NaN below two known values. O(n^2).
inline double median_slope(const std::vector<double>& series) {
  std::vector<double> slopes;
  for (std::size_t i = 0; i < series.size(); ++i) {
    for (std::size_t j = i + 1; j < series.size(); ++j) {
      if (std::isnan(series[i]) || std::isnan(series[j])) continue;
      slopes.push_back((series[j] - series[i]) / static_cast<double>(j - i));
    }
  }
  return median_of(slopes);
}

/// Rounding of a target's own arithmetic.
inline constexpr double gap_tolerance = 1e-12;

class ScorecardMaker {
 public:
  ScorecardMaker(const Funnel* funnel, const ScorecardOptions& options)
      : funnel_(funnel),
        options_(options),
        vi_(options.language == "vi"),
        actual_(options.actual, funnel),
        target_(options.target, options.plan.get()) {
    check();
    collect();
  }

  Scorecard make() {
    Scorecard card{.card = options_.card,
                   .title = title_of(options_.card, options_.language),
                   .near = options_.near,
                   .steady = options_.steady};
    card.basis = basis();
    for (const ParsedKpi& parsed : parsed_) card.rows.push_back(row(parsed));
    warn_of_card(card);
    card.warnings = std::move(warnings_);
    return card;
  }

 private:
  [[nodiscard]] std::string word(const std::string& english, const std::string& vietnamese) const {
    return vi_ ? vietnamese : english;
  }

  void check() const {
    check_language("scorecard(language=)", options_.language);
    const auto share = [](const char* where, double value) {
      if (!(value >= 0) || std::isinf(value)) {
        throw InvalidValueError(where, shown(value), "a finite share >= 0");
      }
    };
    share("scorecard(near=)", options_.near);
    share("scorecard(steady=)", options_.steady);
    const auto finite = [](const char* where, const std::string& name, double value) {
      if (std::isinf(value)) throw InvalidValueError(where, shown(name) + " = infinite", "a finite number");
    };
    for (const auto& [name, value] : options_.actual) finite("scorecard(actual=)", name, value);
    for (const auto& [name, value] : options_.target) finite("scorecard(target=)", name, value);
    for (const auto& [name, values] : options_.previous) {
      for (const double value : values) finite("scorecard(previous=)", name, value);
    }
  }

  void collect() {
    if (options_.standard) kpis_ = standard_kpis(options_.card);
    std::set<std::string> own;
    for (const Kpi& kpi : options_.kpis) {
      if (kpi.id.empty()) throw InvalidValueError("Kpi(id=)", "\"\"", "a name");
      if (!own.insert(kpi.id).second) {
        throw InvalidValueError("scorecard(kpis=)", "\"" + shown(kpi.id) + "\" twice", "each id once");
      }
      const auto at = std::ranges::find(kpis_, kpi.id, &Kpi::id);
      if (at != kpis_.end()) {
        *at = kpi;
      } else {
        kpis_.push_back(kpi);
      }
    }
    if (kpis_.empty()) throw InvalidValueError("scorecard(kpis=)", "no KPI", "at least one");
    std::vector<std::string> names;
    for (const Kpi& kpi : kpis_) {
      const Formula formula(kpi.formula.empty() ? "\"" + kpi.id + "\"" : kpi.formula);
      names.push_back(kpi.id);
      names.insert(names.end(), formula.names().begin(), formula.names().end());
      parsed_.push_back({&kpi, formula});
      if (kpi.funnel_formula.empty()) continue;
      parsed_.back().funnel_formula = Formula(kpi.funnel_formula);
      const auto& more = parsed_.back().funnel_formula->names();
      names.insert(names.end(), more.begin(), more.end());
    }
    const auto known = [&](const std::string& name) {
      if (std::ranges::find(names, name) != names.end()) return;
      throw UnknownNameError("figure", name, nearest_name(name, names));
    };
    for (const auto& [name, value] : options_.actual) known(name);
    for (const auto& [name, value] : options_.target) known(name);
    for (const auto& [name, values] : options_.previous) known(name);
  }

  [[nodiscard]] std::string basis() const {
    std::string text;
    if (funnel_ != nullptr) {
      text = word("Figures that are not given are the funnel's: eventual results of one " +
                      funnel_->info().period + "'s entrants. ",
                  "Con số không được cho lấy từ phễu: kết quả cuối cùng của những người vào trong một " +
                      period_text(funnel_->info().period, "vi") + ". ");
    }
    const std::string percent = percent_of(options_.near);
    return text + word("On: the target is reached; near: at most " + percent + " short of it; else off.",
                       "Đạt: tới mục tiêu; gần đạt: kém không quá " + percent + "; còn lại là chưa đạt.");
  }

  [[nodiscard]] std::string percent_of(double share) const { return percent_text(share, options_.language); }

  void warn(const char* code, const std::string& where, const std::string& english,
            const std::string& vietnamese) {
    warnings_.push_back({code, where, word(english, vietnamese)});
  }

  KpiRow row(const ParsedKpi& parsed) {
    const Kpi& kpi = *parsed.kpi;
    KpiRow row{.kpi = kpi, .label = label_of(kpi, options_.language)};
    const KpiValue actual = value_of(parsed, actual_, options_.actual);
    const KpiValue target = value_of(parsed, target_, options_.target);
    row.actual = actual.value;
    row.actual_source = actual.source;
    row.target = target.value;
    row.target_source = target.source;
    row.numerator = actual.numerator;
    row.denominator = actual.denominator;
    row.control_share = funnel_ == nullptr ? unknown_number : control_of(actual, *funnel_, kpi.role);
    judge(row);
    follow(row);
    warn_of_row(row, actual);
    return row;
  }

  void judge(KpiRow& row) const {
    row.gap = unknown_number;
    if (std::isnan(row.actual)) {
      row.status = KpiStatus::not_measured;
      return;
    }
    if (std::isnan(row.target)) {
      row.status = KpiStatus::no_target;
      return;
    }
    const double good =
        row.kpi.direction == KpiDirection::up ? row.actual - row.target : row.target - row.actual;
    row.gap = row.target == 0 ? good : good / std::abs(row.target);
    const double missing = -row.gap - gap_tolerance;
    const bool near = row.target != 0 && missing <= options_.near;
    row.status = missing <= 0 ? KpiStatus::on : near ? KpiStatus::near : KpiStatus::off;
  }

  void follow(KpiRow& row) const {
    row.previous = row.change = unknown_number;
    const auto at = options_.previous.find(row.kpi.id);
    if (at == options_.previous.end() || at->second.empty()) return;
    std::vector<double> series = at->second;
    row.previous = series.back();
    series.push_back(row.actual);
    if (row.previous != 0) row.change = (row.actual - row.previous) / std::abs(row.previous);
    if (std::isnan(row.actual)) return;
    const double slope = median_slope(series);
    if (std::isnan(slope)) return;
    const bool flat = std::isnan(row.previous) || row.previous == 0
                          ? slope == 0
                          : std::abs(slope) < options_.steady * std::abs(row.previous);
    const bool up = (slope > 0) == (row.kpi.direction == KpiDirection::up);
    row.trend = flat || slope == 0 ? KpiTrend::steady : up ? KpiTrend::better : KpiTrend::worse;
  }

  void warn_of_row(const KpiRow& row, const KpiValue& actual) {
    const std::string& label = row.label;
    if (actual.divided_by_zero) {
      warn("zero_denominator", row.kpi.id,
           label + ": " + shown(actual.numerator) + " divided by " + shown(actual.denominator) +
               " says nothing.",
           label + ": " + shown(actual.numerator) + " chia cho " + shown(actual.denominator) +
               " thì không nói lên điều gì.");
      return;
    }
    if (row.status == KpiStatus::not_measured) {
      std::string missing;
      for (const std::string& name : actual.missing) missing += (missing.empty() ? "" : ", ") + shown(name);
      warn("not_measured", row.kpi.id,
           label + " is not measured" + (missing.empty() ? "" : " (missing: " + missing + ")") + ".",
           label + ": chưa được đo" + (missing.empty() ? "" : " (thiếu: " + missing + ")") + ".");
      return;
    }
    if (row.status == KpiStatus::no_target) {
      warn("no_target", row.kpi.id, label + " has no target.", label + ": chưa có mục tiêu.");
    }
    if (row.control_share < least_control_share - control_tolerance) {
      warn("not_controlled", row.kpi.id,
           label + ": " + percent_of(row.control_share) +
               " of what decides it lies with whoever answers for it, less than half.",
           label + ": chỉ " + percent_of(row.control_share) +
               " những gì quyết định con số này nằm trong tay bên chịu trách nhiệm, chưa đến một nửa.");
    }
  }

  void warn_of_card(const Scorecard& card) {
    const auto unmeasured = [](const KpiRow& row) { return row.status == KpiStatus::not_measured; };
    if (std::ranges::all_of(card.rows, unmeasured)) {
      warn("side", to_string(options_.card),
           card.title + ": nothing is measured; nobody can be judged by it.",
           card.title + ": chưa đo gì cả; không thể dùng để đánh giá ai.");
    }
    if (funnel_ == nullptr) return;
    const Role role = role_of(options_.card);
    const auto has_role = [&](const Owner& owner) { return owner.role == role; };
    if (role != Role::other && std::ranges::none_of(funnel_->owners(), has_role)) {
      warn("no_owner", to_string(options_.card), "No owner of the funnel has this role.",
           "Không bên nào trong phễu giữ vai trò này.");
    }
    constexpr const char* codes[] = {"stage", "owner", "side", "placeholder"};
    for (const MeasurementGap& gap : measurement_gaps(*funnel_, options_.language)) {
      warnings_.push_back({codes[static_cast<std::size_t>(gap.kind)], gap.name, gap.message});
    }
  }

  const Funnel* funnel_;
  const ScorecardOptions& options_;
  bool vi_;
  FigureSource actual_, target_;
  std::vector<Kpi> kpis_;
  std::vector<ParsedKpi> parsed_;
  std::vector<KpiWarning> warnings_;
};

}  // namespace detail

FUNNELGRAPH_INLINE std::string to_string(KpiStatus status) {
  constexpr const char* names[] = {"on", "near", "off", "no_target", "not_measured"};
  return names[static_cast<std::size_t>(status)];
}

FUNNELGRAPH_INLINE std::string to_string(KpiTrend trend) {
  constexpr const char* names[] = {"better", "steady", "worse", "unknown"};
  return names[static_cast<std::size_t>(trend)];
}

FUNNELGRAPH_INLINE std::string to_string(KpiSource source) {
  constexpr const char* names[] = {"none", "given", "formula", "funnel"};
  return names[static_cast<std::size_t>(source)];
}

FUNNELGRAPH_INLINE std::string to_string(KpiDirection direction) {
  return direction == KpiDirection::up ? "up" : "down";
}

FUNNELGRAPH_INLINE Scorecard scorecard(const Funnel& funnel, const ScorecardOptions& options) {
  return detail::ScorecardMaker(&funnel, options).make();
}

FUNNELGRAPH_INLINE Scorecard scorecard(const ScorecardOptions& options) {
  return detail::ScorecardMaker(nullptr, options).make();
}

}  // namespace funnelgraph::inline v0
