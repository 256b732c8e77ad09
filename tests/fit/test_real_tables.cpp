// Real tables against figures that were computed independently (pandas).
#include <cmath>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/fit/delimited.hpp>
#include <funnelgraph/fit/milestones.hpp>
#include <funnelgraph/model/validate.hpp>

#include "support/oracle.hpp"
#include "table.hpp"

using Catch::Matchers::WithinRel;
namespace fg = funnelgraph;
namespace fit = funnelgraph::fit;

namespace {

/// Sums are exact and rounded once on our side; pandas rounds at each step: 1e-12 covers both.
constexpr double tolerance = 1e-12;

const std::vector<std::pair<std::string, std::string>> stage_columns = {{"lead", "Lead_Date"},
                                                                        {"qualified", "Qualification_Date"},
                                                                        {"site visit", "Site_Visit_Date"},
                                                                        {"negotiation", "Negotiation_Date"},
                                                                        {"booking", "Booking_Date"},
                                                                        {"sold", "Sale_Date"}};

/// Leads with the sale date and price of Sales.csv.
test::Table real_estate(const std::filesystem::path& folder) {
  const fit::DelimitedTable leads = fit::read_delimited((folder / "Leads.csv").string());
  const fit::DelimitedTable sales = fit::read_delimited((folder / "Sales.csv").string());
  const std::vector<fit::Tick> sale_dates = sales.times("Sale_Date");
  const std::vector<double> sale_prices = sales.numbers("Sale_Value_AED");
  std::map<std::string, std::size_t> sale;
  for (std::size_t i = 0; i < sales.rows(); ++i) sale[sales.text("Lead_ID")[i]] = i;
  std::vector<fit::Tick> dates;
  std::vector<double> prices;
  for (const std::string& lead : leads.text("Lead_ID")) {
    const auto at = sale.find(lead);
    dates.push_back(at == sale.end() ? fit::no_tick : sale_dates[at->second]);
    prices.push_back(at == sale.end() ? std::nan("") : sale_prices[at->second]);
  }
  test::Table table(leads.rows());
  for (const char* name : {"Lead_ID", "Lost_Reason", "Marketing_Channel", "Agent_ID", "Lead_Status"}) {
    table.text(name, {leads.text(name).begin(), leads.text(name).end()});
  }
  table.numbers("Marketing_Cost_AED", leads.numbers("Marketing_Cost_AED"));
  table.ticks_of("Sale_Date", dates).numbers("Sale_Value_AED", prices);
  for (const auto& [stage, column] : stage_columns) {
    if (column != "Sale_Date") table.ticks_of(column, leads.times(column));
  }
  return table;
}

fit::MilestoneOptions real_estate_options() {
  fit::MilestoneOptions options{.journey = "Lead_ID", .lost = "Lost_Reason"};
  for (const auto& [stage, column] : stage_columns) options.stages.push_back({stage, column});
  options.reasons = {{"Financing / mortgage rejected", "Outside"}, {"Chose competitor project", "Outside"}};
  options.amount = "Sale_Value_AED";
  options.cost = "Marketing_Cost_AED";
  options.segment = "Marketing_Channel";
  return options;
}

}  // namespace

