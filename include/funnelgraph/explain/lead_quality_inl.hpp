// Definitions of lead_quality.hpp.
#pragma once

#include <algorithm>
#include <cmath>

#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/explain/detail/difference_inl.hpp>
#include <funnelgraph/explain/detail/view_inl.hpp>
#include <funnelgraph/explain/lead_quality.hpp>
#include <funnelgraph/fit/binomial_interval.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// Owners with more of `has` than of `lacks`.
inline std::string owners_gaining(const Ownership& has, const Ownership& lacks) {
  std::string out;
  for (const OwnerShare& share : has.shares()) {
    if (share.share > lacks.share(share.owner)) out += (out.empty() ? "" : " + ") + share.owner;
  }
  return out;
}

/// Visits of a stage and its rate to a stage or a win, in one funnel.
struct StageFlow {
  double visits = 0, rate = 0;
};

inline StageFlow flow_of(const Funnel& funnel, const Analysis& analysis, const std::string& stage) {
  StageFlow out{.visits = analysis.visits(stage), .rate = 0};
  for (const TransitionId id : funnel.exits(stage)) {
    const std::string& to = funnel.transition(id).to;
    const auto outcome = funnel.find_outcome(to);
    if (outcome && funnel.outcome(*outcome).kind != OutcomeKind::won) continue;
    out.rate += analysis.rate(stage, to);
  }
  return out;
}

class QualityMaker {
 public:
  explicit QualityMaker(std::vector<SegmentPair> pairs, bool classes)
      : pairs_(std::move(pairs)), classes_(classes) {
    for (const SegmentPair& pair : pairs_) {
      plan_.push_back(pair.plan != nullptr ? std::optional(analyze(*pair.plan)) : std::nullopt);
      actual_.push_back(pair.actual != nullptr ? std::optional(analyze(*pair.actual)) : std::nullopt);
    }
  }

  LeadQuality make() {
    for (const SegmentPair& pair : pairs_) {
      for (const Funnel* side : {pair.plan, pair.actual}) {
        if (side == nullptr) continue;
        for (const Transition& transition : side->transitions()) receive(*side, transition);
      }
    }
    for (ReceivedRate& row : out_.rows) split(row);
    return std::move(out_);
  }

 private:
  void receive(const Funnel& funnel, const Transition& transition) {
    const auto to = funnel.find_stage(transition.to);
    if (!to) return;
    const Ownership& from = funnel.stage(transition.from).owner;
    const Ownership& owner = funnel.stage(*to).owner;
    const std::string giver = owners_gaining(from, owner), receiver = owners_gaining(owner, from);
    if (giver.empty() || receiver.empty()) return;
    for (ReceivedRate& row : out_.rows) {
      if (row.stage != transition.to) continue;
      if (row.giver.find(giver) == std::string::npos) row.giver += " + " + giver;
      return;
    }
    out_.rows.push_back({.stage = transition.to, .giver = giver, .receiver = receiver});
  }

  static StageFlow side_flow(const Funnel* funnel, const std::optional<Analysis>& analysis,
                             const std::string& stage) {
    if (funnel == nullptr || !funnel->find_stage(stage)) return {};
    return flow_of(*funnel, *analysis, stage);
  }

