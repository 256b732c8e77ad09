#pragma once

#include <algorithm>
#include <cmath>

#include <funnelgraph/scenario/row_change.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// Donors may be asked for this much more than they hold, relative to it: rounding of the sums.
inline constexpr double donor_tolerance = 1e-12;
/// What is left of donors that give everything, relative to them, when it is rounding only.
inline constexpr double donor_rounding = 16 * std::numeric_limits<double>::epsilon();

[[nodiscard]] inline bool shares_some(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
  return std::any_of(a.begin(), a.end(),
                     [&](std::uint32_t exit) { return std::binary_search(b.begin(), b.end(), exit); });
}

}  // namespace detail

FUNNELGRAPH_INLINE std::variant<RowRule, RowConflict> RowRule::plan(std::span<const std::uint8_t> is_leak,
                                                                    std::span<const RowTarget> targets) {
  using Why = RowConflict::Why;
  RowRule rule;
  rule.exits_ = is_leak.size();
  rule.targets_.assign(targets.begin(), targets.end());
  const auto count = static_cast<std::uint32_t>(targets.size());
  std::vector<std::uint32_t> changed(rule.exits_, RowResult::none);
  for (std::uint32_t t = 0; t < count; ++t) {
    std::uint32_t& who = changed[targets[t].exit];
    if (who != RowResult::none) return RowConflict{Why::same_exit, who, t};
    who = t;
  }
  rule.begin_.push_back(0);
  for (std::uint32_t t = 0; t < count; ++t) {
    const RowTarget& target = targets[t];
    std::uint32_t other = t;
    for (std::uint32_t exit = 0; exit < rule.exits_; ++exit) {
      const bool last = exit + 1 == rule.exits_;
      const bool gives = target.from == Donors::siblings ? exit != target.exit
                         : target.from == Donors::leak   ? is_leak[exit] != 0 || last
                                                         : target.from == Donors::one && exit == target.donor;
      if (!gives) continue;
      if (changed[exit] == RowResult::none) {
        rule.donors_.push_back(exit);
      } else if (target.from == Donors::one) {
        return RowConflict{Why::target_as_donor, t, changed[exit]};
      } else if (changed[exit] != t) {
        other = changed[exit];
      }
    }
    if (rule.donors_.size() == rule.begin_.back()) return RowConflict{Why::no_donor, t, other};
    rule.begin_.push_back(rule.donors_.size());
  }
  rule.joint_.resize(count);
  for (std::uint32_t t = 0; t < count; ++t) {
    rule.joint_[t] = t;
    const bool odds = targets[t].kind == ChangeKind::scale_odds;
    for (std::uint32_t before = 0; before < t; ++before) {
      if (!detail::shares_some(rule.donors(before), rule.donors(t))) continue;
      const bool odds_before = targets[before].kind == ChangeKind::scale_odds;
      if (odds != odds_before) return RowConflict{Why::odds_and_numbers, before, t};
      if (!odds) continue;
      if (!std::ranges::equal(rule.donors(before), rule.donors(t))) {
        return RowConflict{Why::partial_overlap, before, t};
      }
      rule.joint_[t] = std::min(rule.joint_[t], rule.joint_[before]);
    }
  }
  return rule;
}

FUNNELGRAPH_INLINE bool RowRule::is_odds(std::size_t target) const noexcept {
  return targets_[target].kind == ChangeKind::scale_odds;
}

FUNNELGRAPH_INLINE bool RowRule::gives(std::uint32_t exit, std::size_t target) const noexcept {
  const std::span<const std::uint32_t> giving = donors(target);
  return std::binary_search(giving.begin(), giving.end(), exit);
}

FUNNELGRAPH_INLINE double RowRule::held(Masses base, std::size_t target) const noexcept {
  double mass = 0;
  for (const std::uint32_t exit : donors(target)) mass += base[exit];
  return mass;
}

FUNNELGRAPH_INLINE double RowRule::wanted(Masses base, Masses values, std::size_t target) const noexcept {
  const double before = base[targets_[target].exit];
  if (is_odds(target)) return before;  // solved with those of the same donors
  return detail::changed_number(targets_[target].kind, before, values[target]);
}

/// What the donors are asked for (< 0: what they get).
FUNNELGRAPH_INLINE double RowRule::rise(Masses base, Masses values, std::size_t target) const noexcept {
  const double mass = wanted(base, values, target);
  return (targets_[target].clip ? std::max(mass, 0.0) : mass) - base[targets_[target].exit];
}

/// What the targets for which `counts` holds want of a donor, as a share of what it holds.
template <class Counts>
double RowRule::load(Masses base, Masses values, std::uint32_t exit, Counts&& counts) const noexcept {
  double share = 0;
  for (std::size_t t = 0; t < targets_.size(); ++t) {
    if (is_odds(t) || !counts(t) || !gives(exit, t)) continue;
    const double mass = held(base, t);
    if (mass > 0) share += rise(base, values, t) / mass;
  }
  return share;
}

FUNNELGRAPH_INLINE bool RowRule::fails(Masses base, Masses values, std::size_t target) const noexcept {
  if (is_odds(target)) return !(values[target] > 0) || std::isinf(values[target]);
  const double after = wanted(base, values, target);
  if (std::isnan(after)) return true;
  if (targets_[target].clip) return false;
  if (after < 0) return true;
  if (!(rise(base, values, target) > 0)) return false;
  if (held(base, target) == 0) return true;
  const std::span<const std::uint32_t> giving = donors(target);
  return std::any_of(giving.begin(), giving.end(), [&](std::uint32_t exit) {
    // Those that may be clipped stand back.
    const double share = load(
        base, values, exit, [&](std::size_t t) { return !targets_[t].clip || !(rise(base, values, t) > 0); });
    return !(share <= 1 + detail::donor_tolerance);
  });
}

