#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <map>
#include <utility>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/names.hpp>
#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/core/normal_interval.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/fit/binomial_interval.hpp>
#include <funnelgraph/fit/lag_tally.hpp>
#include <funnelgraph/fit/reader_options_inl.hpp>
#include <funnelgraph/fit/statistics.hpp>
#include <funnelgraph/fit/statistics_tables_inl.hpp>
#include <funnelgraph/fit/tally.hpp>
#include <funnelgraph/model/role_name.hpp>

namespace funnelgraph::inline v0::fit {

namespace detail {

class FunnelMaker {
 public:
  /// `whole` stands in where `content` is a segment in which a measure was never given.
  FunnelMaker(const StatisticsContent& content, const FunnelOptions& options, const Tally* whole = nullptr)
      : content_(content), options_(options), all_(total(content)), whole_(whole) {
    if (options.open == OpenRule::matured) {
      throw InvalidValueError("to_funnel(open=)", "matured", "exclude or lost; matured is not available yet");
    }
    if (!(options.periods > 0) || std::isinf(options.periods)) {
      throw InvalidValueError("to_funnel(periods=)", v0::detail::shown(options.periods),
                              "a finite number > 0");
    }
    if (content.reader == Reader::none) {
      throw InvalidValueError("to_funnel", "statistics of nothing",
                              "statistics that milestones or events made");
    }
    for (const StageEntry& stage : content.stages) names_.push_back(stage.name);
    for (std::size_t s = 0; s < names_.size(); ++s) kinds_.push_back(content.stages[s].outcome);
    for (const auto& [name, kind] : options.outcomes) set_kind(name, kind);
  }

  Funnel make() {
    read_exits();
    add_owners();
    Funnel funnel(
        {.name = options_.name, .currency = options_.currency, .period = options_.period, .note = note()});
    for (const Owner& owner : owners_) funnel.add_owner(owner);
    add_stages(funnel);
    add_outcomes(funnel);
    add_transitions(funnel);
    add_entries(funnel);
    return funnel;
  }

 private:
  struct Exit {
    std::uint64_t count = 0;
    LagTally lag;
  };
  struct Ending {
    OutcomeKind kind = OutcomeKind::lost;
    std::string owner;  // "" = nobody
  };

  void set_kind(const std::string& name, OutcomeKind kind) {
    const std::uint32_t place = place_of(content_, name, false);
    // A stage that never occurred beside one of nearly that name is a typing error, not a missing win.
    if (all_.stages[place].entered == 0 && content_.reader == Reader::events) {
      std::vector<std::string> others;
      for (std::size_t s = 0; s < names_.size(); ++s) {
        if (all_.stages[s].entered > 0) others.push_back(names_[s]);
      }
      const std::string nearest = nearest_name(names_[place], others);
      if (!nearest.empty()) throw UnknownNameError("stage", names_[place], nearest);
    }
    kinds_[place] = kind;
  }

  [[nodiscard]] bool is_stage(std::size_t place) const {
    return !kinds_[place] && all_.stages[place].entered > 0;
  }

  [[nodiscard]] std::string note() const {
    std::uint64_t journeys = 0, at_outcomes = 0;
    for (std::size_t s = 0; s < names_.size(); ++s) {
      journeys += all_.stages[s].started;
      if (kinds_[s]) at_outcomes += all_.stages[s].started;
    }
    std::string text = "Fitted from " + std::to_string(journeys) + " journeys.";
    if (at_outcomes > 0)
      text += " " + std::to_string(at_outcomes) + " that began at an outcome are left out.";
    return text;
  }

  /// A name for an end that no stage has.
  [[nodiscard]] std::string free_name(std::string name) const {
    while (std::ranges::find(names_, name) != names_.end()) name += " (lost)";
    return name;
  }

  [[nodiscard]] std::string ending_of(const TransitionKey& key) {
    if (key.to == silent_end || key.to == screened_end) {
      const std::string name = free_name(end_name(content_, key.to));
      endings_[name] = {key.to == silent_end ? OutcomeKind::silent : OutcomeKind::screened, ""};
      return name;
    }
    const std::string reason = key.reason == nowhere ? "" : content_.reasons[key.reason];
    const auto owned = content_.reason_owners.find(reason);
    const std::string owner = owned == content_.reason_owners.end() || reason.empty() ? "" : owned->second;
    std::string name = "lost";
    if (options_.losses == LossDetail::owner && !owner.empty()) name += " (" + owner + ")";
    if (options_.losses == LossDetail::reason && !reason.empty()) name = reason;
    name = free_name(name);
    endings_[name] = {OutcomeKind::lost, options_.losses == LossDetail::total ? "" : owner};
    return name;
  }

  void read_exits() {
    for (const auto& [key, value] : all_.transitions) {
      if (!is_stage(key.from)) continue;
      const std::string to = key.to < names_.size() ? names_[key.to] : ending_of(key);
      Exit& exit = exits_[{key.from, to}];
      exit.count += value.count;
      exit.lag.merge(value.lag);
    }
  }

