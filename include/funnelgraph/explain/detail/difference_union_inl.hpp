// Both sides on the union of their structures.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <funnelgraph/analysis/detail/named_chain.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/explain/detail/difference.hpp>

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
      const std::string said = to_string(owner);
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

}  // namespace funnelgraph::inline v0::detail
