// Numbers that go through a draw and then through a scenario: rows, groups, lags, single ones.
#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <funnelgraph/analysis/variant_status.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/model/detail/missing_mass.hpp>
#include <funnelgraph/model/detail/parameter_range.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/scenario/row_change.hpp>
#include <funnelgraph/whatif/detail/variant_plan_inl.hpp>
#include <funnelgraph/whatif/varied.hpp>

namespace funnelgraph::inline v0::detail {

/// Numbers that depend on each other when one is set: a row, the entries of a stage, a lag with its
/// deviation; any other number alone.
struct NumberUnit {
  enum class Kind : std::uint8_t { row, volumes, entry_costs, lag, single } kind = Kind::single;
  std::vector<std::string> names;
  auto operator<=>(const NumberUnit&) const = default;
};

[[nodiscard]] inline NumberUnit unit_of(const Parameter& parameter) {
  switch (parameter.kind()) {
    case ParameterKind::rate:
    case ParameterKind::drop_off:
      return {NumberUnit::Kind::row, {parameter.argument(0)}};
    case ParameterKind::volume:
      return {NumberUnit::Kind::volumes, {parameter.argument(0)}};
    case ParameterKind::entry_cost:
      return {NumberUnit::Kind::entry_costs, {parameter.argument(0)}};
    case ParameterKind::lag:
    case ParameterKind::lag_sd:
      return {NumberUnit::Kind::lag, parameter.arguments()};
    default:
      return {NumberUnit::Kind::single, {to_string(parameter)}};
  }
}

/// A change of a number in a unit: from a column of draws, or a number of the scenario.
struct UnitChange {
  ChangeKind kind = ChangeKind::set;
  Parameter parameter;
  TakeFrom take_from{};
  bool clip = false;
  std::size_t column = 0;
  double value = 0;
};

/// What draws and then a scenario make of one unit. `outputs` are the numbers that it sets, from nobody
/// where they are of a row.
class DrawnUnit {
 public:
  virtual ~DrawnUnit() = default;
  /// `drawn[c]` are the draws by column. Writes one number for each output and draw, and lowers `status`.
  virtual void run(std::span<const double* const> drawn, std::size_t count, std::span<double* const> out,
                   std::span<VariantStatus> status) const = 0;
  [[nodiscard]] const std::vector<Varied>& outputs() const noexcept { return outputs_; }

 protected:
  std::vector<Varied> outputs_;
};

class DrawnRowUnit final : public DrawnUnit {
 public:
  DrawnRowUnit(const Funnel& funnel, const std::string& stage, const std::vector<UnitChange>& draws,
               const std::vector<UnitChange>& changes)
      : funnel_(&funnel), stage_(stage) {
    for (const TransitionId id : funnel.exits(stage)) {
      const Transition& exit = funnel.transition(id);
      exits_.push_back(exit.to);
      masses_.push_back(exit.rate.value);
      leaks_.push_back(is_leak(exit) ? 1 : 0);
      outputs_.push_back({rate(stage, exit.to), ChangeKind::set, TakeFrom::nobody()});
    }
    masses_.push_back(funnel.get(drop_off(stage)));
    leaks_.push_back(1);
    derived_ = !funnel.stage(stage).drop_off.has_value();
    if (!derived_) outputs_.push_back({drop_off(stage), ChangeKind::set, TakeFrom::nobody()});
    const auto from_nobody = [](const UnitChange& change) { return change.take_from.is_nobody(); };
    if (std::any_of(draws.begin(), draws.end(), from_nobody)) {
      for (const UnitChange& draw : draws) {
        draw_columns_.push_back(draw.column);
        drawn_alone_.push_back(exit_of(draw.parameter));
      }
    } else {
      draw_ = planned(draws, true);
    }
    if (std::any_of(changes.begin(), changes.end(), from_nobody)) {
      for (const UnitChange& change : changes) {
        alone_.push_back({exit_of(change.parameter), change.kind, change.value});
      }
    } else {
      change_ = planned(changes, false);
    }
    funnel_ = nullptr;
  }

  void run(std::span<const double* const> drawn, std::size_t count, std::span<double* const> out,
           std::span<VariantStatus> status) const override {
    std::vector<double> values(draw_columns_.size());
    std::vector<double> row(masses_.size());
    std::vector<double> after(masses_.size());
    for (std::size_t v = 0; v < count; ++v) {
      for (std::size_t k = 0; k < values.size(); ++k) values[k] = drawn[draw_columns_[k]][v];
      VariantStatus became = VariantStatus::ok;
      if (draw_) {
        became = draw_->apply(masses_, values, row);
      } else {
        row = masses_;
        for (std::size_t k = 0; k < values.size(); ++k) row[drawn_alone_[k]] = values[k];
        if (derived_) row.back() = missing(row);
      }
      if (change_ && became != VariantStatus::impossible) {
        became = std::max(became, change_->apply(row, numbers_, after));
      } else {
        after = row;
        for (const Alone& one : alone_) after[one.exit] = changed_number(one.kind, row[one.exit], one.value);
        if (derived_ && !alone_.empty()) after.back() = missing(after);
      }
      if (became == VariantStatus::impossible) {
        std::fill(after.begin(), after.end(), std::numeric_limits<double>::quiet_NaN());
      }
      status[v] = std::max(status[v], became);
      for (std::size_t k = 0; k < out.size(); ++k) out[k][v] = std::min(after[k], 1.0);
    }
  }

