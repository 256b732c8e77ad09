// Definitions of difference.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <span>
#include <string_view>

#include <funnelgraph/analysis/detail/named_chain.hpp>
#include <funnelgraph/chain/refresh.hpp>
#include <funnelgraph/compile/compile.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/core/units.hpp>
#include <funnelgraph/explain/detail/difference.hpp>
#include <funnelgraph/explain/factor_inl.hpp>
#include <funnelgraph/model/validate.hpp>

namespace funnelgraph::inline v0::detail {

/// Puts the parts of both sides on one structure.
class UnionMaker {
 public:
  UnionMaker(Difference& out, const DifferenceOptions& options) : out_(out), options_(options) {}

  void make(const std::vector<SegmentPair>& segments) {
    set_discount(segments);
    add_owners(segments);
    for (std::uint32_t k = 0; k < segments.size(); ++k) {
      plan_ = segments[k].plan;
      actual_ = segments[k].actual;
      segment_ = k;
      prefix_ = out_.segmented ? std::to_string(k) + ": " : std::string();
      add_stages();
      add_outcomes();
      add_transitions();
      add_entries();
      add_levers();
    }
  }

 private:
  [[nodiscard]] std::string inner(const std::string& name) const { return prefix_ + name; }
  [[nodiscard]] std::string where(const std::string& what) const {
    return out_.segmented ? what + " in segment " + out_.segments[segment_] : what;
  }

  void set_discount(const std::vector<SegmentPair>& segments) {
    const auto rate = [&](const Funnel* SegmentPair::* side) {
      std::optional<Number> found;
      for (const SegmentPair& segment : segments) {
        if (segment.*side == nullptr) continue;
        const Number& here = (segment.*side)->info().discount_rate;
        if (found && found->value != here.value)
          throw InvalidValueError("discount rates of the segments",
                                  shown(found->value) + " and " + shown(here.value),
                                  "one rate for all of a side; give discount_rate= for both sides");
        found = here;
      }
      return found.value_or(Number(0));
    };
    FunnelInfo plan, actual;
    if (options_.analysis.discount_rate) {
      check_discount_rate(*options_.analysis.discount_rate);
      plan.discount_rate = actual.discount_rate = *options_.analysis.discount_rate;
    } else {
      plan.discount_rate = rate(&SegmentPair::plan);
      actual.discount_rate = rate(&SegmentPair::actual);
    }
    out_.plan_funnel.set_info(std::move(plan));
    out_.actual_funnel.set_info(std::move(actual));
  }

  /// Fixed costs of one owner over the segments of a side; an owner that is not there costs nothing.
  void add_owners(const std::vector<SegmentPair>& segments) {
    std::vector<std::string> names;
    for (const SegmentPair& segment : segments) {
      for (const Funnel* side : {segment.plan, segment.actual}) {
        if (side == nullptr) continue;
        for (const Owner& owner : side->owners()) {
          if (std::find(names.begin(), names.end(), owner.name) == names.end()) names.push_back(owner.name);
        }
      }
    }
    for (const std::string& name : names) {
      const auto sum = [&](const Funnel* SegmentPair::* side, Role& role) {
        Number cost = 0;
        std::size_t found = 0;
        for (const SegmentPair& segment : segments) {
          if (segment.*side == nullptr) continue;
          const auto id = (segment.*side)->find_owner(name);
          if (!id) continue;
          const Owner& owner = (segment.*side)->owner(*id);
          role = owner.role;
          if (found++ == 0) {
            cost = owner.fixed_cost;
          } else {
            cost = Number(cost.value + owner.fixed_cost.value);
          }
        }
        return cost;
      };
      Role role = Role::other;
      const Number actual = sum(&SegmentPair::actual, role);
      const Number plan = sum(&SegmentPair::plan, role);
      out_.plan_funnel.add_owner({.name = name, .role = role, .fixed_cost = plan});
      out_.actual_funnel.add_owner({.name = name, .role = role, .fixed_cost = actual});
    }
  }

  /// Shares by name, so that equal ownerships read the same.
  static Ownership sorted(const Ownership& owner) {
    std::vector<OwnerShare> shares = owner.shares();
    std::sort(shares.begin(), shares.end(),
              [](const OwnerShare& a, const OwnerShare& b) { return a.owner < b.owner; });
    return Ownership(std::move(shares));
  }