  void add_owner(const std::string& name) {
    if (name.empty() || std::ranges::find(owners_, name, &Owner::name) != owners_.end()) return;
    const auto role = roles_.find(name);
    owners_.push_back({.name = name, .role = role == roles_.end() ? role_of_name(name) : role->second});
  }

  void add_owners() {
    std::vector<std::string> places = names_;
    for (const auto& [name, ending] : endings_) places.push_back(name);
    for (const auto& [name, ownership] : options_.owners) {
      const std::string clean = normalise_name(name);
      if (std::ranges::find(places, clean) == places.end())
        throw UnknownNameError("stage", clean, nearest_name(clean, places));
      ownership_[clean] = ownership;
    }
    for (const auto& [name, role] : options_.roles) roles_[normalise_name(name)] = role;
    for (const std::string& place : places) {
      const auto at = ownership_.find(place);
      if (at == ownership_.end()) continue;
      for (const OwnerShare& share : at->second.shares()) add_owner(normalise_name(share.owner));
    }
    for (const auto& [name, ending] : endings_) add_owner(ending.owner);
    std::vector<std::string> known;
    for (const Owner& owner : owners_) known.push_back(owner.name);
    for (const auto& [reason, owner] : content_.reason_owners) known.push_back(owner);
    for (const auto& [name, role] : roles_) {
      if (std::ranges::find(known, name) == known.end())
        throw UnknownNameError("owner", name, nearest_name(name, known));
    }
  }

  /// The position of a measure, by its name or by the column it was read from.
  [[nodiscard]] std::size_t measure(const std::string& name) const {
    const auto at = std::ranges::find(content_.measures, name);
    if (at != content_.measures.end()) return static_cast<std::size_t>(at - content_.measures.begin());
    const auto columns = content_.reader == Reader::events
                             ? measure_columns("events", content_.events)
                             : measure_columns("milestones", content_.milestones);
    for (const auto& [own, column] : columns) {
      if (column != name) continue;
      const auto found = std::ranges::find(content_.measures, own);
      if (found != content_.measures.end())
        return static_cast<std::size_t>(found - content_.measures.begin());
    }
    const std::string nearest = nearest_name(name, content_.measures);
    std::string why = "the fit took no such measure";
    if (content_.measures.empty()) why += ": give amount=, cost= or measures= to the fit";
    if (!nearest.empty()) why += "; did you mean \"" + nearest + "\"?";
    throw DataError("statistics", 0, name, why);
  }

  /// A mean with its n and, where its spread is known, its 95 % interval by the normal distribution; on the
  /// log scale where a cost's would reach below 0.
  [[nodiscard]] static Number mean_of(const MeasureTally& tally, bool cost) {
    const auto n = static_cast<double>(tally.number);
    const double mean = tally.mean();
    const double half = two_sided_95 * tally.sd() / std::sqrt(n);
    std::optional<Interval> interval;
    if (std::isfinite(half)) {
      interval = cost && mean > 0 && half >= mean
                     ? Interval{mean * std::exp(-half / mean), mean * std::exp(half / mean)}
                     : Interval{mean - half, mean + half};
      if (!std::isfinite(interval->low) || !std::isfinite(interval->high)) interval.reset();
    }
    return measured(mean, {.n = n, .interval = interval});
  }

  [[nodiscard]] Number mean_of(const std::string& name, std::uint32_t place, bool cost) const {
    const std::size_t m = measure(name);
    const MeasureTally& tally = all_.stages[place].visited[m];
    if (tally.number > 0) return mean_of(tally, cost);
    if (whole_ != nullptr && whole_->stages[place].visited[m].number > 0)
      return placeholder(whole_->stages[place].visited[m].mean());
    throw DataError("statistics", 0, name, "is not given for any journey at \"" + names_[place] + "\"");
  }

  [[nodiscard]] const Ownership& ownership_of(const std::string& name) const {
    static const Ownership nobody;
    const auto at = ownership_.find(name);
    return at == ownership_.end() ? nobody : at->second;
  }

  [[nodiscard]] std::uint64_t counted(std::size_t place) const {
    const StageTally& stage = all_.stages[place];
    return options_.open == OpenRule::lost ? stage.entered : stage.entered - stage.open;
  }

