// From a CRM table to who loses what.
//
// Usage: example_crm_to_ledger [FOLDER], with leads.csv in the folder (examples/data).

#include <cstdio>
#include <exception>
#include <string>

#include <funnelgraph/fit/delimited.hpp>
#include <funnelgraph/fit/milestones.hpp>
#include <funnelgraph/funnelgraph.hpp>

namespace fg = funnelgraph;

namespace {

void show(const fg::Analysis& result) {
  std::printf("%.1f enrolments worth %.0f, for %.0f of advertising\n\n", result.count("enrolled"),
              result.revenue, result.cost);

  std::printf("%-10s %9s %9s %9s %9s\n", "owner", "received", "passed on", "lost", "days");
  for (const fg::OwnerRow& row : result.owners) {
    std::printf("%-10s %9.1f %9.1f %9.1f %9.0f\n", row.owner.c_str(), row.received, row.passed_on, row.lost,
                row.waiting_days);
  }

  std::printf("\n%-22s %-22s %9s %9s\n", "hand-off", "", "volume", "days");
  for (const fg::HandOffRow& row : result.hand_offs) {
    std::printf("%-22s %-22s %9.1f %9.1f\n", (row.from + " (" + row.giver + ")").c_str(),
                (row.to + " (" + row.receiver + ")").c_str(), row.volume, row.lag_mean);
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    // 1. Read the table: dates and numbers by name, all else as text.
    const std::string folder = argc > 1 ? argv[1] : "examples/data";
    const fg::fit::TypedTable leads(
        fg::fit::read_delimited(folder + "/leads.csv"),
        {.times = {"lead", "trial", "offer", "enrolled", "lost_on"}, .numbers = {"amount", "cost"}});

    // 2. Count journeys: a row a lead, a date a stage. Who answers for which reason is said here.
    const fg::fit::Statistics stats = fg::fit::milestones(
        leads.columns(),
        {.journey = "lead_id",
         .stages = {{"lead", "lead"}, {"trial", "trial"}, {"offer", "offer"}, {"enrolled", "enrolled"}},
         .lost = "lost_reason",
         .lost_at = "lost_on",
         .reasons = {{"price", "Company"},
                     {"no suitable hours", "Company"},
                     {"answered too late", "Sales"},
                     {"went elsewhere", "Outside"}},
         .amount = "amount",
         .cost = "cost",
         .segment = "channel"});
    for (const fg::fit::Note& note : stats.notes()) std::printf("note: %s\n", note.message.c_str());

    // 3. A funnel with owners: all numbers measured, with their n.
    const fg::Funnel school =
        stats.to_funnel({.name = "Language school",
                         .currency = "EUR",
                         .period = "half year",
                         .owners = {{"lead", "Marketing"}, {"trial", "Care"}, {"offer", "Sales"}},
                         .values = {{"enrolled", "amount"}}});

    // 4. The ledger: its rows add up to the totals.
    show(fg::analyze(school));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