  /// One ownership for both sides, or an error.
  [[nodiscard]] Ownership agreed_owner(const std::string& what, const Ownership& plan,
                                       const Ownership& actual) const {
    if (plan == actual || !options_.by_owner) return sorted(plan);
    if (options_.owners) return sorted(*options_.owners == Side::plan ? plan : actual);
    const auto text = [](const Ownership& owner) {
      const std::string said = ownership_text(owner);
      return said.empty() ? std::string("nobody") : said;
    };
    throw InvalidValueError("ownership of " + where(what),
                            text(plan) + " in the plan and " + text(actual) + " in the actual",
                            "the same on both sides, or owners= \"plan\" or \"actual\" to say whose counts");
  }

  void add_stages() {
    const auto add = [&](const Stage& plan, const Stage& actual) {
      Stage first = plan, second = actual;
      first.owner = second.owner = agreed_owner("stage " + shown(plan.name), plan.owner, actual.owner);
      first.name = second.name = inner(plan.name);
      first.involved.clear();
      second.involved.clear();
      out_.plan_funnel.add_stage(std::move(first));
      out_.actual_funnel.add_stage(std::move(second));
      out_.stage_segment.push_back(segment_);
      out_.stage_name.push_back(plan.name);
    };
    if (plan_ != nullptr) {
      for (const Stage& stage : plan_->stages()) {
        const auto other = actual_ != nullptr ? actual_->find_stage(stage.name) : std::nullopt;
        add(stage, other ? actual_->stage(*other) : stage);
      }
    }
    if (actual_ != nullptr) {
      for (const Stage& stage : actual_->stages()) {
        if (plan_ == nullptr || !plan_->find_stage(stage.name)) add(stage, stage);
      }
    }
  }

  void add_outcomes() {
    const auto add = [&](const Outcome& plan, const Outcome& actual) {
      if (plan.kind != actual.kind)
        throw InvalidValueError(where("kind of outcome " + shown(plan.name)), "another in the actual",
                                "one kind on both sides: rename one of them");
      Outcome first = plan, second = actual;
      first.owner = second.owner = agreed_owner("outcome " + shown(plan.name), plan.owner, actual.owner);
      first.name = second.name = inner(plan.name);
      out_.plan_funnel.add_outcome(std::move(first));
      out_.actual_funnel.add_outcome(std::move(second));
      out_.outcome_segment.push_back(segment_);
      out_.outcome_name.push_back(plan.name);
    };
    if (plan_ != nullptr) {
      for (const Outcome& outcome : plan_->outcomes()) {
        const auto other = actual_ != nullptr ? actual_->find_outcome(outcome.name) : std::nullopt;
        add(outcome, other ? actual_->outcome(*other) : outcome);
      }
    }
    if (actual_ != nullptr) {
      for (const Outcome& outcome : actual_->outcomes()) {
        if (plan_ == nullptr || !plan_->find_outcome(outcome.name)) add(outcome, outcome);
      }
    }
  }

  static bool has_stage(const Funnel* side, const std::string& name) {
    return side != nullptr && side->find_stage(name).has_value();
  }

  void add_transitions() {
    const auto add = [&](Transition plan, Transition actual) {
      if (plan.lag.family == LagFamily::unknown && plan.rate.value == 0) plan.lag = actual.lag;
      if (actual.lag.family == LagFamily::unknown && actual.rate.value == 0) actual.lag = plan.lag;
      for (Transition* made : {&plan, &actual}) {
        made->from = inner(made->from);
        made->to = inner(made->to);
      }
      out_.plan_funnel.add_transition(std::move(plan));
      out_.actual_funnel.add_transition(std::move(actual));
    };
    const auto absent = [](Transition transition) {
      transition.rate = 0;
      transition.observed.reset();
      return transition;
    };
    if (plan_ != nullptr) {
      for (const Transition& transition : plan_->transitions()) {
        if (!has_stage(actual_, transition.from)) {
          add(transition, transition);
          continue;
        }
        const auto other = actual_->find_transition(transition.from, transition.to);
        add(transition, other ? actual_->transition(*other) : absent(transition));
      }
    }
    if (actual_ != nullptr) {
      for (const Transition& transition : actual_->transitions()) {
        if (!has_stage(plan_, transition.from)) {
          add(transition, transition);
        } else if (!plan_->find_transition(transition.from, transition.to)) {
          add(absent(transition), transition);
        }
      }
    }
  }

  [[nodiscard]] static Ownership entry_owner(const Funnel& side, const Entry& entry) {
    return sorted(entry.owner.empty() ? side.stage(entry.stage).owner : entry.owner);
  }

