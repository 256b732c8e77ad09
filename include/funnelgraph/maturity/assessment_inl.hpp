#pragma once

#include <algorithm>
#include <cmath>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/maturity/assessment.hpp>
#include <funnelgraph/maturity/assessment_items_inl.hpp>
#include <funnelgraph/maturity/detail/mean_interval_inl.hpp>
#include <funnelgraph/maturity/detail/scored.hpp>
#include <funnelgraph/maturity/instrument_inl.hpp>
#include <funnelgraph/maturity/reliability_inl.hpp>

namespace funnelgraph::inline v0::maturity {
namespace detail {

[[nodiscard]] inline Score no_score() { return {unknown, unknown, unknown, std::nullopt, {}}; }

inline void check_options(const AssessOptions& options) {
  const auto need = [](bool holds, const char* where, double given, const char* allowed) {
    if (!holds) throw InvalidValueError(where, funnelgraph::detail::shown(given), allowed);
  };
  need(options.answered_share > 0 && options.answered_share <= 1, "answered_share", options.answered_share,
       "above 0 and at most 1");
  need(options.marketing_weight >= 0 && options.marketing_weight <= 1, "marketing_weight",
       options.marketing_weight, "0 to 1");
  need(options.level >= 0.5 && options.level <= 0.999, "level", options.level, "0.5 to 0.999");
  need(options.replications >= 200 && options.replications <= 1'000'000, "replications",
       static_cast<double>(options.replications), "200 to 1000000");
  need(options.permutations >= 99 && options.permutations <= 1'000'000, "permutations",
       static_cast<double>(options.permutations), "99 to 1000000");
  need(options.fast_seconds >= 0 && options.fast_seconds <= 3600, "fast_seconds", options.fast_seconds,
       "0 to 3600");
  if (options.respondent_consent && !options.head_consent) {
    throw InvalidValueError("respondent_consent", "true without head_consent",
                            "showing every respondent shows the heads: they must agree too");
  }
}

/// Scores of the sides, of their levels and of respondents, and how sure they are.
class Assessor {
 public:
  Assessor(const Instrument& instrument, const Answers& answers, const AssessOptions& options)
      : instrument_(instrument),
        table_(answers),
        options_(options),
        scored_(score_rows(instrument, answers, options.answered_share)) {}

  [[nodiscard]] Assessment run() {
    result_.instrument = instrument_;
    result_.options = options_;
    for (const Side side : both_sides) score_side(side);
    make_levels();
    make_respondents();
    make_overall();
    ItemAssessor(instrument_, options_, scored_, result_).run();
    make_flags();
    return std::move(result_);
  }

 private:
  static std::size_t at(Side side) { return static_cast<std::size_t>(side); }

  template <class Keep>
  [[nodiscard]] Counted scores(Keep keep) const {
    std::vector<double> values;
    for (std::size_t row = 0; row < scored_.rows; ++row) {
      if (!std::isnan(scored_.scores[row]) && keep(row)) values.push_back(scored_.scores[row]);
    }
    return counted(std::move(values));
  }

  [[nodiscard]] std::vector<double> resample(const Counted& sample, const std::string& name) const {
    return resampled_means(sample, name, options_.seed, options_.replications, options_.execution);
  }

  [[nodiscard]] Ends interval(const Counted& sample) const {
    if (sample.n < least_group) return {unknown, unknown};
    return mean_interval(sample, options_.level);
  }

  /// A score from its value and, unless there are no resampled values, its interval.
  [[nodiscard]] Score score_of(double value, const Ends& ends, const std::vector<double>& means) const {
    Score score = no_score();
    if (std::isnan(value)) return score;
    score.value = std::clamp(value, instrument_.lowest_score(), instrument_.highest_score());
    score.band = band_index(instrument_, score.value);
    if (means.empty()) return score;
    score.low = std::clamp(ends.low, instrument_.lowest_score(), instrument_.highest_score());
    score.high = std::clamp(ends.high, instrument_.lowest_score(), instrument_.highest_score());
    score.band_probability.assign(instrument_.bands.size(), 0.0);
    for (const double mean : means) score.band_probability[band_index(instrument_, mean)] += 1;
    for (double& share : score.band_probability) share /= static_cast<double>(means.size());
    return score;
  }

