#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/maturity/advice_inl.hpp>
#include <funnelgraph/maturity/evidence.hpp>
#include <funnelgraph/maturity/evidence_figures_inl.hpp>
#include <funnelgraph/maturity/evidence_table_inl.hpp>

namespace funnelgraph::inline v0::maturity {
namespace detail {

inline constexpr std::array<std::string_view, 4> finding_words{"agree", "opinion_higher", "opinion_lower",
                                                               "unknown"};
/// Scores at the worst value, the three thresholds and the best one.
inline constexpr std::array<double, 5> band_scores{20, 40, 60, 80, 100};

[[nodiscard]] inline std::array<double, 5> points_of(const EvidenceIndicator& indicator) {
  return {indicator.worst, indicator.thresholds[0], indicator.thresholds[1], indicator.thresholds[2],
          indicator.best};
}

inline void check_indicator(const EvidenceIndicator& indicator) {
  const auto points = points_of(indicator);
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const bool well = indicator.lower_is_better ? points[i] > points[i + 1] : points[i] < points[i + 1];
    if (well && std::isfinite(points[i]) && std::isfinite(points[i + 1])) continue;
    throw InvalidValueError(
        "thresholds of " + std::string(to_string(indicator.kind)),
        funnelgraph::detail::shown(points[i]) + " before " + funnelgraph::detail::shown(points[i + 1]),
        indicator.lower_is_better ? "finite numbers that fall from worst to best"
                                  : "finite numbers that rise from worst to best");
  }
}

/// 20 to 100, straight between the points.
[[nodiscard]] inline double evidence_score(const EvidenceIndicator& indicator, double value) {
  if (std::isnan(value)) return unknown;
  const auto points = points_of(indicator);
  const auto reached = [&](double point) {
    return indicator.lower_is_better ? value <= point : value >= point;
  };
  if (!reached(points[0])) return band_scores.front();
  for (std::size_t i = 1; i < points.size(); ++i) {
    if (reached(points[i])) continue;
    return band_scores[i - 1] + (value - points[i - 1]) / (points[i] - points[i - 1]) * 20;
  }
  return band_scores.back();
}

[[nodiscard]] inline std::optional<Relationship> relationship_of(double score) {
  if (std::isnan(score)) return std::nullopt;
  return static_cast<Relationship>(score >= 80 ? 3 : score >= 60 ? 2 : score >= 40 ? 1 : 0);
}

[[nodiscard]] inline std::string relationship_word(Relationship type, bool vietnamese) {
  constexpr std::array<const char*, 4> words{"chưa xác định", "xác định", "gắn kết", "hợp nhất"};
  return vietnamese ? words[static_cast<std::size_t>(type)] : std::string(to_string(type));
}

[[nodiscard]] inline Texts evidence_text(const Evidence& evidence) {
  const std::string known = std::to_string(evidence.known);
  const std::string all = std::to_string(evidence.rows.size());
  if (!evidence.band) {
    return {{"en", "Too little is known: " + known + " of " + all + " indicators; three are needed."},
            {"vi", "Chưa đủ dữ liệu: biết " + known + " trên " + all + " chỉ báo; cần ít nhất ba."}};
  }
  const auto sentence = [&](bool vietnamese) {
    const std::string from = relationship_word(*evidence.band_low, vietnamese);
    const std::string to = relationship_word(*evidence.band_high, vietnamese);
    const std::string band = relationship_word(*evidence.band, vietnamese);
    std::string text = vietnamese
                           ? "Dữ liệu cho thấy mức " + band + ", theo " + known + " trên " + all + " chỉ báo"
                           : "The data shows " + band + ", from " + known + " of " + all + " indicators";
    if (from != to) {
      text += vietnamese ? "; nếu biết hết, có thể từ " + from + " đến " + to
                         : "; were all known it could be " + from + " to " + to;
    }
    return text + ".";
  };
  return {{"en", sentence(false)}, {"vi", sentence(true)}};
}

[[nodiscard]] inline Texts finding_text(Finding finding, Side side, const Texts& about) {
  const std::string english = side == Side::marketing ? "Marketing" : "Sales";
  const std::string vietnamese = side == Side::marketing ? "Marketing" : "Bán hàng";
  const std::string en = text_in(about, "en");
  const std::string vi = text_in(about, "vi");
  switch (finding) {
    case Finding::agree:
      return {{"en", english + " and the data agree: " + en},
              {"vi", vietnamese + " và dữ liệu khớp nhau: " + vi}};
    case Finding::opinion_higher:
      return {{"en", english + " thinks better of it than the data shows: " + en},
              {"vi", vietnamese + " đánh giá cao hơn những gì dữ liệu cho thấy: " + vi}};
    case Finding::opinion_lower:
      return {{"en", english + " thinks worse of it than the data shows: " + en},
              {"vi", vietnamese + " đánh giá thấp hơn những gì dữ liệu cho thấy: " + vi}};
    case Finding::unknown:
      break;
  }
  return {{"en", "not to be compared: " + en}, {"vi", "chưa thể so sánh: " + vi}};
}

}  // namespace detail

