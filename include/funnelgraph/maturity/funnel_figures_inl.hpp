#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <funnelgraph/maturity/funnel_figures.hpp>
#include <funnelgraph/maturity/owner_roles_inl.hpp>
#include <funnelgraph/maturity/reliability_inl.hpp>

namespace funnelgraph::inline v0::maturity {
namespace detail {

/// Commissions of a period, undiscounted.
[[nodiscard]] inline double commissions(const Funnel& funnel, const Analysis& analysis) {
  double sum = 0;
  for (const Stage& stage : funnel.stages()) {
    if (stage.commission.value == 0) continue;
    sum += analysis.visits(stage.name) * stage.value.value * stage.commission.value;
  }
  for (const Outcome& outcome : funnel.outcomes()) {
    if (outcome.commission.value == 0) continue;
    sum += analysis.count(outcome.name) * outcome.value.value * outcome.commission.value;
  }
  return sum;
}

/// Revenue of a period, undiscounted.
[[nodiscard]] inline double revenue_of(const Funnel& funnel, const Analysis& analysis) {
  double sum = 0;
  for (const Stage& stage : funnel.stages()) sum += analysis.visits(stage.name) * stage.value.value;
  for (const Outcome& outcome : funnel.outcomes()) {
    const double count = analysis.count(outcome.name);
    if (count > 0) sum += count * outcome.value.value;
  }
  for (const Transition& t : funnel.transitions()) {
    if (t.value.value != 0) sum += analysis.visits(t.from) * analysis.rate(t.from, t.to) * t.value.value;
  }
  return sum;
}

/// Sums of the ledger's rows of some owners.
struct SideLedger {
  double received = 0, screened = 0, waiting = 0, cost = 0;
};
[[nodiscard]] inline SideLedger side_ledger(const Analysis& analysis,
                                            const std::vector<std::string>& owners) {
  SideLedger sum;
  for (const OwnerRow& row : analysis.owners) {
    if (std::find(owners.begin(), owners.end(), row.owner) == owners.end()) continue;
    sum.received += row.received;
    sum.screened += row.screened;
    sum.waiting += row.waiting_days;
    sum.cost += row.cost;
  }
  return sum;
}

/// Share of the numbers of some owners that were measured; numbers that are 0 and not measured do not count.
[[nodiscard]] inline double measured_share(const Funnel& funnel, const std::vector<std::string>& owners) {
  double measured = 0;
  double all = 0;
  for (const Parameter& parameter : funnel.parameters()) {
    const double part = share_of(funnel.ownership(parameter), owners);
    const Number number = funnel.get_number(parameter);
    const bool is_measured = number.source.kind() == SourceKind::measured;
    if (!(part > 0) || (number.value == 0 && !is_measured)) continue;
    all += part;
    if (is_measured) measured += part;
  }
  return ratio(measured, all);
}

}  // namespace detail

FUNNELGRAPH_INLINE FrictionFigures friction_figures(const Funnel& funnel, const AnalysisOptions& options) {
  const Analysis analysis = analyze(funnel, options);
  const std::vector<std::string> marketers = owners_of(funnel, Side::marketing);
  const std::vector<std::string> sellers = owners_of(funnel, Side::sales);
  const detail::SideLedger marketing = detail::side_ledger(analysis, marketers);
  const detail::SideLedger sales = detail::side_ledger(analysis, sellers);
  FrictionFigures figures;
  figures.commission =
      detail::ratio(detail::commissions(funnel, analysis), detail::revenue_of(funnel, analysis));
  if (!marketers.empty()) {
    double promotion = 0;
    for (const Entry& entry : funnel.entries()) {
      const Parameter cost = entry_cost(entry.stage, entry.channel);
      promotion += entry.volume.value * entry.cost.value * share_of(funnel.ownership(cost), marketers);
    }
    figures.promotion = detail::ratio(promotion, analysis.cost);
  }
  if (!sellers.empty()) {
    figures.unfit = detail::ratio(sales.screened, sales.received);
    for (const StageRow& row : analysis.stages) {
      if (std::isnan(row.utilisation) || !(share_of(funnel.stage(row.stage).owner, sellers) > 0)) continue;
      if (!(figures.load >= row.utilisation)) figures.load = row.utilisation;
    }
  }
  if (!marketers.empty() && !sellers.empty()) {
    figures.budget = detail::ratio(std::max(marketing.cost, sales.cost), marketing.cost + sales.cost);
    figures.horizon = detail::ratio(detail::ratio(marketing.waiting, marketing.received),
                                    detail::ratio(sales.waiting, sales.received));
    figures.undefined = 1 - defined_share(funnel);
    const double of_marketing = detail::measured_share(funnel, marketers);
    const double of_sales = detail::measured_share(funnel, sellers);
    if (of_marketing > 0 || of_sales > 0) figures.unmeasured = std::abs(of_marketing - of_sales);
  }
  return figures;
}

FUNNELGRAPH_INLINE MoneyFigures money_figures(const Funnel& funnel, const AnalysisOptions& options) {
  const Analysis analysis = analyze(funnel, options);
  MoneyFigures figures;
  figures.revenue = detail::revenue_of(funnel, analysis);
  figures.wins = 0;
  for (const Outcome& outcome : funnel.outcomes()) {
    if (outcome.kind == OutcomeKind::won) figures.wins += analysis.count(outcome.name);
  }
  figures.margin = detail::ratio(figures.revenue - detail::commissions(funnel, analysis), figures.wins);
  double cost = 0;
  double fixed = 0;
  for (const Entry& entry : funnel.entries()) cost += entry.volume.value * entry.cost.value;
  for (const Owner& owner : funnel.owners()) fixed += owner.fixed_cost.value;
  figures.entry_cost = detail::ratio(cost, analysis.entrants);
  // Everything but fixed costs grows with the entrants, while no stage sheds.
  figures.entrant = detail::ratio(analysis.profit + fixed, analysis.entrants);
  return figures;
}

}  // namespace funnelgraph::inline v0::maturity