  void note(std::string code, std::size_t count, Texts text) {
    result_.notes.push_back({std::move(code), count, std::move(text)});
  }

  void score_side(Side side) {
    const std::size_t i = at(side);
    SideScore& result = result_.sides[i];
    result = {side, 0, 0, false, no_score(), unknown, unknown};
    std::size_t staff = 0;
    std::size_t unscored = 0;
    std::size_t prorated = 0;
    for (std::size_t row = 0; row < scored_.rows; ++row) {
      if (scored_.sides[row] != side) continue;
      ++result.respondents;
      if (std::isnan(scored_.scores[row])) {
        ++unscored;
        continue;
      }
      ++result.scored;
      if (scored_.levels[row] == Level::staff) ++staff;
      if (scored_.answered[row] < scored_.items) ++prorated;
    }
    const std::string name(to_string(side));
    if (unscored > 0) {
      note("unscored_" + name, unscored,
           {{"en", "answered too few statements to be scored"},
            {"vi", "trả lời quá ít câu nên không được tính điểm"}});
    }
    if (prorated > 0) {
      note("prorated_" + name, prorated,
           {{"en", "left statements out; these count as the mean of the respondent's own answers"},
            {"vi", "bỏ trống một số câu; các câu đó được tính bằng trung bình câu trả lời của chính họ"}});
    }
    if (result.respondents == 0) {
      note("nobody_" + name, 0,
           {{"en", "nobody of this side answered"}, {"vi", "không ai của bên này trả lời"}});
    }
    result.hidden = result.scored > 0 && staff == 0 && !options_.head_consent;
    if (result.hidden) {
      note("hidden_" + name, result.scored,
           {{"en", "only heads answered for this side and they did not agree to be shown apart"},
            {"vi", "bên này chỉ có trưởng bộ phận trả lời và họ chưa đồng ý cho hiển thị riêng"}});
    }
    if (result.scored > 0 && result.scored < least_group) {
      note("small_" + name, result.scored,
           {{"en",
             "fewer than five scored: no interval, p-value or probability of a band; talk the answers over"},
            {"vi",
             "dưới năm người được tính điểm: không có khoảng tin cậy, giá trị p hay xác suất của mức; hãy "
             "cùng trao đổi về các câu trả lời"}});
    }
    if (result.hidden || result.scored == 0) return;
    samples_[i] = scores([&](std::size_t row) { return scored_.sides[row] == side; });
    if (samples_[i].n >= least_group) means_[i] = resample(samples_[i], "score " + name);
    result.score = score_of(samples_[i].mean, interval(samples_[i]), means_[i]);
  }

  void make_levels() {
    for (const Side side : both_sides) {
      std::array<Counted, 2> parts;
      for (const Level level : {Level::staff, Level::head}) {
        parts[static_cast<std::size_t>(level)] = scores(
            [&](std::size_t row) { return scored_.sides[row] == side && scored_.levels[row] == level; });
      }
      const auto& [staff, heads] = parts;
      // A part that is the whole side is as open as the side; else both are open or neither is.
      const bool apart = staff.n > 0 && heads.n > 0;
      const bool hidden =
          result_.sides[at(side)].hidden || (apart && (!options_.head_consent || staff.n < least_group));
      for (const Level level : {Level::head, Level::staff}) {
        const Counted& part = parts[static_cast<std::size_t>(level)];
        LevelScore row{side, level, part.n, hidden, no_score()};
        if (!hidden && part.n > 0) {
          const std::string name = std::string(to_string(level)) + " " + std::string(to_string(side));
          const auto means = part.n >= least_group ? resample(part, "score " + name) : std::vector<double>();
          row.score = score_of(part.mean, interval(part), means);
        }
        result_.levels.push_back(std::move(row));
      }
      if (hidden && apart) {
        note("levels_" + std::string(to_string(side)), heads.n + staff.n,
             options_.head_consent
                 ? Texts{{"en", "fewer than five of staff: neither they nor the heads are shown apart"},
                         {"vi", "dưới năm nhân viên: không hiển thị riêng nhân viên lẫn trưởng bộ phận"}}
                 : Texts{{"en", "heads are shown apart from staff only with their consent"},
                         {"vi", "chỉ hiển thị riêng trưởng bộ phận khi họ đồng ý"}});
      }
    }
  }