FUNNELGRAPH_INLINE std::string_view to_string(Finding finding) noexcept {
  return detail::finding_words[static_cast<std::size_t>(finding)];
}

FUNNELGRAPH_INLINE Evidence evidence(const EvidenceFigures& figures, const EvidenceOptions& options) {
  Evidence result;
  double sum = 0;
  double low = 0;
  double high = 0;
  for (const EvidenceIndicator& indicator : options.table.empty() ? evidence_indicators() : options.table) {
    detail::check_indicator(indicator);
    const EvidenceFigure& figure = figures[static_cast<std::size_t>(indicator.kind)];
    EvidenceRow row{indicator, figure, detail::evidence_score(indicator, figure.value), std::nullopt};
    row.band = detail::relationship_of(row.score);
    if (std::isnan(row.score)) {
      result.unknown.emplace_back(to_string(indicator.kind));
      low += detail::band_scores.front();
      high += detail::band_scores.back();
    } else {
      ++result.known;
      sum += row.score;
      const auto end = [&](double value) {
        return std::isnan(value) ? row.score : detail::evidence_score(indicator, value);
      };
      low += std::min(end(figure.low), end(figure.high));
      high += std::max(end(figure.low), end(figure.high));
    }
    result.rows.push_back(std::move(row));
  }
  if (result.known >= least_indicators) {
    const auto all = static_cast<double>(result.rows.size());
    result.score = sum / static_cast<double>(result.known);
    result.low = low / all;
    result.high = high / all;
    result.band = detail::relationship_of(result.score);
    result.band_low = detail::relationship_of(result.low);
    result.band_high = detail::relationship_of(result.high);
  }
  result.text = detail::evidence_text(result);
  return result;
}

FUNNELGRAPH_INLINE Evidence evidence(const fit::Statistics& statistics, const fit::FunnelOptions& funnel,
                                     const EvidenceOptions& options) {
  return evidence(evidence_figures(statistics.to_funnel(funnel)), options);
}

FUNNELGRAPH_INLINE std::vector<EvidenceOpinion> compare_with(const Evidence& evidence,
                                                             const Assessment& assessment,
                                                             double least_difference) {
  if (!(least_difference > 0)) {
    throw InvalidValueError("least_difference", funnelgraph::detail::shown(least_difference), "above 0");
  }
  const Instrument& instrument = assessment.instrument;
  const auto lowest = static_cast<double>(instrument.lowest);
  const auto steps = static_cast<double>(instrument.highest) - lowest;
  std::vector<EvidenceOpinion> rows;
  const auto add = [&](std::string id, Side side, double opinion, double shown, const Texts& about) {
    const double difference = opinion - shown;
    const Finding finding = std::isnan(difference)            ? Finding::unknown
                            : difference >= least_difference  ? Finding::opinion_higher
                            : difference <= -least_difference ? Finding::opinion_lower
                                                              : Finding::agree;
    rows.push_back({std::move(id), side, opinion, shown, difference, finding,
                    detail::finding_text(finding, side, about)});
  };
  for (const Side side : both_sides) {
    for (const EvidenceRow& row : evidence.rows) {
      double sum = 0;
      double count = 0;
      for (const ItemReliability& item : assessment.items) {
        if (item.side != side || std::isnan(item.mean)) continue;
        const std::string& id = instrument.statements[item.statement].id;
        const auto& wanted = row.indicator.statements;
        if (std::find(wanted.begin(), wanted.end(), id) == wanted.end()) continue;
        sum += item.mean;
        count += 1;
      }
      add(std::string(to_string(row.indicator.kind)), side,
          20 + 80 * (detail::ratio(sum, count) - lowest) / steps, row.score, row.indicator.name);
    }
    const double range = instrument.highest_score() - instrument.lowest_score();
    add("score", side, 20 + 80 * (assessment.side(side).score.value - instrument.lowest_score()) / range,
        evidence.score, {{"en", "the relationship as a whole"}, {"vi", "quan hệ nói chung"}});
  }
  std::stable_sort(rows.begin(), rows.end(), [](const EvidenceOpinion& a, const EvidenceOpinion& b) {
    const auto place = [](const EvidenceOpinion& row) {
      const int group = row.finding == Finding::unknown ? 2 : row.finding == Finding::agree ? 1 : 0;
      return std::tuple(group, group == 2 ? 0.0 : -std::abs(row.difference));
    };
    return place(a) < place(b);
  });
  return rows;
}

}  // namespace funnelgraph::inline v0::maturity