  void add_entries() {
    const auto add = [&](Entry plan, Entry actual, const Ownership& owner) {
      plan.stage = actual.stage = inner(plan.stage);
      plan.owner = actual.owner = owner;
      out_.plan_funnel.add_entry(std::move(plan));
      out_.actual_funnel.add_entry(std::move(actual));
    };
    const auto absent = [](Entry entry) {
      entry.volume = 0;
      return entry;
    };
    if (plan_ != nullptr) {
      for (const Entry& entry : plan_->entries()) {
        const auto other =
            actual_ != nullptr ? actual_->find_entry(entry.stage, entry.channel) : std::nullopt;
        if (!other) {
          add(entry, absent(entry), entry_owner(*plan_, entry));
          continue;
        }
        const Entry& there = actual_->entries()[*other];
        add(entry, there,
            agreed_owner("the entry at " + shown(entry.stage), entry_owner(*plan_, entry),
                         entry_owner(*actual_, there)));
      }
    }
    if (actual_ != nullptr) {
      for (const Entry& entry : actual_->entries()) {
        if (plan_ == nullptr || !plan_->find_entry(entry.stage, entry.channel))
          add(absent(entry), entry, entry_owner(*actual_, entry));
      }
    }
  }

  /// A number in units of its reference, with its range.
  static Number over(const Number& value, double reference) {
    const auto interval = value.source.interval();
    if (!interval || reference == 1) return {value.value / reference, value.source};
    return {value.value / reference,
            Source({.kind = value.source.kind(),
                    .n = value.source.n(),
                    .by = value.source.by(),
                    .interval =
                        Interval{interval->low / reference, interval->high / reference, interval->level}})};
  }

  /// A lever that one side lacks stands at its reference there. Values are kept over their reference.
  void add_levers() {
    const auto add = [&](Lever plan, Lever actual) {
      const Ownership owner = agreed_owner("lever " + shown(plan.name), plan.owner, actual.owner);
      out_.lever_name.push_back(plan.name);
      out_.lever_segment.push_back(segment_);
      for (Lever* made : {&plan, &actual}) {
        made->name = inner(made->name);
        made->owner = owner;
        made->value = over(made->value, made->reference);
        made->reference = 1;
      }
      out_.plan_funnel.add_lever(std::move(plan));
      out_.actual_funnel.add_lever(std::move(actual));
    };
    const auto absent = [](Lever lever) {
      lever.value = lever.reference;
      return lever;
    };
    if (plan_ != nullptr) {
      for (const Lever& lever : plan_->levers()) {
        const auto other = actual_ != nullptr ? actual_->find_lever(lever.name) : std::nullopt;
        add(lever, other ? actual_->lever(*other) : absent(lever));
      }
    }
    if (actual_ != nullptr) {
      for (const Lever& lever : actual_->levers()) {
        if (plan_ == nullptr || !plan_->find_lever(lever.name)) add(absent(lever), lever);
      }
    }
    const auto influence = [&](Influence plan, Influence actual) {
      for (Influence* made : {&plan, &actual}) {
        made->lever = inner(made->lever);
        made->from = inner(made->from);
        made->to = inner(made->to);
      }
      out_.plan_funnel.add_influence(std::move(plan));
      out_.actual_funnel.add_influence(std::move(actual));
    };
    // An influence that one side lacks, its lever there, has elasticity 0; with its lever or its stage it
    // is absent on both or neutral anyway.
    const auto lacking = [](const Funnel* side, const Influence& of) {
      Influence made = of;
      if (side != nullptr && side->find_lever(of.lever) && side->find_stage(of.from)) made.elasticity = 0;
      return made;
    };
    if (plan_ != nullptr) {
      for (const Influence& here : plan_->influences()) {
        const auto other =
            actual_ != nullptr ? actual_->find_influence(here.lever, here.from, here.to) : std::nullopt;
        influence(here, other ? actual_->influences()[*other] : lacking(actual_, here));
      }
    }
    if (actual_ != nullptr) {
      for (const Influence& here : actual_->influences()) {
        if (plan_ == nullptr || !plan_->find_influence(here.lever, here.from, here.to))
          influence(lacking(plan_, here), here);
      }
    }
  }

