// A funnel's names looked up once: who leads where, what an entry reaches, which stages nothing leaves.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/name_index.hpp>
#include <funnelgraph/model/tolerances.hpp>

namespace funnelgraph::inline v0::detail {

/// Works for broken funnels too: a name that nothing has is `none`, of equal names the first counts.
/// Targets are stages, then outcomes. The funnel must outlive it. O(stages + transitions).
class FunnelStructure {
 public:
  static constexpr std::uint32_t none = NameIndex::none;

  explicit FunnelStructure(const Funnel& funnel)
      : funnel_(funnel),
        stages_(static_cast<std::uint32_t>(funnel.stages().size())),
        targets_(stages_ + static_cast<std::uint32_t>(funnel.outcomes().size())) {
    for (std::uint32_t i = 0; i < targets_; ++i) names_.insert(NameIndex::hash(name(i)), i);
    look_up_transitions();
    sort_exits();
    for (const Entry& entry : funnel.entries()) {
      entry_stage_.push_back(find_stage(entry.stage));
      has_entry_ = has_entry_ || entry_stage_.back() != none;
    }
  }

  /// The first target of a name that a part of the funnel holds, which is in normal form.
  [[nodiscard]] std::uint32_t find(const std::string& wanted) const {
    return names_.find(NameIndex::hash(wanted), [&](std::uint32_t i) { return name(i) == wanted; });
  }
  [[nodiscard]] std::uint32_t find_stage(const std::string& wanted) const {
    const std::uint32_t found = find(wanted);
    return found < stages_ ? found : none;
  }

  [[nodiscard]] std::uint32_t stage_count() const noexcept { return stages_; }
  [[nodiscard]] std::uint32_t target_count() const noexcept { return targets_; }
  [[nodiscard]] std::uint32_t from(std::size_t transition) const noexcept { return from_[transition]; }
  [[nodiscard]] std::uint32_t to(std::size_t transition) const noexcept { return to_[transition]; }
  [[nodiscard]] std::uint32_t entry_stage(std::size_t entry) const noexcept { return entry_stage_[entry]; }
  [[nodiscard]] bool has_entry() const noexcept { return has_entry_; }
  /// Positions of the transitions that leave a stage, in order of insertion.
  [[nodiscard]] std::span<const std::uint32_t> exits(std::uint32_t stage) const noexcept {
    return std::span(exits_).subspan(begin_[stage], begin_[stage + 1] - begin_[stage]);
  }
  [[nodiscard]] double rate(std::uint32_t transition) const noexcept { return rate_[transition]; }
  /// A rate that is not a number may be anything, so it counts as taken.
  [[nodiscard]] bool taken(std::uint32_t transition) const noexcept { return !(rate_[transition] <= 0); }

  /// By target: whether some entry leads there by rates above 0.
  [[nodiscard]] std::vector<bool> reached() const {
    std::vector<bool> seen(targets_, false);
    std::vector<std::uint32_t> todo;
    const auto visit = [&](std::uint32_t target) {
      if (target == none || seen[target]) return;
      seen[target] = true;
      if (target < stages_) todo.push_back(target);
    };
    for (const std::uint32_t stage : entry_stage_) visit(stage);
    while (!todo.empty()) {
      const std::uint32_t stage = todo.back();
      todo.pop_back();
      for (const std::uint32_t transition : exits(stage)) {
        if (taken(transition)) visit(to_[transition]);
      }
    }
    return seen;
  }