  void split(ReceivedRate& row) {
    std::vector<StageFlow> before, after;
    double all_before = 0, all_after = 0;
    for (std::size_t k = 0; k < pairs_.size(); ++k) {
      before.push_back(side_flow(pairs_[k].plan, plan_[k], row.stage));
      after.push_back(side_flow(pairs_[k].actual, actual_[k], row.stage));
      all_before += before.back().visits;
      all_after += after.back().visits;
    }
    if (all_before == 0 || all_after == 0) {
      row.rate_plan = row.rate_actual = row.change = row.mix = row.within = unknown_number;
      row.note = all_before == 0 ? "nobody came here in the plan" : "nobody came here in the actual";
      return;
    }
    for (std::size_t k = 0; k < pairs_.size(); ++k) {
      if (before[k].visits == 0) before[k].rate = after[k].rate;
      if (after[k].visits == 0) after[k].rate = before[k].rate;
      row.rate_plan += before[k].visits / all_before * before[k].rate;
      row.rate_actual += after[k].visits / all_after * after[k].rate;
    }
    row.change = row.rate_actual - row.rate_plan;
    const double overall = (row.rate_plan + row.rate_actual) / 2;
    for (std::size_t k = 0; k < pairs_.size(); ++k) {
      if (before[k].visits == 0 && after[k].visits == 0) continue;
      ReceivedClass part{.stage = row.stage,
                         .segment = pairs_[k].name,
                         .share_plan = before[k].visits / all_before,
                         .share_actual = after[k].visits / all_after,
                         .rate_plan = before[k].rate,
                         .rate_actual = after[k].rate};
      part.mix = (part.share_actual - part.share_plan) * ((part.rate_plan + part.rate_actual) / 2 - overall);
      part.within = (part.share_plan + part.share_actual) / 2 * (part.rate_actual - part.rate_plan);
      row.mix += part.mix;
      row.within += part.within;
      if (classes_) out_.classes.push_back(std::move(part));
    }
    if (!classes_) row.note = quality_note;
  }

  std::vector<SegmentPair> pairs_;
  bool classes_;
  std::vector<std::optional<Analysis>> plan_, actual_;
  LeadQuality out_;
};

/// A copy in which the journeys that come to `stage` end there, in an outcome of their own.
inline std::pair<Funnel, std::string> ending_at(const Funnel& funnel, const std::string& stage) {
  Funnel made = funnel;
  std::vector<std::string> targets;
  for (const TransitionId id : funnel.exits(stage)) targets.push_back(funnel.transition(id).to);
  for (const std::string& target : targets) made.remove_transition(stage, target);
  Stage plain = made.stage(stage);
  plain.drop_off.reset();
  made.replace_stage(stage, plain);
  std::string name = "fits";
  while (made.find_stage(name) || made.find_outcome(name)) name += '\'';
  made.add_outcome({.name = name, .kind = OutcomeKind::won});
  made.add_transition({.from = stage, .to = name, .rate = 1});
  return {std::move(made), name};
}

class SourceReader {
 public:
  SourceReader(const LeadSourceOptions& options) : options_(options) {
    for (const auto& [stage, minutes] : options_.minutes) {
      if (!(minutes >= 0) || std::isinf(minutes))
        throw InvalidValueError("minutes of " + shown(stage), shown(minutes), "a finite number >= 0");
    }
  }

  [[nodiscard]] LeadSource read(const std::string& source, const Funnel& funnel) const {
    (void)funnel.owner(options_.receiver);
    for (const auto& [stage, minutes] : options_.minutes) (void)funnel.stage(stage);
    LeadSource out{.source = source};
    const Analysis whole = analyze(funnel);
    out.entrants = whole.entrants;
    if (options_.fits_at) {
      (void)funnel.stage(*options_.fits_at);
      const auto [cut, fits] = ending_at(funnel, *options_.fits_at);
      const Analysis until = analyze(cut);
      out.fitting = until.count(fits);
      for (const Stage& stage : funnel.stages())
        add(out, whole, stage,
            stage.name == *options_.fits_at
                ? 0.0
                : until.visits(stage.name) * (1 - until.probability(fits, stage.name)));
    } else {
      std::vector<std::string> screened;
      for (const Outcome& outcome : funnel.outcomes()) {
        if (outcome.kind == OutcomeKind::screened) screened.push_back(outcome.name);
      }
      if (screened.empty())
        throw InvalidValueError(
            "lead_sources of " + shown(source), "no screened outcome",
            "fits_at= the stage that says that a lead fits, or an outcome of kind screened");
      double away = 0;
      for (const std::string& outcome : screened) away += whole.count(outcome);
      out.fitting = out.entrants - away;
      for (const Stage& stage : funnel.stages()) {
        double ends = 0;
        for (const std::string& outcome : screened) ends += whole.probability(outcome, stage.name);
        add(out, whole, stage, whole.visits(stage.name) * ends);
      }
    }
    if (out.entrants > 0) out.share = out.fitting / out.entrants;
    interval(out, funnel);
    return out;
  }

