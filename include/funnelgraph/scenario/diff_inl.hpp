#pragma once

#include <algorithm>
#include <map>
#include <utility>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/scenario/apply_structure_inl.hpp>
#include <funnelgraph/scenario/change.hpp>
#include <funnelgraph/scenario/diff.hpp>
#include <funnelgraph/scenario/scenario_inl.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// Collects what turns the parts of one funnel into those of another.
class DiffMaker {
 public:
  DiffMaker(const Funnel& from, const Funnel& to) : from_(from), to_(to) {
    info();
    parts(from.owners(), to.owners());
    parts(from.stages(), to.stages());
    parts(from.outcomes(), to.outcomes());
    parts(from.transitions(), to.transitions());
    parts(from.entries(), to.entries());
    parts(from.levers(), to.levers());
    parts(from.influences(), to.influences());
    parts(from.views(), to.views());
  }
  [[nodiscard]] std::vector<Change> take() { return std::move(changes_); }

 private:
  struct Sides {
    std::vector<Part> from;
    std::vector<Part> to;
  };

  static bool same(const std::vector<Part>& a, const std::vector<Part>& b) {
    return std::is_permutation(a.begin(), a.end(), b.begin(), b.end());
  }

  void info() {
    if (from_.info() == to_.info()) return;
    FunnelInfo moved = from_.info();
    moved.discount_rate = to_.info().discount_rate;
    if (moved == to_.info()) {
      numbers(Funnel(from_.info()), Funnel(to_.info()), {discount_rate()});
    } else {
      changes_.push_back({.what = ReplaceInfo{to_.info()}});
    }
  }

  template <class Parts>
  void parts(const Parts& from, const Parts& to) {
    if (std::equal(from.begin(), from.end(), to.begin(), to.end())) return;
    std::map<std::vector<std::string>, Sides> by_names;
    for (const auto& part : from) by_names[names_of(Part(part))].from.emplace_back(part);
    for (const auto& part : to) by_names[names_of(Part(part))].to.emplace_back(part);
    for (auto& [names, sides] : by_names) {
      if (same(sides.from, sides.to)) continue;
      if (sides.from.size() == 1 && sides.to.size() == 1 && only_numbers(sides.from[0], sides.to[0]))
        continue;
      const PartKind kind = kind_of(sides.to.empty() ? sides.from[0] : sides.to[0]);
      changes_.push_back({.what = ReplacePart{kind, names, std::move(sides.to)}});
    }
  }

  /// A stage and an outcome of one name share the addresses of their numbers.
  [[nodiscard]] bool is_addressed(const Part& part) const {
    const std::string name = names_of(part)[0];
    const auto both = [&](const Funnel& funnel) {
      return funnel.find_stage(name) && funnel.find_outcome(name);
    };
    const PartKind kind = kind_of(part);
    return (kind != PartKind::stage && kind != PartKind::outcome) || (!both(from_) && !both(to_));
  }

  bool only_numbers(const Part& from, const Part& to) {
    if (!is_addressed(from)) return false;
    Funnel before;
    Funnel after;
    add_part(before, from);
    add_part(after, to);
    // A part brings the standing owners that it names, and their fixed costs: other ownership is no number.
    if (!std::ranges::equal(before.owners(), after.owners(), {}, &Owner::name, &Owner::name)) return false;
    std::vector<Parameter> all = before.parameters();
    for (Parameter& parameter : after.parameters()) {
      if (std::find(all.begin(), all.end(), parameter) == all.end()) all.push_back(std::move(parameter));
    }
    return numbers(before, after, all);
  }

  /// Adds a `set` for each number that differs, where these make the one funnel of the other exactly.
  bool numbers(Funnel before, const Funnel& after, const std::vector<Parameter>& all) {
    std::vector<Change> sets;
    for (const Parameter& parameter : all) {
      const Number value = after.get_number(parameter);
      if (before.get_number(parameter) == value) continue;
      try {
        before.set(parameter, value);
        Change change{.what = NumberChange{ChangeKind::set, parameter, value,
                                           is_of_a_row(parameter.kind()) ? TakeFrom::nobody() : TakeFrom{}}};
        check_number(change, std::get<NumberChange>(change.what));
        sets.push_back(std::move(change));
      } catch (const InvalidValueError&) {
        return false;
      }
    }
    if (!(before == after)) return false;
    std::move(sets.begin(), sets.end(), std::back_inserter(changes_));
    return true;
  }

  const Funnel& from_;
  const Funnel& to_;
  std::vector<Change> changes_;
};

}  // namespace detail

FUNNELGRAPH_INLINE Scenario diff(const Funnel& from, const Funnel& to, const std::string& name) {
  return {name, {}, detail::DiffMaker(from, to).take()};
}

FUNNELGRAPH_INLINE Scenario inverse(const Scenario& scenario, const Funnel& funnel) {
  return diff(apply(funnel, scenario), funnel, scenario.name().empty() ? "undo" : "undo " + scenario.name());
}

}  // namespace funnelgraph::inline v0