 private:
  struct Alone {
    std::uint32_t exit;
    ChangeKind kind;
    double value;
  };

  [[nodiscard]] static double missing(std::span<const double> row) {
    MissingMass mass;
    for (const double rate : row.first(row.size() - 1)) mass.take(rate);
    return mass.value();
  }
  [[nodiscard]] bool is_leak(const Transition& exit) const {
    if (funnel_->find_stage(exit.to)) return false;
    const auto outcome = funnel_->find_outcome(exit.to);
    if (!outcome) return false;
    const OutcomeKind kind = funnel_->outcome(*outcome).kind;
    return kind == OutcomeKind::lost || kind == OutcomeKind::silent;
  }
  [[nodiscard]] std::uint32_t exit_to(const std::string& name) const {
    return static_cast<std::uint32_t>(std::find(exits_.begin(), exits_.end(), name) - exits_.begin());
  }
  [[nodiscard]] std::uint32_t exit_of(const Parameter& parameter) const {
    return parameter.kind() == ParameterKind::drop_off ? static_cast<std::uint32_t>(exits_.size())
                                                       : exit_to(parameter.argument(1));
  }

  /// The rule as asked, and the same taking what there is.
  struct Rules {
    RowRule asked, fitted;
    VariantStatus apply(std::span<const double> base, std::span<const double> values,
                        std::span<double> row) const {
      if (asked.apply(base, values, row).possible()) return VariantStatus::ok;
      return fitted.apply(base, values, row).possible() ? VariantStatus::fitted : VariantStatus::impossible;
    }
  };

  /// What excludes each other in a scenario `apply` has refused before; draws may here.
  [[nodiscard]] Rules planned(const std::vector<UnitChange>& changes, bool drawn) {
    std::vector<RowTarget> targets;
    const auto last = static_cast<std::uint32_t>(exits_.size());
    for (const UnitChange& change : changes) {
      RowTarget target{.kind = change.kind, .exit = exit_of(change.parameter), .clip = change.clip};
      if (change.take_from.is_siblings() || (change.take_from.is_leak() && target.exit == last)) {
        target.from = Donors::siblings;
      } else if (!change.take_from.is_leak()) {
        target.from = Donors::one;
        target.donor = exit_to(change.take_from.name());  // "drop_off" is no exit's name: the last one
      }
      targets.push_back(target);
      if (drawn) {
        draw_columns_.push_back(change.column);
      } else {
        numbers_.push_back(change.value);
      }
    }
    const auto rule = [&] {
      auto plan = RowRule::plan(leaks_, targets);
      if (const auto* conflict = std::get_if<RowConflict>(&plan)) {
        const std::string who = drawn ? "a draw" : "the scenario";
        throw ConflictError(who, who, to_string(changes[conflict->second].parameter),
                            "in the row of " + stage_ + " they exclude each other");
      }
      return std::get<RowRule>(std::move(plan));
    };
    RowRule asked = rule();
    for (RowTarget& target : targets) target.clip = true;
    return {std::move(asked), rule()};
  }

  const Funnel* funnel_;  // while it is made
  std::string stage_;
  std::vector<std::string> exits_;
  std::vector<double> masses_;
  std::vector<std::uint8_t> leaks_;
  bool derived_ = false;
  std::optional<Rules> draw_, change_;
  std::vector<std::size_t> draw_columns_;
  std::vector<std::uint32_t> drawn_alone_;  // where the draws take from nobody
  std::vector<double> numbers_;
  std::vector<Alone> alone_;
};

/// Leaves that a group moves in proportion; a single number is a group of one.
class DrawnGroupUnit final : public DrawnUnit {
 public:
  DrawnGroupUnit(const Funnel& funnel, NumberUnit::Kind kind, const std::vector<UnitChange>& draws,
                 const std::vector<UnitChange>& changes)
      : draws_(draws), changes_(changes) {
    const Parameter& any = draws.front().parameter;
    std::vector<Parameter> leaves;
    if (kind == NumberUnit::Kind::single) {
      leaves = {any};
    } else {
      leaves = funnel.leaves(Parameter(any.kind(), {any.argument(0)}, true));
    }
    range_ = range_of(any.kind());
    for (const Parameter& leaf : leaves) {
      base_.push_back(funnel.get(leaf));
      weights_.push_back(1);
      if (kind == NumberUnit::Kind::entry_costs) {
        weights_.back() = funnel.get(volume(leaf.argument(0), leaf.argument(1)));
      }
      outputs_.push_back({leaf, ChangeKind::set, {}});
    }
    if (kind == NumberUnit::Kind::entry_costs) {
      double total = 0;
      for (const double weight : weights_) total += weight;
      for (double& weight : weights_) {
        weight = total > 0 ? weight / total : 1 / static_cast<double>(weights_.size());
      }
    }
    const auto place = [&](std::vector<UnitChange>& all, std::vector<std::size_t>& at) {
      for (const UnitChange& change : all) {
        const auto leaf = std::find(leaves.begin(), leaves.end(), change.parameter);
        at.push_back(change.parameter.without_channel() ? whole
                                                        : static_cast<std::size_t>(leaf - leaves.begin()));
      }
    };
    place(draws_, drawn_leaf_);
    place(changes_, changed_leaf_);
  }

