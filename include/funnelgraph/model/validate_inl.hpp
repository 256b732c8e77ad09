#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/strong_components.hpp>
#include <boost/range/iterator_range.hpp>

#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/model/detail/funnel_structure.hpp>
#include <funnelgraph/model/validate.hpp>

namespace funnelgraph::inline v0 {
namespace detail {

/// Shares of one ownership may miss 1 by this much.
inline constexpr double share_sum_tolerance = 1e-9;
/// The deviation of an exponential lag may differ from its mean by this much, relative to it.
inline constexpr double exponential_sd_tolerance = 1e-9;

/// The allowed values of a number.
struct AllowedRange {
  double low;
  double high;
  bool open_low;  ///< low itself is not allowed
  const char* text;
  [[nodiscard]] bool holds(double x) const noexcept {
    return x >= low && x <= high && !(open_low && x == low);
  }
};

inline constexpr double largest = std::numeric_limits<double>::max();
inline constexpr AllowedRange share_range{0, 1, false, "[0, 1]"};
inline constexpr AllowedRange positive_share_range{0, 1, true, "(0, 1]"};
inline constexpr AllowedRange not_negative_range{0, largest, false, "[0, inf)"};
inline constexpr AllowedRange positive_range{0, largest, true, "(0, inf)"};
inline constexpr AllowedRange above_minus_one_range{-1, largest, true, "(-1, inf)"};
inline constexpr AllowedRange finite_range{-largest, largest, false, "a finite number"};

/// The sets of stages that can be moved between but never left, each in order.
inline std::vector<std::vector<std::uint32_t>> closed_cycles(const FunnelStructure& structure) {
  const std::vector<std::uint32_t> trapped = structure.trapped();
  if (trapped.empty()) return {};
  std::vector<std::uint32_t> position(structure.stage_count(), FunnelStructure::none);
  for (std::uint32_t i = 0; i < trapped.size(); ++i) position[trapped[i]] = i;
  boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS> graph(trapped.size());
  for (const std::uint32_t stage : trapped) {
    for (const std::uint32_t transition : structure.exits(stage)) {
      if (structure.taken(transition)) add_edge(position[stage], position[structure.to(transition)], graph);
    }
  }
  std::vector<std::size_t> component(trapped.size());
  const auto count = boost::strong_components(
      graph, boost::make_iterator_property_map(component.begin(), get(boost::vertex_index, graph)));
  std::vector<bool> left(count, false);
  for (const auto& edge : boost::make_iterator_range(edges(graph))) {
    const std::size_t from = component[source(edge, graph)];
    if (from != component[target(edge, graph)]) left[from] = true;
  }
  std::vector<std::vector<std::uint32_t>> cycles(count);
  for (std::size_t i = 0; i < trapped.size(); ++i) {
    if (!left[component[i]]) cycles[component[i]].push_back(trapped[i]);
  }
  std::erase_if(cycles, [](const auto& cycle) { return cycle.empty(); });
  std::sort(cycles.begin(), cycles.end());
  return cycles;
}

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
    return std::move(issues_);
  }

 private:
  // ---- places and texts -------------------------------------------------------------------------

  static std::string place(const Owner& owner) { return "owner " + shown(owner.name); }
  static std::string place(const Stage& stage) { return "stage " + shown(stage.name); }
  static std::string place(const Outcome& outcome) { return "outcome " + shown(outcome.name); }
  static std::string place(const Lever& lever) { return "lever " + shown(lever.name); }
  static std::string place(const View& view) { return "view " + shown(view.name); }
  static std::string place(const Transition& transition) {
    return "transition " + shown(transition.from) + " -> " + shown(transition.to);
  }
  static std::string place(const Entry& entry) {
    return "entry " + shown(entry.stage) + (entry.channel.empty() ? "" : ", channel " + shown(entry.channel));
  }
  static std::string place(const Influence& influence) {
    return "influence of " + shown(influence.lever) + " on " + shown(influence.from) + " -> " +
           shown(influence.to);
  }
  static std::string place(const FunnelInfo&) { return "funnel"; }

  static std::string text(double value) { return std::isnan(value) ? "nan" : shown(value); }
  static std::string quoted(std::string_view name) { return "'" + shown(name) + "'"; }

