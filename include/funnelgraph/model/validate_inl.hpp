#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/model/detail/closed_cycles_inl.hpp>
#include <funnelgraph/model/detail/funnel_structure.hpp>
#include <funnelgraph/model/detail/issue_list.hpp>
#include <funnelgraph/model/validate.hpp>

namespace funnelgraph::inline v0 {
namespace detail {

/// Shares of one ownership may miss 1 by this much.
inline constexpr double share_sum_tolerance = 1e-9;
/// The deviation of an exponential lag may differ from its mean by this much, relative to it.
inline constexpr double exponential_sd_tolerance = 1e-9;

/// Collects the issues of one funnel. Text is built for problems only.
class FunnelValidation {
 public:
  explicit FunnelValidation(const Funnel& funnel) : funnel_(funnel), structure_(funnel) {}

  [[nodiscard]] std::vector<Issue> run() {
    check_info();
    for (std::size_t i = 0; i < funnel_.owners().size(); ++i) check(funnel_.owners()[i], i);
    for (std::size_t i = 0; i < funnel_.stages().size(); ++i) check(funnel_.stages()[i], i);
    for (std::size_t i = 0; i < funnel_.outcomes().size(); ++i) check(funnel_.outcomes()[i], i);
    for (std::size_t i = 0; i < funnel_.transitions().size(); ++i) check(funnel_.transitions()[i], i);
    check_duplicate_transitions();
    check_rows();
    check_entries();
    for (std::size_t i = 0; i < funnel_.levers().size(); ++i) check(funnel_.levers()[i], i);
    check_influences();
    check_views();
    check_graph();
    return issues_.take();
  }

 private:
  // ---- owners -----------------------------------------------------------------------------------

  /// Few owners are compared one by one: cheaper than a look-up.
  [[nodiscard]] bool is_owner(const std::string& name) const {
    const auto owners = funnel_.owners();
    if (owners.size() > compared_owners) return funnel_.find_owner(name).has_value();
    return std::any_of(owners.begin(), owners.end(), [&](const Owner& owner) { return owner.name == name; });
  }

  template <class Part>
  void check_ownership(const Part& part, const Ownership& ownership) {
    const std::vector<OwnerShare>& shares = ownership.shares();
    double sum = 0;
    bool shares_hold = true;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      const OwnerShare& one = shares[i];
      if (!is_owner(one.owner))
        issues_.add_unknown(part, "unknown_owner", "unknown owner", one.owner, funnel_.owners());
      if (!positive_share_range.holds(one.share)) {
        shares_hold = false;
        issues_.add(Severity::error, "share_range", place_of(part),
                    "the share of " + shown(one.owner) + " is outside its range", number_or_nan(one.share),
                    positive_share_range.text);
      }
      sum += one.share;
      for (std::size_t j = 0; j < i; ++j) {
        if (shares[j].owner != one.owner) continue;
        issues_.add(Severity::error, "duplicate_share", place_of(part), "an owner comes twice",
                    shown(one.owner));
        break;
      }
    }
    if (!shares.empty() && shares_hold && std::fabs(sum - 1) > share_sum_tolerance) {
      issues_.add(Severity::error, "share_sum", place_of(part), "the shares do not add up to 1",
                  number_or_nan(sum), "1");
    }
  }

  // ---- parts ------------------------------------------------------------------------------------

  void check_info() {
    const FunnelInfo& info = funnel_.info();
    issues_.check_number(info, info.discount_rate, "the discount rate", above_minus_one_range,
                         "discount_rate_range");
    if (funnel_.stages().empty()) issues_.add(Severity::error, "no_stage", "funnel", "there is no stage");
  }

  void check(const Owner& owner, std::size_t position) {
    issues_.check_name(owner);
    issues_.check_first(owner, funnel_.find_owner(owner.name)->index == position);
    issues_.check_number(owner, owner.fixed_cost, "the fixed cost", not_negative_range, "fixed_cost_range");
  }

  void check(const Stage& stage, std::size_t position) {
    issues_.check_name(stage);
    issues_.check_first(stage, structure_.find(stage.name) == position);
    check_ownership(stage, stage.owner);
    if (stage.owner.empty() && !funnel_.owners().empty()) {
      issues_.add(Severity::warning, "unowned_stage", place_of(stage), "nobody owns the stage");
    }
    for (std::size_t i = 0; i < stage.involved.size(); ++i) {
      const std::string& name = stage.involved[i];
      if (!is_owner(name))
        issues_.add_unknown(stage, "unknown_owner", "unknown owner involved,", name, funnel_.owners());
      if (std::find(stage.involved.begin(), stage.involved.begin() + static_cast<std::ptrdiff_t>(i), name) !=
          stage.involved.begin() + static_cast<std::ptrdiff_t>(i)) {
        issues_.add(Severity::warning, "duplicate_involved", place_of(stage), "an involved owner comes twice",
                    shown(name));
      }
    }
    issues_.check_number(stage, stage.cost, "the cost", not_negative_range, "cost_range");
    issues_.check_number(stage, stage.value, "the value", finite_range, "value_range");
    issues_.check_number(stage, stage.commission, "the commission", share_range, "commission_range");
    if (stage.capacity) {
      issues_.check_number(stage, *stage.capacity, "the capacity", not_negative_range, "capacity_range");
    }
    if (stage.drop_off)
      issues_.check_number(stage, *stage.drop_off, "the drop-off", share_range, "drop_off_range");
  }