  void run(std::span<const double* const> drawn, std::size_t count, std::span<double* const> out,
           std::span<VariantStatus> /*status*/) const override {
    std::vector<double> values;
    for (std::size_t v = 0; v < count; ++v) {
      values = base_;
      for (std::size_t k = 0; k < draws_.size(); ++k) {
        change(values, drawn_leaf_[k], ChangeKind::set, drawn[draws_[k].column][v]);
      }
      for (std::size_t k = 0; k < changes_.size(); ++k) {
        change(values, changed_leaf_[k], changes_[k].kind, changes_[k].value);
        if (!changes_[k].clip) continue;
        for (double& value : values) value = std::clamp(value, range_.low, range_.high);
      }
      for (std::size_t k = 0; k < out.size(); ++k) out[k][v] = values[k];
    }
  }

 private:
  static constexpr std::size_t whole = static_cast<std::size_t>(-1);

  void change(std::vector<double>& values, std::size_t leaf, ChangeKind kind, double by) const noexcept {
    if (leaf != whole) {
      values[leaf] = changed_number(kind, values[leaf], by);
      return;
    }
    if (kind == ChangeKind::scale) {
      for (double& value : values) value *= by;
      return;
    }
    double before = 0;
    for (std::size_t i = 0; i < values.size(); ++i) before += weights_[i] * values[i];
    const double after = changed_number(kind, before, by);
    if (values.size() == 1) {
      values[0] = after;
    } else {
      for (double& value : values) value *= after / before;
    }
  }

  std::vector<UnitChange> draws_, changes_;
  std::vector<std::size_t> drawn_leaf_, changed_leaf_;
  std::vector<double> base_, weights_;
  Range range_;
};

class DrawnLagUnit final : public DrawnUnit {
 public:
  DrawnLagUnit(const Funnel& funnel, const NumberUnit& unit, const std::vector<UnitChange>& draws,
               const std::vector<UnitChange>& changes)
      : draws_(draws), changes_(changes) {
    const Lag& base = funnel.transition(unit.names[0], unit.names[1]).lag;
    mean_ = base.mean.value;
    sd_ = base.sd.value;
    outputs_.push_back({lag(unit.names[0], unit.names[1]), ChangeKind::set, {}});
    const auto of_sd = [](const UnitChange& c) { return c.parameter.kind() == ParameterKind::lag_sd; };
    if (std::any_of(draws.begin(), draws.end(), of_sd) ||
        std::any_of(changes.begin(), changes.end(), of_sd)) {
      outputs_.push_back({lag_sd(unit.names[0], unit.names[1]), ChangeKind::set, {}});
    }
  }

  void run(std::span<const double* const> drawn, std::size_t count, std::span<double* const> out,
           std::span<VariantStatus> /*status*/) const override {
    for (std::size_t v = 0; v < count; ++v) {
      double mean = mean_;
      double sd = sd_;
      change(draws_, mean, sd, [&](const UnitChange& c) { return drawn[c.column][v]; });
      change(changes_, mean, sd, [](const UnitChange& c) { return c.value; });
      out[0][v] = mean;
      if (out.size() > 1) out[1][v] = sd;
    }
  }

 private:
  template <class By>
  static void change(const std::vector<UnitChange>& all, double& mean, double& sd, By by) {
    const double old_sd = sd;
    for (const UnitChange& c : all) {
      if (c.parameter.kind() != ParameterKind::lag) continue;
      const double next = bounded(c, changed_number(c.kind, mean, by(c)));
      if (mean > 0) sd *= next / mean;
      mean = next;
    }
    for (const UnitChange& c : all) {
      if (c.parameter.kind() == ParameterKind::lag_sd) sd = bounded(c, changed_number(c.kind, old_sd, by(c)));
    }
  }
  static double bounded(const UnitChange& c, double value) { return c.clip ? std::max(value, 0.0) : value; }

  std::vector<UnitChange> draws_, changes_;
  double mean_ = 0, sd_ = 0;
};

}  // namespace funnelgraph::inline v0::detail
