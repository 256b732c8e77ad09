#pragma once

#include <cmath>
#include <utility>

#include <funnelgraph/core/distribution_between.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/whatif/uncertainty.hpp>

namespace funnelgraph::inline v0 {
namespace detail {

/// Added to each count: Jeffreys' prior.
inline constexpr double jeffreys_weight = 0.5;

[[nodiscard]] inline bool is_share(ParameterKind kind) noexcept {
  return kind == ParameterKind::rate || kind == ParameterKind::drop_off || kind == ParameterKind::commission;
}

/// What is uncertain in one row.
class UncertainRow {
 public:
  UncertainRow(const Funnel& funnel, const Stage& stage) : funnel_(funnel), stage_(stage) {
    for (const TransitionId id : funnel.exits(stage.name)) exits_.push_back(&funnel.transition(id));
    drop_off_ = funnel.get(drop_off(stage.name));
  }

  void add_to(Uncertainty& all) const {
    if (exits_.empty()) return;
    if (const std::optional<double> n = counted()) {
      add_counted(*n, all);
    } else {
      add_numbers(all);
    }
  }

 private:
  /// Closed visits that a fit counted, the same for all exits that are taken.
  [[nodiscard]] std::optional<double> counted() const {
    std::optional<double> closed;
    for (const Transition* exit : exits_) {
      if (!exit->observed) {
        if (exit->rate.value > 0) return std::nullopt;
        continue;
      }
      const double n = exit->observed->entered - exit->observed->open;
      if (closed && *closed != n) return std::nullopt;
      closed = n;
    }
    return closed && *closed > 0 ? closed : std::nullopt;
  }

  void add_counted(double n, Uncertainty& all) const {
    DrawnRow row{stage_.name, {}};
    for (const Transition* exit : exits_) {
      if (exit->rate.value > 0) row.exits.push_back({exit->to, exit->rate.value * n + jeffreys_weight});
    }
    if (drop_off_ > 0) row.exits.push_back({"drop_off", drop_off_ * n + jeffreys_weight});
    if (row.exits.size() > 1) all.rows.push_back(std::move(row));
  }

  [[nodiscard]] bool is_leak(const Transition& exit) const {
    if (funnel_.find_stage(exit.to)) return false;
    const auto outcome = funnel_.find_outcome(exit.to);
    if (!outcome) return false;
    const OutcomeKind kind = funnel_.outcome(*outcome).kind;
    return kind == OutcomeKind::lost || kind == OutcomeKind::silent;
  }

  void add_numbers(Uncertainty& all) const {
    std::vector<Drawn> drawn;
    std::size_t largest = 0;
    double giving = drop_off_;
    for (const Transition* exit : exits_) {
      const std::optional<Distribution> from = distribution_of(exit->rate, ParameterKind::rate);
      if (!from) {
        if (is_leak(*exit)) giving += exit->rate.value;
        continue;
      }
      if (!drawn.empty() && exit->rate.value > funnel_.get(drawn[largest].parameter)) largest = drawn.size();
      drawn.push_back({rate(stage_.name, exit->to), *from, {}});
    }
    if (drawn.empty()) {
      if (!stage_.drop_off) return;
      const std::optional<Distribution> from = distribution_of(*stage_.drop_off, ParameterKind::drop_off);
      if (from) all.numbers.push_back({drop_off(stage_.name), *from, {}});
      return;
    }
    if (!(giving > 0) && drawn.size() > 1) {
      const std::string giver = drawn[largest].parameter.argument(1);
      drawn.erase(drawn.begin() + static_cast<std::ptrdiff_t>(largest));
      for (Drawn& number : drawn) number.take_from = giver;
    }
    std::move(drawn.begin(), drawn.end(), std::back_inserter(all.numbers));
  }

  const Funnel& funnel_;
  const Stage& stage_;
  std::vector<const Transition*> exits_;
  double drop_off_ = 0;
};

[[nodiscard]] inline std::optional<Distribution> lag_mean_distribution(const Lag& lag) {
  if (const auto from = distribution_of(lag.mean, ParameterKind::lag)) return from;
  const Source& source = lag.mean.source;
  if (source.kind() != SourceKind::measured || !(source.n() >= 1) || !(lag.mean.value > 0))
    return std::nullopt;
  const double sd = std::sqrt(lag.distribution().variance() / source.n());
  if (!(sd > 0)) return std::nullopt;
  return Distribution::gamma({lag.mean.value, sd});
}

}  // namespace detail

FUNNELGRAPH_INLINE std::optional<Distribution> distribution_of(const Number& number, ParameterKind kind) {
  const Source& source = number.source;
  const bool share = detail::is_share(kind);
  if (share && source.kind() == SourceKind::measured && source.n() > 0 && number.value >= 0 &&
      number.value <= 1) {
    return Distribution::beta(number.value * source.n() + detail::jeffreys_weight,
                              (1 - number.value) * source.n() + detail::jeffreys_weight);
  }
  const std::optional<Interval> range = source.interval();
  if (!range) return std::nullopt;
  if (share) return share_between(range->low, range->high, range->level);
  if (kind != ParameterKind::elasticity && range->low >= 0) {
    return amount_between(range->low, range->high, range->level);
  }
  return normal_between(range->low, range->high, range->level);
}

FUNNELGRAPH_INLINE Uncertainty uncertainty_of(const Funnel& funnel) {
  Uncertainty all;
  for (const Stage& stage : funnel.stages()) detail::UncertainRow(funnel, stage).add_to(all);
  for (const Parameter& parameter : funnel.parameters()) {
    const ParameterKind kind = parameter.kind();
    if (detail::is_of_a_row(kind)) continue;
    const std::optional<Distribution> from =
        kind == ParameterKind::lag ? detail::lag_mean_distribution(
                                         funnel.transition(parameter.argument(0), parameter.argument(1)).lag)
                                   : distribution_of(funnel.get_number(parameter), kind);
    if (from) all.numbers.push_back({parameter, *from, {}});
  }
  return all;
}

}  // namespace funnelgraph::inline v0