  void make_respondents() {
    if (!options_.respondent_consent) return;
    for (std::size_t row = 0; row < scored_.rows; ++row) {
      result_.respondents.push_back({table_.respondents[row], scored_.sides[row], scored_.levels[row],
                                     scored_.answered[row], scored_.scores[row]});
    }
  }

  void make_overall() {
    const double weight = options_.marketing_weight;
    const std::string share = funnelgraph::detail::shown(std::round(weight * 1000) / 10);
    const std::string rest = funnelgraph::detail::shown(std::round((1 - weight) * 1000) / 10);
    result_.overall = {no_score(), weight, {}};
    result_.score_gap = no_score();
    const Score& marketing = result_.sides[0].score;
    const Score& sales = result_.sides[1].score;
    if (std::isnan(marketing.value) || std::isnan(sales.value)) {
      result_.overall.method = {{"en", "there is none: it needs the scores of both sides"},
                                {"vi", "không có: cần điểm của cả hai bên"}};
      return;
    }
    const auto written = [](double value) { return funnelgraph::detail::shown(std::round(value * 10) / 10); };
    result_.overall.method = {
        {"en", share + " % Marketing's score (" + written(marketing.value) + ") and " + rest +
                   " % Sales' score (" + written(sales.value) + "), however many answered on each side"},
        {"vi", share + " % điểm của Marketing (" + written(marketing.value) + ") và " + rest +
                   " % điểm của Bán hàng (" + written(sales.value) +
                   "), bất kể mỗi bên có bao nhiêu người trả lời"}};
    const bool sure = !means_[0].empty() && !means_[1].empty();
    std::vector<double> means(sure ? means_[0].size() : 0);
    for (std::size_t i = 0; i < means.size(); ++i) {
      means[i] = weight * means_[0][i] + (1 - weight) * means_[1][i];
    }
    const double value = weight * marketing.value + (1 - weight) * sales.value;
    const auto combined = [&](double of_marketing, double of_sales) {
      if (!sure) return Ends{unknown, unknown};
      return combined_interval(samples_[0], of_marketing, samples_[1], of_sales, options_.level);
    };
    result_.overall.score = score_of(value, combined(weight, 1 - weight), means);
    result_.score_gap.value = marketing.value - sales.value;
    if (sure) {
      const Ends ends = combined(1, -1);
      result_.score_gap.low = ends.low;
      result_.score_gap.high = ends.high;
    }
  }

  void make_flags() {
    for (std::size_t row = 0; row < scored_.rows; ++row) {
      const std::size_t answered = scored_.answered[row];
      if (answered * 2 >= scored_.items && answered >= 5) {
        double first = unknown;
        bool same = true;
        for (std::size_t item = 0; item < scored_.items; ++item) {
          const double given = table_.answers[row * scored_.items + item];
          if (std::isnan(given)) continue;
          if (std::isnan(first)) first = given;
          same = same && given == first;
        }
        if (same) result_.flags.push_back({row + 1, "straight_line"});
      }
      if (!table_.seconds.empty() && answered > 0 &&
          table_.seconds[row] < options_.fast_seconds * static_cast<double>(answered)) {
        result_.flags.push_back({row + 1, "too_fast"});
      }
    }
  }

  const Instrument& instrument_;
  const Answers& table_;
  const AssessOptions& options_;
  Scored scored_;
  std::array<Counted, 2> samples_;
  std::array<std::vector<double>, 2> means_;
  Assessment result_{};
};

}  // namespace detail

FUNNELGRAPH_INLINE Assessment assess(const Instrument& instrument, const Answers& answers,
                                     const AssessOptions& options) {
  refuse("instrument", validate(instrument));
  detail::check_options(options);
  refuse(answers.source, check_answers(instrument, answers));
  return detail::Assessor(instrument, answers, options).run();
}

}  // namespace funnelgraph::inline v0::maturity