FUNNELGRAPH_INLINE void RowRule::bounds(Masses base, Masses values, std::size_t target,
                                        RowResult& result) const noexcept {
  result.impossible = static_cast<std::uint32_t>(target);
  const double before = base[targets_[target].exit];
  const double mass = held(base, target);
  double free = mass;
  for (const std::uint32_t exit : donors(target)) {
    const double others = load(base, values, exit, [&](std::size_t t) {
      return t != target && (!targets_[t].clip || !(rise(base, values, t) > 0));
    });
    free = std::min(free, mass * (1 - others));
  }
  switch (targets_[target].kind) {
    case ChangeKind::set:
      result.least = 0;
      result.largest = before + free;
      return;
    case ChangeKind::scale:
      result.least = 0;
      result.largest = (before + free) / before;
      return;
    case ChangeKind::shift:
      result.least = -before;
      result.largest = free;
      return;
    case ChangeKind::scale_odds:
      break;
  }
  result.least = 0;
  result.largest = std::numeric_limits<double>::infinity();
}

/// The new mass of a target that is no odds change. One that may be clipped gets the fraction of its
/// rise that the scarcest of its donors can give to all who may be clipped.
FUNNELGRAPH_INLINE double RowRule::settled(Masses base, Masses values, std::size_t target) const noexcept {
  const RowTarget& asked = targets_[target];
  const double before = base[asked.exit];
  const double after = wanted(base, values, target);
  if (!asked.clip) return after;
  if (!(after > before)) return std::max(after, 0.0);
  if (held(base, target) == 0) return before;
  double part = 1;
  for (const std::uint32_t exit : donors(target)) {
    const auto yields = [&](std::size_t t) { return targets_[t].clip && rise(base, values, t) > 0; };
    const double wants = load(base, values, exit, yields);
    const double fixed = load(base, values, exit, [&](std::size_t t) { return !yields(t); });
    if (wants + fixed > 1) part = std::min(part, std::max(0.0, (1 - fixed) / wants));
  }
  return part < 1 ? before + part * (after - before) : after;
}

FUNNELGRAPH_INLINE void RowRule::solve_odds(std::span<const double> base, std::span<const double> values,
                                            std::size_t first, std::span<double> row) const noexcept {
  const double mass = held(base, first);
  double kept = mass;
  double weights = mass;
  for (std::size_t t = first; t < targets_.size(); ++t) {
    if (!is_odds(t) || joint_[t] != first) continue;
    kept += base[targets_[t].exit];
    weights += values[t] * base[targets_[t].exit];
  }
  const double factor = weights > 0 ? kept / weights : 1;
  for (std::size_t t = first; t < targets_.size(); ++t) {
    if (!is_odds(t) || joint_[t] != first) continue;
    row[targets_[t].exit] = (weights > 0 ? values[t] : 1) * base[targets_[t].exit] * factor;
  }
  for (const std::uint32_t exit : donors(first)) row[exit] = base[exit] * factor;
}

FUNNELGRAPH_INLINE void RowRule::give(double mass, std::size_t target, std::span<double> row) const noexcept {
  const std::span<const std::uint32_t> getting = donors(target);
  const auto drop_off = static_cast<std::uint32_t>(exits_ - 1);
  if (getting.back() == drop_off) {
    row[drop_off] += mass;
    return;
  }
  for (const std::uint32_t exit : getting) row[exit] += mass / static_cast<double>(getting.size());
}

FUNNELGRAPH_INLINE RowResult RowRule::apply(Masses base, Masses values, std::span<double> row) const {
  RowResult result;
  // Of several that cannot be, the most demanding one is named, whatever their order.
  double demand = -1;
  for (std::size_t t = 0; t < targets_.size(); ++t) {
    if (!fails(base, values, t)) continue;
    const double asked = is_odds(t) ? 0 : std::abs(rise(base, values, t)) / held(base, t);
    if (result.possible() || asked > demand) {
      bounds(base, values, t, result);
      demand = asked;
    }
  }
  if (!result.possible()) return result;

  std::fill(row.begin(), row.end(), 0.0);
  for (std::size_t t = 0; t < targets_.size(); ++t) {
    if (is_odds(t)) continue;
    const double before = base[targets_[t].exit];
    const double after = settled(base, values, t);
    const double mass = held(base, t);
    result.clipped += after != wanted(base, values, t) ? 1U : 0U;
    if (mass == 0) continue;
    for (const std::uint32_t exit : donors(t)) row[exit] += (after - before) / mass;
  }
  for (std::size_t exit = 0; exit < exits_; ++exit) {
    const double left = 1 - row[exit];
    row[exit] = left > detail::donor_rounding ? base[exit] * left : 0.0;
  }
  for (std::size_t t = 0; t < targets_.size(); ++t) {
    const std::uint32_t exit = targets_[t].exit;
    if (is_odds(t)) {
      if (joint_[t] == t) solve_odds(base, values, t, row);
      continue;
    }
    row[exit] = settled(base, values, t);
    if (held(base, t) == 0 && row[exit] < base[exit]) give(base[exit] - row[exit], t, row);
  }
  return result;
}

}  // namespace funnelgraph::inline v0