  Difference& out_;
  const DifferenceOptions& options_;
  const Funnel* plan_ = nullptr;
  const Funnel* actual_ = nullptr;
  std::uint32_t segment_ = 0;
  std::string prefix_;
};

/// Finds the inputs that differ and whose they are.
class AtomFinder {
 public:
  explicit AtomFinder(Difference& out)
      : out_(out), plan_(out.plan.chain), actual_(out.actual.chain), edges_(plan_.edge_count()) {}

  void find() {
    source_.resize(edges_);
    for (std::uint32_t i = 0; i < plan_.stage_count; ++i) {
      for (std::uint32_t e = plan_.row_begin[i]; e < plan_.row_begin[i + 1]; ++e) source_[e] = i;
    }
    out_.lag_atom.assign(edges_, no_atom);
    volumes();
    for (std::uint32_t i = 0; i < plan_.stage_count; ++i) rates(i);
    for (std::uint32_t i = 0; i < plan_.stage_count; ++i) lags(i);
    for (std::uint32_t i = 0; i < plan_.stage_count; ++i) costs(i);
    for (std::uint32_t o = 0; o < plan_.outcome_count; ++o)
      number(Input::outcome_commission, o, plan_.outcome_commission[o], actual_.outcome_commission[o],
             of_outcome(o, Factor::costs), out_.needs.costs);
    for (std::uint32_t i = 0; i < plan_.stage_count; ++i) values(i);
    for (std::uint32_t o = 0; o < plan_.outcome_count; ++o)
      number(Input::outcome_value, o, plan_.outcome_value[o], actual_.outcome_value[o],
             of_outcome(o, Factor::values), out_.needs.values);
    for (std::uint32_t i = 0; i < plan_.stage_count; ++i) capacity(i);
    levers();
    for (std::uint32_t w = 0; w < plan_.owner_count; ++w) {
      const std::string& name = out_.plan.labels.owners[w];
      number(Input::fixed_cost, w, plan_.fixed_cost[w], actual_.fixed_cost[w],
             {.segment = everywhere(),
              .kind = Place::owner,
              .place = name,
              .factor = Factor::fixed_cost,
              .owner = Ownership(name)},
             out_.needs.costs);
    }
    discounting();
  }

 private:
  [[nodiscard]] std::uint32_t everywhere() const noexcept { return out_.segmented ? no_atom : 0; }

  [[nodiscard]] Atom of_stage(std::uint32_t i, Factor factor) const {
    return {.segment = out_.stage_segment[i],
            .kind = Place::stage,
            .place = out_.stage_name[i],
            .factor = factor,
            .owner = out_.plan_funnel.stages()[i].owner};
  }
  [[nodiscard]] Atom of_outcome(std::uint32_t o, Factor factor) const {
    return {.segment = out_.outcome_segment[o],
            .kind = Place::outcome,
            .place = out_.outcome_name[o],
            .factor = factor,
            .owner = out_.plan_funnel.outcomes()[o].owner};
  }

  std::uint32_t atom(const Atom& wanted) {
    for (std::uint32_t a = 0; a < out_.atoms.size(); ++a) {
      const Atom& known = out_.atoms[a];
      if (known.segment == wanted.segment && known.kind == wanted.kind && known.factor == wanted.factor &&
          known.place == wanted.place && known.owner == wanted.owner)
        return a;
    }
    out_.atoms.push_back(wanted);
    return static_cast<std::uint32_t>(out_.atoms.size() - 1);
  }

  static bool same(double a, double b) noexcept { return a == b || (std::isnan(a) && std::isnan(b)); }

  void untouched(const Atom& wanted) {
    const std::string said = to_string(wanted.factor) + " of " + wanted.place;
    if (std::find(out_.untouched.begin(), out_.untouched.end(), said) == out_.untouched.end())
      out_.untouched.push_back(said);
  }

  void number(Input input, std::uint32_t index, double plan, double actual, const Atom& wanted, bool needed) {
    if (same(plan, actual)) return;
    if (!needed) return untouched(wanted);
    const std::uint32_t a = atom(wanted);
    out_.atom_of[{input, index}] = a;
    out_.inputs.push_back(
        {.input = {input, index}, .first = a, .second = no_atom, .value = {plan, actual, plan, actual}});
  }

  void volumes() {
    for (std::uint32_t i = 0; i < plan_.stage_count; ++i) {
      for (std::uint32_t k = 0; k < plan_.entries.size(); ++k) {
        if (plan_.entries[k].stage != i) continue;
        Atom wanted = of_stage(i, Factor::volume);
        wanted.owner = out_.plan_funnel.entries()[k].owner;
        number(Input::entry_volume, k, plan_.entries[k].volume, actual_.entries[k].volume, wanted, true);
      }
    }
  }