TEST_CASE("a real table of leads gives its reference figures [42] [44]") {
  const auto data = test::data_dir();
  if (!data) SKIP("no shared data: set FUNNELGRAPH_DATA");
  const auto reference = test::parse_json(test::read_text(*data / "realestate_funnel" / "reference.json"));
  const test::Table table = real_estate(*data / "realestate_funnel");
  fit::MilestoneOptions options = real_estate_options();
  const fit::Statistics statistics = fit::milestones(table, options);

  CHECK(statistics.journeys() == 5000);
  for (const auto& [stage, column] : stage_columns) {
    INFO(stage);
    CHECK(statistics.entered(stage) == reference.at("reached").at(column).to_number<std::uint64_t>());
  }
  std::map<std::pair<std::string, std::string>, fit::TransitionRow> rows;
  for (const fit::TransitionRow& row : statistics.transitions()) rows[{row.from, row.to}] = row;
  for (std::size_t k = 0; k + 1 < stage_columns.size(); ++k) {
    const std::string step = stage_columns[k].second + "->" + stage_columns[k + 1].second;
    INFO(step);
    const fit::TransitionRow& row = rows.at({stage_columns[k].first, stage_columns[k + 1].first});
    const auto& days = reference.at("step_days").at(step);
    CHECK(row.count == days.at("n").to_number<std::uint64_t>());
    CHECK(row.lag_number == row.count);
    CHECK_THAT(row.rate, WithinRel(test::number(reference.at("step_rate").at(step)), tolerance));
    CHECK_THAT(row.lag_mean, WithinRel(test::number(days.at("mean")), tolerance));
    CHECK_THAT(row.lag_sd, WithinRel(test::number(days.at("sd")), tolerance));
    CHECK(row.lag_median == test::number(days.at("median")));  // whole days
    CHECK_THAT(statistics.lag_quantile(row.from, row.to, 0.9),
               WithinRel(test::number(days.at("p90")), tolerance));
    CHECK(statistics.lag_quantile(row.from, row.to, 0) == test::number(days.at("min")));
    CHECK(statistics.lag_quantile(row.from, row.to, 1) == test::number(days.at("max")));
    CHECK(row.low < row.rate_closed);
    CHECK(row.rate_closed < row.high);
  }
  // Lost and open by their last stage.
  const auto& last = reference.at("status_x_last_stage");
  std::uint64_t open = 0;
  const std::vector<fit::StageCount> stages = statistics.stages();
  for (std::size_t k = 0; k + 1 < stage_columns.size(); ++k) {
    INFO(stage_columns[k].first);
    CHECK(statistics.count(stage_columns[k].first, "lost") ==
          last.at("Lost|" + stage_columns[k].second).to_number<std::uint64_t>());
    open += stages[k].open;
    CHECK(stages[k].dropped == 0);
  }
  CHECK(open == 27 + 12 + 10 + 15 + 18 + 7);
  CHECK(stages[0].open == 22);
  // Loss reasons and their owners.
  std::map<std::string, std::uint64_t> reasons, owners;
  for (const fit::LossRow& row : statistics.losses()) {
    reasons[row.reason] += row.count;
    owners[row.owner] += row.count;
  }
  for (const auto& item : reference.at("lost_reason").as_object()) {
    if (item.key() == "(null)") continue;
    INFO(std::string(item.key()));
    CHECK(reasons.at(std::string(item.key())) == item.value().to_number<std::uint64_t>());
  }
  CHECK(owners ==
        std::map<std::string, std::uint64_t>{{"Outside", 554 + 488}, {"not assigned", 4098 - 554 - 488}});
  // From lead to sale.
  for (const fit::CycleRow& row : statistics.cycles()) {
    if (row.end != "sold") continue;
    const auto& days = reference.at("lead_to_sale_days");
    CHECK(row.number == 813);
    CHECK_THAT(row.mean, WithinRel(test::number(days.at("mean")), tolerance));
    CHECK_THAT(row.sd, WithinRel(test::number(days.at("sd")), tolerance));
    CHECK(row.median == test::number(days.at("median")));
  }
  // By channel.
  std::map<std::pair<std::string, std::string>, std::uint64_t> entered;
  for (const fit::StageCount& row : statistics.stages_by_segment())
    entered[{row.segment, row.stage}] = row.entered;
  std::map<std::string, double> cost, revenue;
  for (const fit::MeasureRow& row : statistics.measures()) {
    if (row.stage == "lead" && row.measure == "cost") cost[row.segment] = row.sum;
    if (row.stage == "sold" && row.measure == "amount") revenue[row.segment] = row.sum;
  }
  for (const auto& item : reference.at("by_channel").as_object()) {
    const std::string channel(item.key());
    INFO(channel);
    CHECK(entered.at({channel, "lead"}) == item.value().at("leads").to_number<std::uint64_t>());
    CHECK(entered.at({channel, "qualified"}) == item.value().at("qualified").to_number<std::uint64_t>());
    CHECK(entered.at({channel, "sold"}) == item.value().at("sold").to_number<std::uint64_t>());
    CHECK_THAT(cost.at(channel), WithinRel(test::number(item.value().at("cost")), tolerance));
    CHECK_THAT(revenue.at(channel), WithinRel(test::number(item.value().at("revenue")), tolerance));
  }
  // Nothing irregular in this table: only what is open, undated, unmapped, unpriced.
  for (const fit::Note& note : statistics.notes()) {
    INFO(note.code);
    CHECK((note.code == "open" || note.code == "lost_undated" || note.code == "reason_unmapped"));
    CHECK(note.rows.size() <= fit::note_rows);
  }

  SECTION("by agent, with agents that are missing") {
    options.segment = "Agent_ID";
    const fit::Statistics by_agent = fit::milestones(table, options);
    for (const fit::StageCount& row : by_agent.stages_by_segment()) {
      const auto& agent = reference.at("by_agent").at(row.segment == "(none)" ? "(null)" : row.segment);
      if (row.stage == "lead") CHECK(row.entered == agent.at("leads").to_number<std::uint64_t>());
      if (row.stage == "sold") CHECK(row.entered == agent.at("sold").to_number<std::uint64_t>());
    }
  }

  SECTION("the funnel of this table") {
    const fg::Funnel funnel = statistics.to_funnel({.name = "Flats",
                                                    .currency = "AED",
                                                    .owners = {{"lead", "Marketing"},
                                                               {"qualified", "Sales"},
                                                               {"site visit", "Sales"},
                                                               {"negotiation", "Sales"},
                                                               {"booking", "Sales"}},
                                                    .values = {{"sold", "amount"}}});
    for (const fg::Issue& issue : fg::validate(funnel)) FAIL_CHECK(issue.where + ": " + issue.message);
    CHECK(funnel.stages().size() == 5);
    CHECK(funnel.owner("Marketing").role == fg::Role::marketing);
    CHECK(funnel.owner("Outside").role == fg::Role::outside);
    CHECK(funnel.outcome("sold").kind == fg::OutcomeKind::won);
    CHECK_THAT(funnel.outcome("sold").value.value, WithinRel(2225544000.0 / 813, tolerance));
    CHECK(funnel.outcome("sold").value.source.n() == 813);
    CHECK(funnel.outcome("lost (Outside)").owner == fg::Ownership("Outside"));
    CHECK(funnel.outcome("lost").owner.empty());
    const fg::Transition& step = funnel.transition("lead", "qualified");
    CHECK_THAT(step.rate.value, WithinRel(2278.0 / (5000 - 22), tolerance));
    CHECK(step.rate.source.kind() == fg::SourceKind::measured);
    CHECK(step.rate.source.n() == 5000 - 22);
    CHECK(step.observed == fg::Observed{2278, 5000, 22});
    CHECK_THAT(
        step.lag.mean.value,
        WithinRel(test::number(reference.at("step_days").at("Lead_Date->Qualification_Date").at("mean")),
                  tolerance));
    // Every lead has a channel, a cost and one entry.
    CHECK(funnel.entries().size() == 6);
    double leads = 0;
    for (const fg::Entry& entry : funnel.entries()) {
      INFO(entry.channel);
      const auto& channel = reference.at("by_channel").at(entry.channel);
      CHECK(entry.volume.value == test::number(channel.at("leads")));
      CHECK_THAT(entry.cost.value, WithinRel(test::number(channel.at("cost_per_lead")), tolerance));
      leads += entry.volume.value;
    }
    CHECK(leads == 5000);
    // Losses have no date here: their lag is not known.
    CHECK_FALSE(funnel.transition("lead", "lost").lag.distribution().known());
  }
}