  void check(const Outcome& outcome, std::size_t position) {
    issues_.check_name(outcome);
    const std::uint32_t first = structure_.find(outcome.name);
    if (first >= structure_.stage_count()) {
      issues_.check_first(outcome, first == structure_.stage_count() + position);
    } else if (!outcome.name.empty()) {
      issues_.add(Severity::error, "duplicate_name", place_of(outcome), "a stage has this name",
                  shown(outcome.name));
    }
    check_ownership(outcome, outcome.owner);
    if (!std::isnan(outcome.value.value))
      issues_.check_number(outcome, outcome.value, "the value", finite_or_unknown_range, "value_range");
    issues_.check_number(outcome, outcome.commission, "the commission", share_range, "commission_range");
  }

  void check(const Transition& transition, std::size_t position) {
    const std::uint32_t from = structure_.from(position);
    const std::uint32_t to = structure_.to(position);
    if (from == FunnelStructure::none) {
      if (funnel_.find_outcome(transition.from)) {
        issues_.add(Severity::error, "from_outcome", place_of(transition), "nothing leaves an outcome",
                    shown(transition.from), "a stage");
      } else {
        issues_.add_unknown(transition, "unknown_stage", "unknown stage", transition.from, funnel_.stages());
      }
    }
    if (to == FunnelStructure::none) {
      issues_.add_unknown(transition, "unknown_target", "unknown stage or outcome", transition.to,
                          funnel_.stages(), funnel_.outcomes());
    }
    issues_.check_number(transition, transition.rate, "the rate", share_range, "rate_range");
    check_lag(transition);
    issues_.check_number(transition, transition.cost, "the cost", not_negative_range, "cost_range");
    issues_.check_number(transition, transition.value, "the value", finite_range, "value_range");
    if (transition.service_level) {
      issues_.check_number(transition, *transition.service_level, "the service level", not_negative_range,
                           "service_level_range");
    }
    if (transition.observed) {
      const Observed& seen = *transition.observed;
      for (const double count : {seen.count, seen.entered, seen.open}) {
        if (not_negative_range.holds(count)) continue;
        issues_.add(Severity::error, "observed_range", place_of(transition),
                    "an observed count is outside its range", number_or_nan(count), not_negative_range.text);
      }
      if (seen.count > seen.entered) {
        issues_.add(Severity::warning, "observed_above_entered", place_of(transition),
                    "more journeys took it than entered its source", number_or_nan(seen.count),
                    "at most " + number_or_nan(seen.entered));
      }
    }
  }

  void check_lag(const Transition& transition) {
    const Lag& lag = transition.lag;
    if (lag.family == LagFamily::unknown) {
      if (!std::isnan(lag.mean.value)) {
        issues_.add(Severity::error, "lag_family", place_of(transition), "a mean without a family of lags",
                    number_or_nan(lag.mean.value));
      }
      return;
    }
    issues_.check_number(transition, lag.mean, "the mean lag", not_negative_range, "lag_range");
    issues_.check_number(transition, lag.sd, "the standard deviation of the lag", not_negative_range,
                         "lag_sd_range");
    const double mean = lag.mean.value;
    const double sd = lag.sd.value;
    const double off = std::fabs(sd - mean);
    if (lag.family == LagFamily::exponential && off > exponential_sd_tolerance * mean) {
      issues_.add(Severity::error, "lag_sd_range", place_of(transition),
                  "the deviation of an exponential lag is its mean", number_or_nan(sd), number_or_nan(mean));
    } else if (sd > 0 && (mean == 0 || lag.family == LagFamily::deterministic)) {
      issues_.add(Severity::error, "lag_sd_range", place_of(transition),
                  mean == 0 ? "a lag of mean 0 does not vary" : "a deterministic lag does not vary",
                  number_or_nan(sd), "0");
    }
    if (lag.family == LagFamily::empirical) check_quantiles(transition);
  }