  /// Whether another owner's stage or entry hands journeys to stage i on either side.
  [[nodiscard]] bool received(std::uint32_t i) const {
    const Ownership& own = out_.plan_funnel.stages()[i].owner;
    for (std::uint32_t e = 0; e < edges_; ++e) {
      if (plan_.target[e] == i && (plan_.base_rate[e] > 0 || actual_.base_rate[e] > 0) &&
          !(out_.plan_funnel.stages()[source_[e]].owner == own))
        return true;
    }
    return false;
  }

  void rates(std::uint32_t i) {
    bool differs = !same(plan_.base_drop_off[i], actual_.base_drop_off[i]);
    for (std::uint32_t e = plan_.row_begin[i]; e < plan_.row_begin[i + 1]; ++e)
      differs = differs || !same(plan_.base_rate[e], actual_.base_rate[e]);
    if (!differs) return;
    Atom wanted = of_stage(i, Factor::rates);
    wanted.received = received(i);
    for (std::uint32_t e = plan_.row_begin[i]; e < plan_.row_begin[i + 1]; ++e)
      number(Input::base_rate, e, plan_.base_rate[e], actual_.base_rate[e], wanted, true);
    number(Input::base_drop_off, i, plan_.base_drop_off[i], actual_.base_drop_off[i], wanted, true);
  }

  [[nodiscard]] bool lag_differs(std::uint32_t e) const {
    const LagDistribution& a = plan_.lag[e];
    const LagDistribution& b = actual_.lag[e];
    if (!a.known() && !b.known()) return false;
    if (a.known() != b.known()) return true;
    const bool quantiles =
        (a.quantiles == nullptr) != (b.quantiles == nullptr) ||
        (a.quantiles != nullptr && a.quantiles != b.quantiles && *a.quantiles != *b.quantiles);
    return a.mean != b.mean || a.variance() != b.variance() ||
           (out_.needs.discount && (a.family != b.family || quantiles));
  }

  void lags(std::uint32_t i) {
    for (std::uint32_t e = plan_.row_begin[i]; e < plan_.row_begin[i + 1]; ++e) {
      if (!lag_differs(e)) continue;
      const Atom wanted = of_stage(i, Factor::lags);
      if (!out_.needs.times && !out_.needs.discount) {
        untouched(wanted);
        continue;
      }
      out_.lag_atom[e] = atom(wanted);
    }
  }

  void costs(std::uint32_t i) {
    const bool needed = out_.needs.costs;
    const Atom wanted = of_stage(i, Factor::costs);
    number(Input::stage_cost, i, plan_.stage_cost[i], actual_.stage_cost[i], wanted, needed);
    number(Input::stage_commission, i, plan_.stage_commission[i], actual_.stage_commission[i], wanted,
           needed);
    for (std::uint32_t e = plan_.row_begin[i]; e < plan_.row_begin[i + 1]; ++e)
      number(Input::edge_cost, e, plan_.edge_cost[e], actual_.edge_cost[e], wanted, needed);
    for (std::uint32_t k = 0; k < plan_.entries.size(); ++k) {
      if (plan_.entries[k].stage != i) continue;
      Atom of_entry = wanted;
      of_entry.owner = out_.plan_funnel.entries()[k].owner;
      number(Input::entry_cost, k, plan_.entries[k].cost, actual_.entries[k].cost, of_entry, needed);
    }
  }

  void values(std::uint32_t i) {
    const Atom wanted = of_stage(i, Factor::values);
    number(Input::stage_value, i, plan_.stage_value[i], actual_.stage_value[i], wanted, out_.needs.values);
    for (std::uint32_t e = plan_.row_begin[i]; e < plan_.row_begin[i + 1]; ++e)
      number(Input::edge_value, e, plan_.edge_value[e], actual_.edge_value[e], wanted, out_.needs.values);
  }

  void capacity(std::uint32_t i) {
    const auto limit = [](double capacity) {
      return std::isnan(capacity) ? std::numeric_limits<double>::max() : capacity;
    };
    number(Input::capacity, i, limit(plan_.capacity[i]), limit(actual_.capacity[i]),
           of_stage(i, Factor::capacity), out_.needs.capacity);
  }

