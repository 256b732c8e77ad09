// What Marketing and Sales rub against each other about: money, or the way they see time and work.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <funnelgraph/config.hpp>
#include <funnelgraph/maturity/advice.hpp>
#include <funnelgraph/maturity/assessment.hpp>

namespace funnelgraph::inline v0::maturity {

/// Figures of a funnel that speak of friction; NaN = unknown. `funnel_figures.hpp` takes what it can from a
/// funnel; the rest is for the user to give.
struct FrictionFigures {
  static constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  double commission = unknown;    ///< commissions as a share of revenue
  double price_losses = unknown;  ///< share of the losses with a reason that were about the price
  double promotion = unknown;     ///< what Marketing pays for entrants, as a share of all cost
  double unfit = unknown;         ///< share of what Sales received that it screened out
  double budget = unknown;        ///< the larger side's part of what both spend, 0.5 to 1
  double load = unknown;          ///< highest utilisation of a stage of Sales
  double horizon = unknown;    ///< days a journey waits with Marketing for each day that it waits with Sales
  double undefined = unknown;  ///< share of the stages next to hand-offs without definition or acceptance
  double unmeasured =
      unknown;  ///< how much smaller the measured share of the less measured side's numbers is
  double unanswered = unknown;  ///< share of the leads handed over that got no answer on record
};

/// Which figure an indicator reads, in the order of FrictionFigures.
enum class FrictionFigure : std::uint8_t {
  commission,
  price_losses,
  promotion,
  unfit,
  budget,
  load,
  horizon,
  undefined,
  unmeasured,
  unanswered,
  none
};
/// "commission", as it is written in code.
[[nodiscard]] std::string_view to_string(FrictionFigure figure) noexcept;
[[nodiscard]] double figure_of(const FrictionFigures& figures, FrictionFigure figure) noexcept;

/// One sign of friction, as data. It shows where the mean answer of either side to one of its statements is
/// low, where the figure has reached the threshold, or where a condition of the decision table holds.
struct FrictionIndicator {
  std::string id;
  Friction kind;
  Texts topic;                          ///< "price", "language"
  Texts text;                           ///< what the two rub against
  std::vector<std::string> statements;  ///< ids of the instrument
  FrictionFigure figure = FrictionFigure::none;
  double threshold = 0;     ///< from this on the figure is a sign; an assumption, to edit
  std::string condition{};  ///< id of `conditions()`, or empty
};

/// Economic: price (two), promotion, product, budget, head-count; cultural: time, language, blame, distance,
/// measures, feedback.
[[nodiscard]] const std::vector<FrictionIndicator>& friction_indicators();

/// Where an answer lies on the scale, 0 to 1, at or below which it is a sign: 2.5 of 1 to 5. An assumption.
inline constexpr double low_answer = 0.375;

struct FrictionOptions {
  FrictionFigures figures{};
  Replies replies{};
  std::string marketing_role{};  ///< id of `marketing_roles()`, or empty
  double low_answer = maturity::low_answer;
  std::vector<FrictionIndicator> table{};  ///< empty = `friction_indicators()`
};

/// One indicator with what was seen. NaN and `unknown` where there was nothing to see.
struct FrictionRow {
  FrictionIndicator indicator;
  Reply shows;            ///< yes where any source is a sign; no where there is one and none is; else unknown
  bool expected;          ///< of the kind that Marketing's role leads one to expect
  std::string statement;  ///< of its statements the one with the lowest mean answer of a side
  Side side;              ///< whose answer that is
  double answer;          ///< that mean
  double figure;
  Reply by_answers, by_figure, by_condition;
};

/// Those that show first, expected ones before others, then in the order of the table.
struct FrictionReport {
  std::vector<FrictionRow> rows;
  std::size_t economic = 0, cultural = 0;  ///< how many show
  std::size_t unknown = 0;                 ///< how many nothing is known of
  Texts text;                              ///< which kind prevails
  Texts frame;  ///< what Marketing's role in the company leads one to expect; empty when none was given
};

/// Names the friction between the sides. `assessment` may be null; what it withholds stays unknown.
/// Statements that its instrument does not have do not count. Throws UnknownNameError for a role or condition
/// that does not exist, InvalidValueError for `low_answer` outside 0 to 1. O(indicators * statements).
[[nodiscard]] FrictionReport friction(const Assessment* assessment, const FrictionOptions& options = {});

}  // namespace funnelgraph::inline v0::maturity

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/maturity/friction_inl.hpp>
#include <funnelgraph/maturity/friction_table_inl.hpp>
#endif