  void add(Severity severity, const char* code, std::string where, std::string message,
           std::string value = {}, std::string allowed = {}) {
    issues_.push_back(
        {severity, code, std::move(where), std::move(message), std::move(value), std::move(allowed)});
  }

  /// A name that nothing of its kind has, with the nearest one that exists.
  template <class Part, class... Candidates>
  void add_unknown(const Part& part, const char* code, const std::string& role, std::string_view name,
                   const Candidates&... candidates) {
    std::string nearest;
    if (++unknown_names_ <= compared_unknown_names) {
      std::vector<std::string> names;
      const auto collect = [&](const auto& parts) {
        for (const auto& one : parts) names.push_back(one.name);
      };
      (collect(candidates), ...);
      nearest = nearest_name(name, names);
    }
    std::string message = role + " " + quoted(name);
    if (!nearest.empty()) message += "; did you mean " + quoted(nearest) + "?";
    add(Severity::error, code, place(part), std::move(message), shown(name));
  }

  // ---- names and numbers ------------------------------------------------------------------------

  template <class Part>
  void check_name(const Part& part, bool may_be_reserved = false) {
    if (part.name.empty()) {
      add(Severity::error, "empty_name", place(part), "the name is empty");
      return;
    }
    if (may_be_reserved) return;
    for (const std::string_view reserved : reserved_names) {
      if (part.name == reserved) {
        add(Severity::error, "reserved_name", place(part), "the name is reserved", shown(part.name),
            "any name but drop_off, leak, siblings, not assigned, between");
      }
    }
  }

  template <class Part, class Id>
  void check_first(const Part& part, Id first, std::size_t position) {
    if (!part.name.empty() && first && first->index != position) {
      add(Severity::error, "duplicate_name", place(part), "the name is there already", shown(part.name));
    }
  }

  template <class Part>
  void check_number(const Part& part, const Number& number, const char* what, const AllowedRange& range,
                    const char* code) {
    if (!range.holds(number.value)) {
      add(Severity::error, code, place(part), std::string(what) + " is outside its range", text(number.value),
          range.text);
    }
    if (!(number.source == Source{})) check_source(part, number, what, range);
  }

  template <class Part>
  void check_source(const Part& part, const Number& number, const char* what, const AllowedRange& range) {
    const Source& source = number.source;
    const bool named = source.kind() != SourceKind::agreed && source.kind() != SourceKind::estimated;
    if (!named && source.by().empty()) {
      add(Severity::warning, "source_by_nobody", place(part), std::string(what) + " does not say by whom");
    }
    if (!std::isnan(source.n()) && !not_negative_range.holds(source.n())) {
      add(Severity::error, "source_n_range", place(part), std::string("the n behind ") + what,
          text(source.n()), not_negative_range.text);
    }
    const auto interval = source.interval();
    if (!interval) return;
    const std::string ends = text(interval->low) + " to " + text(interval->high);
    if (!std::isfinite(interval->low) || !std::isfinite(interval->high) || interval->low > interval->high) {
      add(Severity::error, "interval_range", place(part), std::string("the interval of ") + what, ends,
          "two finite numbers, the lower one first");
      return;
    }
    if (!(interval->level > 0 && interval->level < 1)) {
      add(Severity::error, "interval_level", place(part), std::string("the level of the interval of ") + what,
          text(interval->level), "(0, 1)");
    }
    if (!range.holds(interval->low) || !range.holds(interval->high)) {
      add(Severity::warning, "interval_outside_range", place(part),
          std::string("the interval of ") + what + " reaches beyond its range", ends, range.text);
    }
    if (number.value < interval->low || number.value > interval->high) {
      add(Severity::warning, "value_outside_interval", place(part),
          std::string(what) + " lies outside its own interval", text(number.value), ends);
    }
  }

  // ---- owners -----------------------------------------------------------------------------------

  [[nodiscard]] bool is_owner(const std::string& name) {
    if (last_owner_ != nullptr && *last_owner_ == name) return true;
    const auto found = funnel_.find_owner(name);
    if (found) last_owner_ = &funnel_.owners()[found->index].name;
    return found.has_value();
  }