  void levers() {
    const auto of_lever = [&](std::uint32_t l) -> Atom {
      return {.segment = out_.lever_segment[l],
              .kind = Place::lever,
              .place = out_.lever_name[l],
              .factor = Factor::lever,
              .owner = out_.plan_funnel.levers()[l].owner};
    };
    for (std::uint32_t l = 0; l < plan_.lever_value.size(); ++l) {
      bool used = false;
      for (const ChainInfluence& influence : plan_.influences) used = used || influence.lever == l;
      number(Input::lever_value, l, plan_.lever_value[l], actual_.lever_value[l], of_lever(l), used);
    }
    for (std::uint32_t k = 0; k < plan_.influences.size(); ++k)
      number(Input::elasticity, k, plan_.influences[k].elasticity, actual_.influences[k].elasticity,
             of_lever(plan_.influences[k].lever), true);
  }

  /// The moments and discount factors of lags, by the sides of the lag and of the discount rate.
  void discounting() {
    if (plan_.discount_rate != actual_.discount_rate && out_.needs.discount)
      out_.discount_atom = atom({.segment = everywhere(),
                                 .kind = Place::funnel,
                                 .place = "discount_rate",
                                 .factor = Factor::discount_rate,
                                 .owner = Ownership()});
    for (std::uint32_t e = 0; e < edges_; ++e) {
      const std::uint32_t lag = out_.lag_atom[e];
      if (lag != no_atom && out_.needs.times) {
        derived(Input::derived_lag_mean, e, lag, plan_.lag_mean[e], actual_.lag_mean[e]);
        derived(Input::derived_lag_variance, e, lag, plan_.lag_variance[e], actual_.lag_variance[e]);
      }
      if (!out_.needs.discount || (lag == no_atom && out_.discount_atom == no_atom)) continue;
      DifferingInput factor{
          .input = {Input::derived_discount, e}, .first = lag, .second = out_.discount_atom};
      DifferingInput loss{
          .input = {Input::derived_discount_loss, e}, .first = lag, .second = out_.discount_atom};
      for (std::size_t k = 0; k < 4; ++k) {
        const LagDistribution& of = (k & 1U) != 0 ? actual_.lag[e] : plan_.lag[e];
        const double rate = (k & 2U) != 0 ? actual_.discount_rate : plan_.discount_rate;
        const DiscountFactor found = discount(of, discount_force(rate));
        factor.value[k] = found.factor;
        loss.value[k] = found.loss;
      }
      if (std::all_of(factor.value.begin(), factor.value.end(),
                      [&](double x) { return same(x, factor.value[0]); }))
        continue;
      out_.inputs.push_back(factor);
      out_.inputs.push_back(loss);
    }
  }

  void derived(Input input, std::uint32_t e, std::uint32_t a, double plan, double actual) {
    if (same(plan, actual)) return;
    out_.inputs.push_back(
        {.input = {input, e}, .first = a, .second = no_atom, .value = {plan, actual, plan, actual}});
  }

  Difference& out_;
  const Chain& plan_;
  const Chain& actual_;
  std::uint32_t edges_;
  std::vector<std::uint32_t> source_;
};

/// A metric as a figure of the union: with segments counts and visits are sums over them.
class FigureMaker {
 public:
  explicit FigureMaker(const Difference& out) : out_(out) {}

  [[nodiscard]] Figure make(const Metric& metric) const {
    switch (metric.kind()) {
      case MetricKind::recoverable:
        throw InvalidValueError("metric", to_string(metric),
                                "a result of each funnel on its own: recoverable value needs a third funnel");
      case MetricKind::sum:
      case MetricKind::ratio: {
        Figure out{.kind = metric.kind() == MetricKind::sum ? FigureKind::sum : FigureKind::ratio};
        for (const Metric& part : metric.parts()) out.parts.push_back(make(part));
        out.weights = metric.weights();
        return out;
      }
      default:
        break;
    }
    if (!out_.segmented || metric.name().empty() || metric.name() == "drop_off")
      return figure_of(out_.plan_funnel, metric);
    if (metric.kind() == MetricKind::time_to)
      throw InvalidValueError("metric of segments", to_string(metric),
                              "counts, probabilities, visits, money and ratios; times of each segment alone");
    if (metric.kind() == MetricKind::cost_per) {
      Figure out{.kind = FigureKind::ratio};
      out.parts.push_back(figure_of(out_.plan_funnel, metric::cost()));
      out.parts.push_back(make(metric::count(metric.name())));
      return out;
    }
    Figure out{.kind = FigureKind::sum};
    const bool stage = metric.kind() == MetricKind::visits;
    const auto& names = stage ? out_.stage_name : out_.outcome_name;
    for (std::uint32_t k = 0; k < names.size(); ++k) {
      if (names[k] != metric.name()) continue;
      out.parts.push_back({.kind = stage                                ? FigureKind::visits
                                   : metric.kind() == MetricKind::count ? FigureKind::count
                                                                        : FigureKind::probability,
                           .position = k});
      out.weights.push_back(1);
    }
    if (out.parts.empty())
      throw UnknownNameError(stage ? "stage" : "outcome", metric.name(), nearest_name(metric.name(), names));
    return out;
  }

