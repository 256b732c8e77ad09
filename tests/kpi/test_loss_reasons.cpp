#include <cmath>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/kpi/loss_reasons.hpp>

#include "../fit/table.hpp"

using Catch::Matchers::WithinAbs;
namespace fg = funnelgraph;

namespace {

test::Table losses() {
  test::Table table(7);
  table.text("reason", {"price", "late answer", "late answer", "moved away", "visa", "", ""});
  table.times("lost", {"", "2026-03-01", "", "", "", "2026-03-02", ""});
  table.text("by", {"Sales", "Sales", "MKT", "Sales", "", "Sales", "Sales"});
  return table;
}

const fg::LossReasonOptions options = {
    .lost_at = "lost",
    .recorded_by = "by",
    .owners = {{"price", "Company"}, {"late answer", "Sales"}, {"visa", "Outside"}},
    .recorders = {{"MKT", "Marketing"}}};

}  // namespace

TEST_CASE("loss reasons belong to owners, Company and Outside too, and say who recorded them [31]") {
  const fg::LossReasons found = fg::loss_reasons(losses(), options);
  CHECK(found.losses == 6);  // the last row is no loss
  REQUIRE(found.owners.size() == 4);
  CHECK(found.owners.back().owner == "not assigned");
  CHECK(found.owners.back().count == 2);  // a reason without owner, and a loss without reason
  CHECK(found.owners[0].count == 2);
  double share = 0;
  for (const fg::LossOwner& one : found.owners) {
    share += one.share;
    CHECK(one.count == one.by_itself + one.by_others + one.by_unknown);
    CHECK(one.low <= one.share);
    CHECK(one.share <= one.high);
    if (one.owner != "Sales") continue;
    CHECK(one.by_itself == 1);
    CHECK(one.by_others == 1);
  }
  CHECK_THAT(share, WithinAbs(1, 1e-12));
  // Of those with owner and recorder (price, late, late), two were written down by another side.
  CHECK_THAT(found.recorded_by_others, WithinAbs(2.0 / 3, 1e-12));
}

TEST_CASE("loss reasons refuse what they cannot read") {
  fg::LossReasonOptions wrong = options;
  wrong.owners = {{"prise", "Company"}};
  CHECK_THROWS_AS(fg::loss_reasons(losses(), wrong), fg::UnknownNameError);
  wrong = options;
  wrong.owners = {{"price", "not assigned"}};
  CHECK_THROWS_AS(fg::loss_reasons(losses(), wrong), fg::InvalidValueError);
  wrong = options;
  wrong.reason = "resaon";
  CHECK_THROWS_AS(fg::loss_reasons(losses(), wrong), fg::UnknownNameError);
  wrong = options;
  wrong.recorded_by.clear();
  CHECK_THROWS_AS(fg::loss_reasons(losses(), wrong), fg::InvalidValueError);
  test::Table none(1);
  none.text("reason", {""});
  CHECK_THROWS_AS(fg::loss_reasons(none), fg::DataError);
  CHECK_THROWS_AS(fg::loss_reasons(test::Table(0)), fg::DataError);
}