TEST_CASE("won and lost deals share a closing date: the status decides") {
  const auto data = test::data_dir();
  if (!data) SKIP("no shared data: set FUNNELGRAPH_DATA");
  const auto reference = test::parse_json(test::read_text(*data / "crm_maven" / "reference.json"));
  const fit::DelimitedTable file = fit::read_delimited((*data / "crm_maven" / "sales_pipeline.csv").string());
  const fit::TypedTable deals(file, {.times = {"engage_date", "close_date"}, .numbers = {"close_value"}});
  const fit::Statistics statistics =
      fit::milestones(deals.columns(), {.journey = "opportunity_id",
                                        .stages = {{"engaged", "engage_date"}, {"won", "close_date"}},
                                        .status = "deal_stage",
                                        .lost_at = "close_date",
                                        .amount = "close_value",
                                        .segment = "sales_agent",
                                        .person = "sales_agent"});
  std::map<std::string, std::uint64_t> notes;
  for (const fit::Note& note : statistics.notes()) notes[note.code] = note.count;
  const auto& kinds = reference.at("stages");
  CHECK(statistics.count("engaged", "won") == kinds.at("Won").to_number<std::uint64_t>());
  CHECK(statistics.count("engaged", "lost") == kinds.at("Lost").to_number<std::uint64_t>());
  CHECK(notes.at("open") == kinds.at("Engaging").to_number<std::uint64_t>());
  CHECK(notes.at("no_dates") == kinds.at("Prospecting").to_number<std::uint64_t>());
  CHECK(notes.at("status_over_date") == kinds.at("Lost").to_number<std::uint64_t>());
  for (const fit::TransitionRow& row : statistics.transitions()) {
    INFO(row.to);
    const auto& days = reference.at("cycle_days").at(row.to == "won" ? "Won" : "Lost");
    CHECK(row.lag_number == days.at("n").to_number<std::uint64_t>());
    CHECK_THAT(row.lag_mean, WithinRel(test::number(days.at("mean")), tolerance));
    CHECK_THAT(row.lag_sd, WithinRel(test::number(days.at("sd")), tolerance));
    CHECK(row.lag_median == test::number(days.at("median")));
    if (row.to == "won")
      CHECK_THAT(row.rate_closed, WithinRel(test::number(reference.at("win_rate_closed")), tolerance));
  }
  for (const fit::MeasureRow& row : statistics.measures()) {
    if (row.stage == "won")
      CHECK(row.sum == test::number(reference.at("by_sales_agent").at(row.segment).at("revenue")));
  }
  // Rates by person are shrunk: between the person's own and everybody's.
  const double pooled = test::number(reference.at("win_rate_closed"));
  const std::vector<fit::PersonRow> persons = statistics.persons("engaged", "won");
  CHECK(persons.size() == reference.at("by_sales_agent").as_object().size());
  for (const fit::PersonRow& row : persons) {
    INFO(row.person);
    const auto& agent = reference.at("by_sales_agent").at(row.person);
    const double own = test::number(agent.at("win_rate"));
    CHECK(row.count == agent.at("won").to_number<std::uint64_t>());
    CHECK(row.rate >= std::min(own, pooled) - 1e-9);  // the pooled rate is only of those with 30 or more
    CHECK(row.rate <= std::max(own, pooled) + 1e-9);
    CHECK(row.low < row.rate);
    CHECK(row.rate < row.high);
  }
}