  void check_quantiles(const Transition& transition) {
    const auto& points = transition.lag.quantiles;
    bool holds =
        points && points->size() >= 2 && points->front().probability == 0 && points->back().probability == 1;
    for (std::size_t i = 0; holds && i < points->size(); ++i) {
      const LagQuantile& point = (*points)[i];
      holds = not_negative_range.holds(point.value) &&
              (i == 0 ||
               (point.probability > (*points)[i - 1].probability && point.value >= (*points)[i - 1].value));
    }
    if (holds) return;
    issues_.add(Severity::error, "lag_quantiles", place_of(transition),
                "the quantiles of the lag are no distribution", {},
                "two points or more, probabilities ascending from 0 to 1, finite days >= 0 that never fall");
  }

  void check_duplicate_transitions() {
    std::vector<std::uint32_t> seen_from(structure_.target_count(), FunnelStructure::none);
    for (std::uint32_t stage = 0; stage < structure_.stage_count(); ++stage) {
      for (const std::uint32_t transition : structure_.exits(stage)) {
        const std::uint32_t to = structure_.to(transition);
        if (to == FunnelStructure::none) continue;
        if (seen_from[to] == stage) {
          issues_.add(Severity::error, "duplicate_transition", place_of(funnel_.transitions()[transition]),
                      "the transition is there already");
        }
        seen_from[to] = stage;
      }
    }
  }

  void check_rows() {
    for (std::uint32_t i = 0; i < structure_.stage_count(); ++i) {
      double sum = 0;
      bool in_range = true;
      for (const std::uint32_t transition : structure_.exits(i)) {
        const double rate = structure_.rate(transition);
        in_range = in_range && share_range.holds(rate);
        sum += rate;
      }
      const Stage& stage = funnel_.stages()[i];
      const auto& drop_off = stage.drop_off;
      if (!in_range || (drop_off && !share_range.holds(drop_off->value))) continue;
      if (!drop_off && sum > 1 + row_sum_tolerance) {
        issues_.add(Severity::error, "row_above_one", place_of(stage),
                    "the rates that leave it add up to more than 1", number_or_nan(sum), "at most 1");
      } else if (drop_off && std::fabs(sum + drop_off->value - 1) > row_sum_tolerance) {
        issues_.add(Severity::error, "row_sum", place_of(stage),
                    "its rates and its drop-off do not add up to 1", number_or_nan(sum + drop_off->value),
                    "1");
      }
    }
  }

  void check_entries() {
    const auto entries = funnel_.entries();
    if (entries.empty()) {
      if (!funnel_.stages().empty()) {
        issues_.add(Severity::warning, "no_entry", "funnel", "nobody enters: there is no entry");
      }
      return;
    }
    bool somebody = false;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const Entry& entry = entries[i];
      if (structure_.entry_stage(i) == FunnelStructure::none) {
        issues_.add_unknown(entry, "unknown_stage", "unknown stage", entry.stage, funnel_.stages());
      }
      issues_.check_number(entry, entry.volume, "the volume", not_negative_range, "volume_range");
      issues_.check_number(entry, entry.cost, "the cost", not_negative_range, "cost_range");
      check_ownership(entry, entry.owner);
      somebody = somebody || entry.volume.value > 0;
    }
    if (!somebody) issues_.add(Severity::warning, "no_volume", "funnel", "nobody enters: every volume is 0");
    add_duplicates(
        entries, [](const Entry& entry) { return std::tie(entry.stage, entry.channel); }, "duplicate_entry",
        "the entry is there already");
  }

  void check(const Lever& lever, std::size_t position) {
    issues_.check_name(lever);
    issues_.check_first(lever, funnel_.find_lever(lever.name)->index == position);
    if (!lever.name.empty() && (funnel_.find_stage(lever.name) || funnel_.find_outcome(lever.name))) {
      issues_.add(Severity::warning, "ambiguous_name", place_of(lever),
                  "a stage or an outcome has this name too", shown(lever.name));
    }
    check_ownership(lever, lever.owner);
    issues_.check_number(lever, lever.value, "the value", positive_range, "lever_range");
    issues_.check_number(lever, Number(lever.reference), "the reference", positive_range, "lever_range");
  }

  void check_influences() {
    for (const Influence& influence : funnel_.influences()) {
      if (!funnel_.find_lever(influence.lever)) {
        issues_.add_unknown(influence, "unknown_lever", "unknown lever", influence.lever, funnel_.levers());
      }
      if (!funnel_.find_transition(influence.from, influence.to)) check_missing_transition(influence);
      issues_.check_number(influence, influence.elasticity, "the elasticity", finite_range,
                           "elasticity_range");
    }
    add_duplicates(
        funnel_.influences(),
        [](const Influence& influence) { return std::tie(influence.lever, influence.from, influence.to); },
        "duplicate_influence", "the influence is there already");
  }

