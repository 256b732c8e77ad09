#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/maturity/advice_inl.hpp>
#include <funnelgraph/maturity/friction.hpp>
#include <funnelgraph/maturity/friction_table_inl.hpp>
#include <funnelgraph/maturity/reliability_inl.hpp>

namespace funnelgraph::inline v0::maturity {
namespace detail {

inline constexpr std::array<std::string_view, 11> friction_figure_words{
    "commission", "price_losses", "promotion",  "unfit",      "budget", "load",
    "horizon",    "undefined",    "unmeasured", "unanswered", ""};

[[nodiscard]] inline Texts prevailing_text(const FrictionReport& report) {
  if (report.economic == 0 && report.cultural == 0) {
    if (report.unknown == report.rows.size()) {
      return {{"en", "Nothing is known of friction yet."}, {"vi", "Chưa có thông tin về va chạm."}};
    }
    return {{"en", "No sign of friction in what is known."},
            {"vi", "Chưa thấy dấu hiệu va chạm trong những gì đã biết."}};
  }
  const std::string counts =
      std::to_string(report.economic) + " economic, " + std::to_string(report.cultural) + " cultural";
  const std::string vietnamese = std::to_string(report.economic) + " dấu hiệu về kinh tế, " +
                                 std::to_string(report.cultural) + " về văn hóa";
  if (report.economic == report.cultural) {
    return {{"en", "Signs of friction: " + counts + "; neither kind prevails."},
            {"vi", "Dấu hiệu va chạm: " + vietnamese + "; không loại nào trội hơn."}};
  }
  const bool economic = report.economic > report.cultural;
  return {{"en", "Signs of friction: " + counts + "; it is mostly " +
                     (economic ? "about money." : "about how the two see time and work.")},
          {"vi", "Dấu hiệu va chạm: " + vietnamese + "; chủ yếu " +
                     (economic ? "về tiền." : "về cách nhìn thời gian và công việc.")}};
}

}  // namespace detail

FUNNELGRAPH_INLINE std::string_view to_string(FrictionFigure figure) noexcept {
  return detail::friction_figure_words[static_cast<std::size_t>(figure)];
}

FUNNELGRAPH_INLINE double figure_of(const FrictionFigures& figures, FrictionFigure figure) noexcept {
  switch (figure) {
    case FrictionFigure::commission:
      return figures.commission;
    case FrictionFigure::price_losses:
      return figures.price_losses;
    case FrictionFigure::promotion:
      return figures.promotion;
    case FrictionFigure::unfit:
      return figures.unfit;
    case FrictionFigure::budget:
      return figures.budget;
    case FrictionFigure::load:
      return figures.load;
    case FrictionFigure::horizon:
      return figures.horizon;
    case FrictionFigure::undefined:
      return figures.undefined;
    case FrictionFigure::unmeasured:
      return figures.unmeasured;
    case FrictionFigure::unanswered:
      return figures.unanswered;
    case FrictionFigure::none:
      break;
  }
  return FrictionFigures::unknown;
}

FUNNELGRAPH_INLINE FrictionReport friction(const Assessment* assessment, const FrictionOptions& options) {
  if (!(options.low_answer >= 0 && options.low_answer <= 1)) {
    throw InvalidValueError("low_answer", funnelgraph::detail::shown(options.low_answer), "0 to 1");
  }
  // Names are looked up as advice does it.
  const Advice advice = advise(Relationship::undefined, options.replies, options.marketing_role);
  const MarketingRole* role = nullptr;
  for (const MarketingRole& candidate : marketing_roles()) {
    if (candidate.id == options.marketing_role) role = &candidate;
  }
  FrictionReport report;
  report.frame = advice.frame;
  const auto& table = options.table.empty() ? friction_indicators() : options.table;
  for (const FrictionIndicator& indicator : table) {
    FrictionRow row{indicator,
                    Reply::unknown,
                    role != nullptr && role->kind == indicator.kind,
                    {},
                    Side::marketing,
                    detail::unknown,
                    detail::unknown,
                    Reply::unknown,
                    Reply::unknown,
                    Reply::unknown};
    if (assessment != nullptr) {
      for (const ItemReliability& item : assessment->items) {
        const std::string& id = assessment->instrument.statements[item.statement].id;
        const bool asked = std::find(indicator.statements.begin(), indicator.statements.end(), id) !=
                           indicator.statements.end();
        if (!asked || std::isnan(item.mean) || !(std::isnan(row.answer) || item.mean < row.answer)) continue;
        row.answer = item.mean;
        row.side = item.side;
        row.statement = id;
      }
      const double lowest = assessment->instrument.lowest;
      const double place = (row.answer - lowest) / (assessment->instrument.highest - lowest);
      if (!std::isnan(place)) row.by_answers = place <= options.low_answer ? Reply::yes : Reply::no;
    }
    row.figure = figure_of(options.figures, indicator.figure);
    if (!std::isnan(row.figure)) {
      row.by_figure = row.figure >= indicator.threshold ? Reply::yes : Reply::no;
    }
    if (const auto reply = options.replies.find(indicator.condition); reply != options.replies.end()) {
      row.by_condition = reply->second;
    }
    const auto any = [&](Reply wanted) {
      return row.by_answers == wanted || row.by_figure == wanted || row.by_condition == wanted;
    };
    row.shows = any(Reply::yes) ? Reply::yes : any(Reply::no) ? Reply::no : Reply::unknown;
    if (row.shows == Reply::yes) {
      ++(indicator.kind == Friction::economic ? report.economic : report.cultural);
    }
    if (row.shows == Reply::unknown) ++report.unknown;
    report.rows.push_back(std::move(row));
  }
  const auto place = [](const FrictionRow& row) {
    const int shows = row.shows == Reply::yes ? 0 : row.shows == Reply::no ? 1 : 2;
    return std::tuple(shows, !row.expected);
  };
  std::stable_sort(report.rows.begin(), report.rows.end(),
                   [&](const FrictionRow& a, const FrictionRow& b) { return place(a) < place(b); });
  report.text = detail::prevailing_text(report);
  return report;
}

}  // namespace funnelgraph::inline v0::maturity
