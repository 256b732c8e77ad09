// Definitions of variant_plan.hpp: from the changes to the plan.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <funnelgraph/compile/compile.hpp>
#include <funnelgraph/model/detail/parameter_range.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/whatif/detail/variant_plan.hpp>

namespace funnelgraph::inline v0::detail {

FUNNELGRAPH_INLINE double neutral_number(ChangeKind kind, double before) noexcept {
  if (kind == ChangeKind::set) return before;
  return kind == ChangeKind::shift ? 0 : 1;
}

class VariantPlanner {
 public:
  VariantPlanner(const Funnel& base, const Compiled& compiled, std::span<const Varied> varied,
                 const VariantOptions& options)
      : base_(base), compiled_(compiled), varied_(varied), options_(options) {}

  [[nodiscard]] VariantPlan made() {
    plan_.fit_rows = options_.fit_rows;
    plan_.stages = chain().stage_count;
    std::map<std::uint32_t, std::vector<std::uint32_t>> rows;
    for (std::uint32_t k = 0; k < varied_.size(); ++k) {
      const Varied& varied = varied_[k];
      plan_.neutral.push_back(neutral_number(varied.kind, base_.get(varied.parameter)));
      if (is_of_a_row(varied.parameter.kind()))
        rows[base_.find_stage(varied.parameter.argument(0))->index].push_back(k);
      else
        add_number(k);
    }
    for (const auto& [stage, columns] : rows) {
      varied_[columns.front()].take_from.is_nobody() ? add_loose_row(stage, columns)
                                                     : add_row(stage, columns);
    }
    return std::move(plan_);
  }

 private:
  [[nodiscard]] const Chain& chain() const noexcept { return compiled_.chain; }

  std::uint32_t input(InputRef ref) {
    plan_.varied.push_back(ref);
    return static_cast<std::uint32_t>(plan_.varied.size() - 1);
  }

  void add_number(std::uint32_t column) {
    const Parameter& parameter = varied_[column].parameter;
    VariantNumber number{.column = column,
                         .kind = varied_[column].kind,
                         .before = base_.get(parameter),
                         .range = range_of(parameter.kind())};
    if (number.kind != ChangeKind::set) number.range.may_be_unset = false;
    if (parameter.kind() == ParameterKind::discount_rate) {
      number.range.low = 0;  // an analysis does not compound money
      number.range.open_low = false;
      number.ignored = options_.analysis.discount_rate.has_value();
      if (number.ignored) {
        plan_.numbers.push_back(std::move(number));
        return;
      }
    }
    for (const Parameter& leaf : base_.leaves(parameter)) {
      number.inputs.push_back(input(input_of(compiled_, base_, leaf)));
      number.leaves.push_back(base_.get(leaf));
    }
    plan_.numbers.push_back(std::move(number));
  }

  [[nodiscard]] std::vector<double> masses(std::uint32_t stage) const {
    const auto begin = chain().base_rate.begin();
    std::vector<double> masses(begin + chain().row_begin[stage], begin + chain().row_begin[stage + 1]);
    masses.push_back(base_.get(drop_off(compiled_.labels.stages[stage])));
    return masses;
  }

  /// Every exit of the row becomes a varied input.
  [[nodiscard]] std::vector<std::uint32_t> exits(std::uint32_t stage) {
    std::vector<std::uint32_t> inputs;
    for (std::uint32_t e = chain().row_begin[stage]; e < chain().row_begin[stage + 1]; ++e)
      inputs.push_back(input({Input::base_rate, e}));
    inputs.push_back(input({Input::base_drop_off, stage}));
    return inputs;
  }

  [[nodiscard]] std::uint32_t exit_to(std::uint32_t stage, const std::string& to) const {
    const std::uint32_t first = chain().row_begin[stage];
    return compiled_.layout
               .edge_of_transition[base_.find_transition(compiled_.labels.stages[stage], to)->index] -
           first;
  }

  [[nodiscard]] std::uint32_t exit_of(std::uint32_t stage, const Parameter& parameter) const {
    if (parameter.kind() == ParameterKind::drop_off)
      return chain().row_begin[stage + 1] - chain().row_begin[stage];
    return exit_to(stage, parameter.argument(1));
  }

  void add_row(std::uint32_t stage, std::vector<std::uint32_t> columns) {
    const std::uint32_t first = chain().row_begin[stage];
    const std::uint32_t last = chain().row_begin[stage + 1] - first;
    std::vector<std::uint8_t> leaks;
    for (std::uint32_t exit = 0; exit < last; ++exit) {
      const std::uint32_t to = chain().target[first + exit];
      const bool lost =
          to >= chain().stage_count && (chain().outcome_kind[to - chain().stage_count] == ExitKind::lost ||
                                        chain().outcome_kind[to - chain().stage_count] == ExitKind::silent);
      leaks.push_back(lost ? 1 : 0);
    }
    leaks.push_back(1);
    VariantRow row;
    std::sort(columns.begin(), columns.end(), [&](std::uint32_t a, std::uint32_t b) {
      return exit_of(stage, varied_[a].parameter) < exit_of(stage, varied_[b].parameter);
    });
    std::vector<RowTarget> targets;
    for (const std::uint32_t column : columns) {
      const Varied& varied = varied_[column];
      RowTarget target{.kind = varied.kind, .exit = exit_of(stage, varied.parameter)};
      const TakeFrom& from = varied.take_from;
      if (from.is_siblings() || (from.is_leak() && target.exit == last)) {
        target.from = Donors::siblings;
      } else if (!from.is_leak()) {
        target.from = Donors::one;
        target.donor = from.name() == "drop_off" ? last : exit_to(stage, from.name());
      }
      targets.push_back(target);
    }
    row.rule = std::get<RowRule>(RowRule::plan(leaks, targets));
    if (options_.fit_rows) {
      for (RowTarget& target : targets) target.clip = true;
      row.fitted = std::get<RowRule>(RowRule::plan(leaks, targets));
    }
    row.stage = stage;
    row.masses = masses(stage);
    row.columns = std::move(columns);
    row.inputs = exits(stage);
    row.given_drop_off = base_.stages()[stage].drop_off.has_value() ||
                         std::any_of(row.columns.begin(), row.columns.end(), [&](std::uint32_t column) {
                           return varied_[column].parameter.kind() == ParameterKind::drop_off;
                         });
    plan_.rows.push_back(std::move(row));
  }

  void add_loose_row(std::uint32_t stage, const std::vector<std::uint32_t>& columns) {
    VariantLooseRow row;
    row.given_drop_off = base_.stages()[stage].drop_off.has_value();
    for (const std::uint32_t column : columns) {
      const Varied& varied = varied_[column];
      row.changed.push_back({exit_of(stage, varied.parameter), column, varied.kind});
      row.given_drop_off = row.given_drop_off || varied.parameter.kind() == ParameterKind::drop_off;
    }
    row.masses = masses(stage);
    row.inputs = exits(stage);
    plan_.loose_rows.push_back(std::move(row));
  }

  const Funnel& base_;
  const Compiled& compiled_;
  std::span<const Varied> varied_;
  const VariantOptions& options_;
  VariantPlan plan_;
};

FUNNELGRAPH_INLINE VariantPlan plan_variants(const Funnel& base, const Compiled& compiled,
                                             std::span<const Varied> varied, const VariantOptions& options) {
  return VariantPlanner(base, compiled, varied, options).made();
}

}  // namespace funnelgraph::inline v0::detail