 private:
  void add(LeadSource& out, const Analysis& whole, const Stage& stage, double unfit) const {
    const double share = stage.owner.share(options_.receiver);
    if (share == 0) return;
    const double visits = share * whole.visits(stage.name);
    out.visits += visits;
    out.visits_unfit += share * unfit;
    if (const auto at = options_.minutes.find(stage.name); at != options_.minutes.end()) {
      out.hours += visits * at->second / 60;
      out.hours_unfit += share * unfit * at->second / 60;
    }
  }

  static void interval(LeadSource& out, const Funnel& funnel) {
    double n = 0;
    for (const Entry& entry : funnel.entries()) {
      const Source& source = entry.volume.source;
      if (source.kind() != SourceKind::measured || !(source.n() > 0)) return;
      n += source.n();
    }
    if (!(n >= 1)) return;
    const auto all = static_cast<std::uint64_t>(std::llround(n));
    const double share = std::clamp(out.share, 0.0, 1.0);
    const auto count = std::min(all, static_cast<std::uint64_t>(std::llround(share * n)));
    const Interval found = fit::jeffreys_interval(count, all);
    out.low = found.low;
    out.high = found.high;
  }

  const LeadSourceOptions& options_;
};

}  // namespace detail

FUNNELGRAPH_INLINE LeadQuality lead_quality(const SegmentedFunnel& plan, const SegmentedFunnel& actual) {
  return detail::QualityMaker(detail::segment_pairs(plan.segments(), actual.segments()), true).make();
}

FUNNELGRAPH_INLINE LeadQuality lead_quality(const Funnel& plan, const Funnel& actual) {
  return detail::QualityMaker({{"", &plan, &actual}}, false).make();
}

FUNNELGRAPH_INLINE std::vector<LeadSource> lead_sources(const SegmentedFunnel& sources,
                                                        const LeadSourceOptions& options) {
  const detail::SourceReader reader(options);
  std::vector<LeadSource> out;
  for (const auto& [name, funnel] : sources.segments()) out.push_back(reader.read(name, funnel));
  return out;
}

FUNNELGRAPH_INLINE std::vector<ClassRow> class_rates(const SegmentedFunnel& classes) {
  std::vector<ClassRow> out;
  ClassRow all{.segment = "all"};
  for (const auto& [name, funnel] : classes.segments()) {
    const Analysis analysis = analyze(funnel);
    ClassRow row{.segment = name, .entrants = analysis.entrants};
    if (row.entrants > 0) {
      for (const Outcome& outcome : funnel.outcomes()) {
        const double share = analysis.probability(outcome.name);
        (outcome.kind == OutcomeKind::won        ? row.won
         : outcome.kind == OutcomeKind::screened ? row.screened
         : outcome.kind == OutcomeKind::silent   ? row.silent
                                                 : row.lost) += share;
      }
      row.drop_off = analysis.probability("drop_off");
      row.value = analysis.revenue / row.entrants;
    }
    all.entrants += row.entrants;
    all.won += row.entrants * row.won;
    all.lost += row.entrants * row.lost;
    all.screened += row.entrants * row.screened;
    all.silent += row.entrants * row.silent;
    all.drop_off += row.entrants * row.drop_off;
    all.value += row.entrants * row.value;
    out.push_back(std::move(row));
  }
  if (all.entrants > 0) {
    for (ClassRow& row : out) row.share = row.entrants / all.entrants;
    for (double* sum : {&all.won, &all.lost, &all.screened, &all.silent, &all.drop_off, &all.value})
      *sum /= all.entrants;
    all.share = 1;
  }
  out.push_back(std::move(all));
  return out;
}

}  // namespace funnelgraph::inline v0