  /// Stages from which no journey ever ends, in order; empty in a funnel that can be computed.
  [[nodiscard]] std::vector<std::uint32_t> trapped() const {
    std::vector<bool> ends(stages_);
    std::vector<std::uint32_t> todo;
    for (std::uint32_t stage = 0; stage < stages_; ++stage) {
      ends[stage] = ends_directly(stage);
      if (ends[stage]) todo.push_back(stage);
    }
    if (todo.size() == stages_) return {};
    std::vector<std::uint32_t> begin(stages_ + 2, 0);
    const auto each_step = [&](auto&& step) {
      for (std::uint32_t i = 0; i < from_.size(); ++i) {
        if (from_[i] != none && to_[i] < stages_ && taken(i)) step(from_[i], to_[i]);
      }
    };
    each_step([&](std::uint32_t, std::uint32_t to) { ++begin[to + 2]; });
    for (std::uint32_t i = 2; i < begin.size(); ++i) begin[i] += begin[i - 1];
    std::vector<std::uint32_t> sources(begin.back());
    each_step([&](std::uint32_t from, std::uint32_t to) { sources[begin[to + 1]++] = from; });
    while (!todo.empty()) {
      const std::uint32_t stage = todo.back();
      todo.pop_back();
      for (std::uint32_t i = begin[stage]; i < begin[stage + 1]; ++i) {
        if (ends[sources[i]]) continue;
        ends[sources[i]] = true;
        todo.push_back(sources[i]);
      }
    }
    std::vector<std::uint32_t> trapped;
    for (std::uint32_t stage = 0; stage < stages_; ++stage) {
      if (!ends[stage]) trapped.push_back(stage);
    }
    return trapped;
  }

  /// By stage: its unit, an unnamed one being that of a stage before it; empty where none is known.
  [[nodiscard]] std::vector<std::string_view> units() const {
    std::vector<std::string_view> units(stages_);
    std::vector<std::uint32_t> todo;
    for (std::uint32_t stage = 0; stage < stages_; ++stage) {
      units[stage] = funnel_.stages()[stage].unit;
      if (!units[stage].empty()) todo.push_back(stage);
    }
    for (std::size_t i = 0; i < todo.size(); ++i) {
      for (const std::uint32_t transition : exits(todo[i])) {
        const std::uint32_t to = to_[transition];
        if (to >= stages_ || !units[to].empty()) continue;
        units[to] = units[todo[i]];
        todo.push_back(to);
      }
    }
    return units;
  }

 private:
  [[nodiscard]] const std::string& name(std::uint32_t target) const noexcept {
    return target < stages_ ? funnel_.stages()[target].name : funnel_.outcomes()[target - stages_].name;
  }

  void look_up_transitions() {
    const auto transitions = funnel_.transitions();
    from_.resize(transitions.size());
    to_.resize(transitions.size());
    rate_.resize(transitions.size());
    for (std::size_t i = 0; i < transitions.size(); ++i) {
      const Transition& transition = transitions[i];
      rate_[i] = transition.rate.value;
      const bool same = i > 0 && transition.from == transitions[i - 1].from;
      from_[i] = same ? from_[i - 1] : find_stage(transition.from);
      to_[i] = find(transition.to);
    }
  }

  void sort_exits() {
    begin_.assign(stages_ + 2, 0);
    for (const std::uint32_t from : from_) {
      if (from != none) ++begin_[from + 2];
    }
    for (std::size_t i = 2; i < begin_.size(); ++i) begin_[i] += begin_[i - 1];
    exits_.resize(begin_.back());
    for (std::uint32_t i = 0; i < from_.size(); ++i) {
      if (from_[i] != none) exits_[begin_[from_[i] + 1]++] = i;
    }
  }

  /// A drop-off, a rate above 0 to an outcome, or one to a name that is not there (another issue).
  [[nodiscard]] bool ends_directly(std::uint32_t stage) const {
    double sum = 0;
    for (const std::uint32_t transition : exits(stage)) {
      if (to_[transition] >= stages_ && taken(transition)) return true;
      sum += rate_[transition];
    }
    const auto& drop_off = funnel_.stages()[stage].drop_off;
    return drop_off ? !(drop_off->value <= 0) : !(1 - sum <= rounding_mass);
  }

  const Funnel& funnel_;
  std::uint32_t stages_;
  std::uint32_t targets_;
  NameIndex names_;
  std::vector<std::uint32_t> from_, to_, entry_stage_;
  std::vector<std::uint32_t> begin_, exits_;
  std::vector<double> rate_;
  bool has_entry_ = false;
};

}  // namespace funnelgraph::inline v0::detail