 private:
  const Difference& out_;
};

inline void add_needs(const Figure& figure, Needs& needs) {
  switch (figure.kind) {
    case FigureKind::revenue:
      needs.values = true;
      break;
    case FigureKind::cost:
    case FigureKind::cost_per:
      needs.costs = true;
      break;
    case FigureKind::profit:
    case FigureKind::lifetime_value:
      needs.values = needs.costs = true;
      needs.times = needs.times || figure.horizon.has_value();
      break;
    case FigureKind::time_to:
      needs.times = true;
      break;
    case FigureKind::sum:
    case FigureKind::ratio:
      for (const Figure& part : figure.parts) add_needs(part, needs);
      break;
    default:
      break;
  }
}

/// Whether some cost is a share of a value.
inline bool has_commission(const Chain& chain) {
  const auto some = [](const std::vector<double>& shares) {
    return std::any_of(shares.begin(), shares.end(), [](double share) { return share != 0; });
  };
  return some(chain.stage_commission) || some(chain.outcome_commission);
}

FUNNELGRAPH_INLINE std::uint32_t atom_at(const Difference& difference, InputRef input) {
  if (input.input == Input::lag_mean || input.input == Input::lag_sd) return difference.lag_atom[input.index];
  if (input.input == Input::discount_rate) return difference.discount_atom;
  if (input.input == Input::base_rate) {
    // A row moves as one, the rates of it that stay included.
    const Chain& chain = difference.plan.chain;
    const auto row = std::upper_bound(chain.row_begin.begin(), chain.row_begin.end(), input.index) - 1;
    const auto stage = static_cast<std::uint32_t>(row - chain.row_begin.begin());
    for (std::uint32_t e = chain.row_begin[stage]; e < chain.row_begin[stage + 1]; ++e) {
      const auto at = difference.atom_of.find({Input::base_rate, e});
      if (at != difference.atom_of.end()) return at->second;
    }
    const auto at = difference.atom_of.find({Input::base_drop_off, stage});
    return at == difference.atom_of.end() ? no_atom : at->second;
  }
  const auto at = difference.atom_of.find({input.input, input.index});
  return at == difference.atom_of.end() ? no_atom : at->second;
}

FUNNELGRAPH_INLINE void for_each_number(
    const Difference& difference, bool actual,
    const std::function<void(InputRef, const Number&, const std::string&)>& visit) {
  const Funnel& funnel = actual ? difference.actual_funnel : difference.plan_funnel;
  const Compiled& side = actual ? difference.actual : difference.plan;
  const Needs& needs = difference.needs;
  for (std::uint32_t k = 0; k < funnel.entries().size(); ++k) {
    const Entry& entry = funnel.entries()[k];
    const std::string at = entry.stage + (entry.channel.empty() ? "" : ", " + entry.channel);
    visit({Input::entry_volume, k}, entry.volume, "volume(" + at + ")");
    if (needs.costs) visit({Input::entry_cost, k}, entry.cost, "entry_cost(" + at + ")");
  }
  for (std::uint32_t t = 0; t < funnel.transitions().size(); ++t) {
    const Transition& transition = funnel.transitions()[t];
    const std::uint32_t e = side.layout.edge_of_transition[t];
    const std::string at = "(" + transition.from + ", " + transition.to + ")";
    visit({Input::base_rate, e}, transition.rate, "rate" + at);
    if ((needs.times || needs.discount) && transition.lag.family != LagFamily::unknown)
      visit({Input::lag_mean, e}, transition.lag.mean, "lag" + at);
    if (needs.costs) visit({Input::edge_cost, e}, transition.cost, "transition_cost" + at);
    if (needs.values) visit({Input::edge_value, e}, transition.value, "transition_value" + at);
  }
  for (std::uint32_t i = 0; i < funnel.stages().size(); ++i) {
    const Stage& stage = funnel.stages()[i];
    if (stage.drop_off) visit({Input::base_drop_off, i}, *stage.drop_off, "drop_off(" + stage.name + ")");
    if (needs.costs) visit({Input::stage_cost, i}, stage.cost, "cost(" + stage.name + ")");
    if (needs.costs) visit({Input::stage_commission, i}, stage.commission, "commission(" + stage.name + ")");
    if (needs.values) visit({Input::stage_value, i}, stage.value, "value(" + stage.name + ")");
    if (needs.capacity && stage.capacity)
      visit({Input::capacity, i}, *stage.capacity, "capacity(" + stage.name + ")");
  }
  for (std::uint32_t o = 0; o < funnel.outcomes().size(); ++o) {
    const Outcome& outcome = funnel.outcomes()[o];
    if (needs.costs)
      visit({Input::outcome_commission, o}, outcome.commission, "commission(" + outcome.name + ")");
    if (needs.values) visit({Input::outcome_value, o}, outcome.value, "value(" + outcome.name + ")");
  }
  for (std::uint32_t l = 0; l < funnel.levers().size(); ++l)
    visit({Input::lever_value, l}, funnel.levers()[l].value, "lever(" + funnel.levers()[l].name + ")");
  for (std::uint32_t k = 0; k < funnel.influences().size(); ++k) {
    const Influence& influence = funnel.influences()[k];
    visit({Input::elasticity, k}, influence.elasticity,
          "elasticity(" + influence.lever + ", " + influence.from + ", " + influence.to + ")");
  }
  if (needs.costs) {
    for (std::uint32_t w = 0; w < funnel.owners().size(); ++w)
      visit({Input::fixed_cost, w}, funnel.owners()[w].fixed_cost,
            "fixed_cost(" + funnel.owners()[w].name + ")");
  }
}

FUNNELGRAPH_INLINE std::vector<SegmentPair> segment_pairs(const std::map<std::string, Funnel>& plan,
                                                          const std::map<std::string, Funnel>& actual) {
  std::map<std::string, SegmentPair> pairs;
  for (const auto& [name, funnel] : plan) pairs[name] = {name, &funnel, nullptr};
  for (const auto& [name, funnel] : actual) {
    SegmentPair& pair = pairs[name];
    pair.name = name;
    pair.actual = &funnel;
  }
  std::vector<SegmentPair> out;
  for (const auto& [name, pair] : pairs) out.push_back(pair);
  return out;
}

/// Something has to be comparable: at least one stage that both sides have.
inline void require_common_stage(const std::vector<SegmentPair>& segments) {
  for (const SegmentPair& segment : segments) {
    if (segment.plan == nullptr || segment.actual == nullptr) continue;
    for (const Stage& stage : segment.plan->stages()) {
      if (segment.actual->find_stage(stage.name)) return;
    }
  }
  throw InvalidValueError("plan and actual", "no common stage",
                          "funnels that share stages by name: rename the stages of one with rename_stages");
}

FUNNELGRAPH_INLINE Difference difference(const std::vector<SegmentPair>& segments, bool segmented,
                                         const Metric& metric, const DifferenceOptions& options) {
  for (const SegmentPair& segment : segments) {
    for (const Funnel* side : {segment.plan, segment.actual}) {
      if (side == nullptr) continue;
      require_valid(*side);
      if (segmented && side->entries().empty())
        throw InvalidValueError("segment " + shown(segment.name), "no entries",
                                "entrants, or leave the segment out of both sides");
    }
  }
  require_common_stage(segments);
  Difference out;
  out.segmented = segmented;
  for (const SegmentPair& segment : segments) out.segments.push_back(segment.name);
  UnionMaker(out, options).make(segments);
  out.plan = lower(out.plan_funnel);
  out.actual = lower(out.actual_funnel);
  refresh(out.plan.chain);
  refresh(out.actual.chain);
  out.figure = FigureMaker(out).make(metric);
  add_needs(out.figure, out.needs);
  const bool money = out.needs.values || out.needs.costs;
  out.needs.discount = money && (out.plan.chain.discount_rate != 0 || out.actual.chain.discount_rate != 0);
  if (out.needs.costs && (has_commission(out.plan.chain) || has_commission(out.actual.chain)))
    out.needs.values = true;
  out.needs.capacity = options.analysis.capacity == CapacityRule::cap;
  AtomFinder(out).find();
  return out;
}

}  // namespace funnelgraph::inline v0::detail