  void add_stages(Funnel& funnel) {
    std::map<std::uint32_t, Number> values, costs;
    for (const auto& [name, measure] : options_.values) {
      const std::uint32_t place = place_of(content_, name, false);
      values[place] = mean_of(measure, place, false);
    }
    values_ = values;
    if (options_.costs) {
      for (const auto& [name, measure] : *options_.costs) {
        const std::uint32_t place = place_of(content_, name, false);
        if (kinds_[place]) {
          throw InvalidValueError("to_funnel(costs=)", "outcome \"" + names_[place] + "\"",
                                  "stages: an outcome has no cost of its own");
        }
        costs[place] = mean_of(measure, place, true);
      }
    } else if (content_.reader == Reader::events && std::ranges::binary_search(content_.measures, "cost")) {
      for (std::uint32_t s = 0; s < names_.size(); ++s) {
        if (is_stage(s) && all_.stages[s].visited[measure("cost")].number > 0)
          costs[s] = mean_of("cost", s, true);
      }
    }
    for (std::uint32_t s = 0; s < names_.size(); ++s) {
      if (!is_stage(s)) continue;
      Stage stage{.name = names_[s], .owner = ownership_of(names_[s])};
      if (const auto at = values.find(s); at != values.end()) stage.value = at->second;
      if (const auto at = costs.find(s); at != costs.end()) stage.cost = at->second;
      if (counted(s) == 0)
        stage.drop_off = placeholder(1);  // all visits are open: where they go is not known
      funnel.add_stage(std::move(stage));
    }
  }

  void add_outcomes(Funnel& funnel) {
    for (std::uint32_t s = 0; s < names_.size(); ++s) {
      if (!kinds_[s]) continue;
      Outcome outcome{.name = names_[s], .kind = *kinds_[s], .owner = ownership_of(names_[s])};
      if (const auto at = values_.find(s); at != values_.end()) {
        outcome.value = at->second;
      } else if (options_.values.empty() && outcome.kind == OutcomeKind::won) {
        outcome.value = std::numeric_limits<double>::quiet_NaN();  // unknown: revenue is absent, never 0
      }
      funnel.add_outcome(std::move(outcome));
    }
    for (const auto& [name, ending] : endings_) {
      Ownership owner = ownership_of(name);
      if (owner.empty() && !ending.owner.empty()) owner = Ownership(ending.owner);
      funnel.add_outcome({.name = name, .kind = ending.kind, .owner = std::move(owner)});
    }
  }

  void add_transitions(Funnel& funnel) {
    for (const auto& [key, exit] : exits_) {
      const auto& [from, to] = key;
      const std::uint64_t closed = counted(from);
      const StageTally& stage = all_.stages[from];
      const double rate = ratio(exit.count, closed);
      Transition transition{.from = names_[from], .to = to};
      transition.rate = measured(
          rate, {.n = static_cast<double>(closed), .interval = jeffreys_interval(exit.count, closed)});
      transition.lag = fitted_lag(exit.lag, options_.lag, content_.durations);
      transition.observed = Observed{.count = static_cast<double>(exit.count),
                                     .entered = static_cast<double>(stage.entered),
                                     .open = static_cast<double>(stage.open)};
      funnel.add_transition(std::move(transition));
    }
  }

  void add_entries(Funnel& funnel) {
    const bool entry_costs = content_.reader == Reader::milestones && !options_.costs &&
                             std::ranges::binary_search(content_.measures, "cost");
    for (std::uint32_t s = 0; s < names_.size(); ++s) {
      if (!is_stage(s)) continue;
      for (std::size_t c = 0; c < content_.segments.size(); ++c) {
        const StageTally& stage = content_.tallies[c].stages[s];
        if (stage.started == 0) continue;
        const auto n = static_cast<double>(stage.started);
        Entry entry{.stage = names_[s],
                    .volume = measured(n / options_.periods, {.n = n, .interval = {}}),
                    .channel = content_.segments[c]};
        if (entry_costs) {
          const MeasureTally& cost = stage.starting[measure("cost")];
          entry.cost = cost.number == 0 ? placeholder(0) : mean_of(cost, true);
        }
        funnel.add_entry(std::move(entry));
      }
    }
  }

  const StatisticsContent& content_;
  const FunnelOptions& options_;
  Tally all_;
  const Tally* whole_;
  std::vector<std::string> names_;
  std::vector<std::optional<OutcomeKind>> kinds_;
  std::map<std::pair<std::uint32_t, std::string>, Exit> exits_;
  std::map<std::string, Ending> endings_;
  std::map<std::string, Ownership> ownership_;
  std::map<std::string, Role> roles_;
  std::map<std::uint32_t, Number> values_;
  std::vector<Owner> owners_;
};

}  // namespace detail

FUNNELGRAPH_INLINE Funnel Statistics::to_funnel(const FunnelOptions& options) const {
  return detail::FunnelMaker(*content_, options).make();
}

FUNNELGRAPH_INLINE SegmentedFunnel Statistics::to_segmented_funnel(const FunnelOptions& options) const {
  if (content_->segments.empty() || content_->segments == std::vector<std::string>{""}) {
    throw InvalidValueError("to_segmented_funnel", "statistics without segments", "a fit with segment=");
  }
  SegmentedFunnel funnels;
  const Tally whole = detail::total(*content_);
  for (const std::string& name : content_->segments) {
    const Statistics part = segment(name);
    funnels.set_segment(name, detail::FunnelMaker(part.content(), options, &whole).make());
  }
  return funnels;
}

}  // namespace funnelgraph::inline v0::fit