  void check_missing_transition(const Influence& influence) {
    const bool from = funnel_.find_stage(influence.from).has_value();
    const bool to =
        funnel_.find_stage(influence.to).has_value() || funnel_.find_outcome(influence.to).has_value();
    if (!from)
      issues_.add_unknown(influence, "unknown_stage", "unknown stage", influence.from, funnel_.stages());
    if (!to) {
      issues_.add_unknown(influence, "unknown_target", "unknown stage or outcome", influence.to,
                          funnel_.stages(), funnel_.outcomes());
    }
    if (from && to) {
      issues_.add(Severity::error, "unknown_transition", place_of(influence), "there is no such transition",
                  shown(influence.from) + " -> " + shown(influence.to));
    }
  }

  void check_views() {
    for (const View& view : funnel_.views()) {
      issues_.check_name(view, true);
      for (const auto& [stage, there] : view.stages) {
        if (!funnel_.find_stage(stage))
          issues_.add_unknown(view, "unknown_stage", "unknown stage", stage, funnel_.stages());
        if (there.find_first_not_of(' ') == std::string::npos) {
          issues_.add(Severity::warning, "empty_name", place_of(view),
                      "the name of " + shown(stage) + " there is empty");
        }
      }
    }
    add_duplicates(
        funnel_.views(), [](const View& view) { return std::tie(view.name); }, "duplicate_name",
        "the name is there already");
  }

  /// Parts whose key an earlier part has, in their order. O(n log n).
  template <class Parts, class Key>
  void add_duplicates(const Parts& parts, Key&& key, const char* code, const char* message) {
    if (parts.size() < 2) return;
    std::vector<std::uint32_t> order(parts.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      const auto left = key(parts[a]);
      const auto right = key(parts[b]);
      return left != right ? left < right : a < b;
    });
    std::vector<std::uint32_t> again;
    for (std::size_t i = 1; i < order.size(); ++i) {
      if (key(parts[order[i]]) == key(parts[order[i - 1]])) again.push_back(order[i]);
    }
    std::sort(again.begin(), again.end());
    for (const std::uint32_t i : again) issues_.add(Severity::error, code, place_of(parts[i]), message);
  }

  // ---- the graph --------------------------------------------------------------------------------

  void check_graph() {
    for (const std::vector<std::uint32_t>& cycle : closed_cycles(funnel_, structure_)) {
      std::string names;
      for (std::size_t i = 0; i < std::min(cycle.size(), listed_stages); ++i) {
        names += (i > 0 ? ", " : "") + shown(funnel_.stages()[cycle[i]].name);
      }
      if (cycle.size() > listed_stages)
        names += " and " + std::to_string(cycle.size() - listed_stages) + " more";
      issues_.add(Severity::error, "closed_cycle", (cycle.size() == 1 ? "stage " : "stages ") + names,
                  "nothing ever leaves: a rate to another stage or an outcome, or a drop-off, is needed");
    }
    if (structure_.has_entry()) {
      const std::vector<bool> reached = structure_.reached();
      for (std::uint32_t i = 0; i < structure_.stage_count(); ++i) {
        if (reached[i]) continue;
        issues_.add(Severity::warning, "unreachable_stage", place_of(funnel_.stages()[i]),
                    "no entry leads here by rates above 0");
      }
      for (std::uint32_t i = structure_.stage_count(); i < structure_.target_count(); ++i) {
        if (reached[i]) continue;
        issues_.add(Severity::warning, "unreachable_outcome",
                    place_of(funnel_.outcomes()[i - structure_.stage_count()]),
                    "no entry leads here by rates above 0");
      }
    }
    check_units();
  }

  void check_units() {
    const auto stages = funnel_.stages();
    if (std::all_of(stages.begin(), stages.end(), [](const Stage& stage) { return stage.unit.empty(); }))
      return;
    const std::vector<std::string_view> units = structure_.units();
    for (std::size_t i = 0; i < funnel_.transitions().size(); ++i) {
      const std::uint32_t from = structure_.from(i);
      const std::uint32_t to = structure_.to(i);
      if (from == FunnelStructure::none || to >= structure_.stage_count()) continue;
      if (units[from] == units[to] || units[from].empty()) continue;
      issues_.add(Severity::warning, "unit_change", place_of(funnel_.transitions()[i]),
                  "the unit changes along it: its rate is no share of one and the same thing",
                  shown(units[from]) + " -> " + shown(units[to]));
    }
  }

  static constexpr std::size_t compared_owners = 16;
  /// Stages of a closed cycle that an issue names before it only counts.
  static constexpr std::size_t listed_stages = 20;

  const Funnel& funnel_;
  FunnelStructure structure_;
  IssueList issues_;
};

}  // namespace detail

FUNNELGRAPH_INLINE std::vector<Issue> validate(const Funnel& funnel) {
  return detail::FunnelValidation(funnel).run();
}

}  // namespace funnelgraph::inline v0