  template <class Part>
  void check_ownership(const Part& part, const Ownership& ownership) {
    const std::vector<OwnerShare>& shares = ownership.shares();
    double sum = 0;
    bool shares_hold = true;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      const OwnerShare& one = shares[i];
      if (!is_owner(one.owner))
        add_unknown(part, "unknown_owner", "unknown owner", one.owner, funnel_.owners());
      if (!positive_share_range.holds(one.share)) {
        shares_hold = false;
        add(Severity::error, "share_range", place(part),
            "the share of " + shown(one.owner) + " is outside its range", text(one.share),
            positive_share_range.text);
      }
      sum += one.share;
      for (std::size_t j = 0; j < i; ++j) {
        if (shares[j].owner != one.owner) continue;
        add(Severity::error, "duplicate_share", place(part), "an owner comes twice", shown(one.owner));
        break;
      }
    }
    if (!shares.empty() && shares_hold && std::fabs(sum - 1) > share_sum_tolerance) {
      add(Severity::error, "share_sum", place(part), "the shares do not add up to 1", text(sum), "1");
    }
  }

  // ---- parts ------------------------------------------------------------------------------------

  void check_info() {
    const FunnelInfo& info = funnel_.info();
    check_number(info, info.discount_rate, "the discount rate", above_minus_one_range, "discount_rate_range");
    if (funnel_.stages().empty()) add(Severity::error, "no_stage", "funnel", "there is no stage");
  }

  void check(const Owner& owner, std::size_t position) {
    check_name(owner);
    check_first(owner, funnel_.find_owner(owner.name), position);
    check_number(owner, owner.fixed_cost, "the fixed cost", not_negative_range, "fixed_cost_range");
  }

  void check(const Stage& stage, std::size_t position) {
    check_name(stage);
    check_first(stage, funnel_.find_stage(stage.name), position);
    check_ownership(stage, stage.owner);
    if (stage.owner.empty() && !funnel_.owners().empty()) {
      add(Severity::warning, "unowned_stage", place(stage), "nobody owns the stage");
    }
    for (std::size_t i = 0; i < stage.involved.size(); ++i) {
      const std::string& name = stage.involved[i];
      if (!is_owner(name))
        add_unknown(stage, "unknown_owner", "unknown owner involved,", name, funnel_.owners());
      if (std::find(stage.involved.begin(), stage.involved.begin() + static_cast<std::ptrdiff_t>(i), name) !=
          stage.involved.begin() + static_cast<std::ptrdiff_t>(i)) {
        add(Severity::warning, "duplicate_involved", place(stage), "an involved owner comes twice",
            shown(name));
      }
    }
    check_number(stage, stage.cost, "the cost", not_negative_range, "cost_range");
    check_number(stage, stage.value, "the value", finite_range, "value_range");
    check_number(stage, stage.commission, "the commission", share_range, "commission_range");
    if (stage.capacity) {
      check_number(stage, *stage.capacity, "the capacity", not_negative_range, "capacity_range");
    }
    if (stage.drop_off) check_number(stage, *stage.drop_off, "the drop-off", share_range, "drop_off_range");
  }

  void check(const Outcome& outcome, std::size_t position) {
    check_name(outcome);
    check_first(outcome, funnel_.find_outcome(outcome.name), position);
    if (!outcome.name.empty() && funnel_.find_stage(outcome.name)) {
      add(Severity::error, "duplicate_name", place(outcome), "a stage has this name", shown(outcome.name));
    }
    check_ownership(outcome, outcome.owner);
    check_number(outcome, outcome.value, "the value", finite_range, "value_range");
    check_number(outcome, outcome.commission, "the commission", share_range, "commission_range");
  }

  void check(const Transition& transition, std::size_t position) {
    const std::uint32_t from = structure_.from(position);
    const std::uint32_t to = structure_.to(position);
    if (from == FunnelStructure::none) {
      if (funnel_.find_outcome(transition.from)) {
        add(Severity::error, "from_outcome", place(transition), "nothing leaves an outcome",
            shown(transition.from), "a stage");
      } else {
        add_unknown(transition, "unknown_stage", "unknown stage", transition.from, funnel_.stages());
      }
    }
    if (to == FunnelStructure::none) {
      add_unknown(transition, "unknown_target", "unknown stage or outcome", transition.to, funnel_.stages(),
                  funnel_.outcomes());
    }
    check_number(transition, transition.rate, "the rate", share_range, "rate_range");
    check_lag(transition);
    check_number(transition, transition.cost, "the cost", not_negative_range, "cost_range");
    check_number(transition, transition.value, "the value", finite_range, "value_range");
    if (transition.service_level) {
      check_number(transition, *transition.service_level, "the service level", not_negative_range,
                   "service_level_range");
    }
    if (transition.observed) {
      const Observed& seen = *transition.observed;
      for (const double count : {seen.count, seen.entered, seen.open}) {
        if (not_negative_range.holds(count)) continue;
        add(Severity::error, "observed_range", place(transition), "an observed count is outside its range",
            text(count), not_negative_range.text);
      }
      if (seen.count > seen.entered) {
        add(Severity::warning, "observed_above_entered", place(transition),
            "more journeys took it than entered its source", text(seen.count),
            "at most " + text(seen.entered));
      }
    }
  }

  void check_lag(const Transition& transition) {
    const Lag& lag = transition.lag;
    if (lag.family == LagFamily::unknown) {
      if (!std::isnan(lag.mean.value)) {
        add(Severity::error, "lag_family", place(transition), "a mean without a family of lags",
            text(lag.mean.value));
      }
      return;
    }
    check_number(transition, lag.mean, "the mean lag", not_negative_range, "lag_range");
    check_number(transition, lag.sd, "the standard deviation of the lag", not_negative_range, "lag_sd_range");
    const double mean = lag.mean.value;
    const double sd = lag.sd.value;
    const double off = std::fabs(sd - mean);
    if (lag.family == LagFamily::exponential && off > exponential_sd_tolerance * mean) {
      add(Severity::error, "lag_sd_range", place(transition),
          "the deviation of an exponential lag is its mean", text(sd), text(mean));
    } else if (sd > 0 && (mean == 0 || lag.family == LagFamily::deterministic)) {
      add(Severity::error, "lag_sd_range", place(transition),
          mean == 0 ? "a lag of mean 0 does not vary" : "a deterministic lag does not vary", text(sd), "0");
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
    add(Severity::error, "lag_quantiles", place(transition), "the quantiles of the lag are no distribution",
        {}, "two points or more, probabilities ascending from 0 to 1, finite days >= 0 that never fall");
  }

  void check_duplicate_transitions() {
    std::vector<std::uint32_t> seen_from(structure_.target_count(), FunnelStructure::none);
    for (std::uint32_t stage = 0; stage < structure_.stage_count(); ++stage) {
      for (const std::uint32_t transition : structure_.exits(stage)) {
        const std::uint32_t to = structure_.to(transition);
        if (to == FunnelStructure::none) continue;
        if (seen_from[to] == stage) {
          add(Severity::error, "duplicate_transition", place(funnel_.transitions()[transition]),
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
        const double rate = funnel_.transitions()[transition].rate.value;
        in_range = in_range && share_range.holds(rate);
        sum += rate;
      }
      const Stage& stage = funnel_.stages()[i];
      const auto& drop_off = stage.drop_off;
      if (!in_range || (drop_off && !share_range.holds(drop_off->value))) continue;
      if (!drop_off && sum > 1 + row_sum_tolerance) {
        add(Severity::error, "row_above_one", place(stage), "the rates that leave it add up to more than 1",
            text(sum), "at most 1");
      } else if (drop_off && std::fabs(sum + drop_off->value - 1) > row_sum_tolerance) {
        add(Severity::error, "row_sum", place(stage), "its rates and its drop-off do not add up to 1",
            text(sum + drop_off->value), "1");
      }
    }
  }

  void check_entries() {
    const auto entries = funnel_.entries();
    if (entries.empty()) {
      if (!funnel_.stages().empty()) {
        add(Severity::warning, "no_entry", "funnel", "nobody enters: there is no entry");
      }
      return;
    }
    bool somebody = false;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const Entry& entry = entries[i];
      if (structure_.entry_stage(i) == FunnelStructure::none) {
        add_unknown(entry, "unknown_stage", "unknown stage", entry.stage, funnel_.stages());
      }
      check_number(entry, entry.volume, "the volume", not_negative_range, "volume_range");
      check_number(entry, entry.cost, "the cost", not_negative_range, "cost_range");
      check_ownership(entry, entry.owner);
      somebody = somebody || entry.volume.value > 0;
    }
    if (!somebody) add(Severity::warning, "no_volume", "funnel", "nobody enters: every volume is 0");
    add_duplicates(
        entries, [](const Entry& entry) { return std::tie(entry.stage, entry.channel); }, "duplicate_entry",
        "the entry is there already");
  }

  void check(const Lever& lever, std::size_t position) {
    check_name(lever);
    check_first(lever, funnel_.find_lever(lever.name), position);
    if (!lever.name.empty() && (funnel_.find_stage(lever.name) || funnel_.find_outcome(lever.name))) {
      add(Severity::warning, "ambiguous_name", place(lever), "a stage or an outcome has this name too",
          shown(lever.name));
    }
    check_ownership(lever, lever.owner);
    check_number(lever, lever.value, "the value", positive_range, "lever_range");
    check_number(lever, Number(lever.reference), "the reference", positive_range, "lever_range");
  }

  void check_influences() {
    for (const Influence& influence : funnel_.influences()) {
      if (!funnel_.find_lever(influence.lever)) {
        add_unknown(influence, "unknown_lever", "unknown lever", influence.lever, funnel_.levers());
      }
      if (!funnel_.find_transition(influence.from, influence.to)) check_missing_transition(influence);
      check_number(influence, influence.elasticity, "the elasticity", finite_range, "elasticity_range");
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
    if (!from) add_unknown(influence, "unknown_stage", "unknown stage", influence.from, funnel_.stages());
    if (!to) {
      add_unknown(influence, "unknown_target", "unknown stage or outcome", influence.to, funnel_.stages(),
                  funnel_.outcomes());
    }
    if (from && to) {
      add(Severity::error, "unknown_transition", place(influence), "there is no such transition",
          shown(influence.from) + " -> " + shown(influence.to));
    }
  }

  void check_views() {
    for (const View& view : funnel_.views()) {
      check_name(view, true);
      for (const auto& [stage, there] : view.stages) {
        if (!funnel_.find_stage(stage))
          add_unknown(view, "unknown_stage", "unknown stage", stage, funnel_.stages());
        if (there.empty()) {
          add(Severity::warning, "empty_name", place(view),
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
    for (const std::uint32_t i : again) add(Severity::error, code, place(parts[i]), message);
  }

  // ---- the graph --------------------------------------------------------------------------------

  void check_graph() {
    for (const std::vector<std::uint32_t>& cycle : closed_cycles(structure_)) {
      std::string names;
      for (std::size_t i = 0; i < std::min(cycle.size(), listed_stages); ++i) {
        names += (i > 0 ? ", " : "") + shown(funnel_.stages()[cycle[i]].name);
      }
      if (cycle.size() > listed_stages)
        names += " and " + std::to_string(cycle.size() - listed_stages) + " more";
      add(Severity::error, "closed_cycle", (cycle.size() == 1 ? "stage " : "stages ") + names,
          "nothing ever leaves: a rate to another stage or an outcome, or a drop-off, is needed");
    }
    if (structure_.has_entry()) {
      const std::vector<bool> reached = structure_.reached();
      for (std::uint32_t i = 0; i < structure_.stage_count(); ++i) {
        if (reached[i]) continue;
        add(Severity::warning, "unreachable_stage", place(funnel_.stages()[i]),
            "no entry leads here by rates above 0");
      }
      for (std::uint32_t i = structure_.stage_count(); i < structure_.target_count(); ++i) {
        if (reached[i]) continue;
        add(Severity::warning, "unreachable_outcome", place(funnel_.outcomes()[i - structure_.stage_count()]),
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
      add(Severity::warning, "unit_change", place(funnel_.transitions()[i]),
          "the unit changes along it: its rate is no share of one and the same thing",
          shown(units[from]) + " -> " + shown(units[to]));
    }
  }

  /// Unknown names for which the nearest one is searched: each search reads every name.
  static constexpr std::size_t compared_unknown_names = 100;
  /// Stages of a closed cycle that an issue names before it only counts.
  static constexpr std::size_t listed_stages = 20;

  const Funnel& funnel_;
  FunnelStructure structure_;
  const std::string* last_owner_ = nullptr;
  std::size_t unknown_names_ = 0;
  std::vector<Issue> issues_;
};

}  // namespace detail

FUNNELGRAPH_INLINE std::vector<Issue> validate(const Funnel& funnel) {
  return detail::FunnelValidation(funnel).run();
}

}  // namespace funnelgraph::inline v0
