// A scenario on top of draws: first the scenario's structure, then the draws, then its numbers.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/whatif/detail/drawn_unit_inl.hpp>
#include <funnelgraph/whatif/draws.hpp>
#include <funnelgraph/whatif/variants.hpp>

namespace funnelgraph::inline v0::detail {

/// The metrics of a scenario, or of the base itself, under draws.
class DrawnScenario {
 public:
  /// Throws as `apply` does for the base as it stands, and as `Variants`.
  DrawnScenario(const Funnel& base, const Scenario& scenario, std::span<const DrawnColumn> columns,
                const std::vector<Metric>& metrics, const AnalysisOptions& analysis)
      : drawn_columns_(columns.size()) {
    const Funnel as_it_stands = apply(base, scenario);
    std::vector<Change> structure;
    for (const Change& change : scenario.changes()) {
      if (!std::holds_alternative<NumberChange>(change.what)) structure.push_back(change);
    }
    const Funnel restructured =
        structure.empty() ? base : apply(base, Scenario(scenario.name(), {}, structure));

    std::map<NumberUnit, std::vector<UnitChange>> drawn;
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const DrawnColumn& column = columns[c];
      if (!has(restructured, column.parameter)) continue;
      const bool moved = has(base, column.parameter) && gave_to_drop_off(restructured, column) &&
                         !gave_to_drop_off(base, column);
      if (moved && column.parameter.kind() == ParameterKind::drop_off) continue;
      drawn[unit_of(column.parameter)].push_back(
          {.kind = ChangeKind::set,
           .parameter = column.parameter,
           .take_from = moved ? TakeFrom("drop_off") : column.take_from,
           .column = c});
    }
    std::map<NumberUnit, std::vector<UnitChange>> both;
    std::vector<Change> before = structure;
    for (const Change& change : scenario.changes()) {
      const auto* number = std::get_if<NumberChange>(&change.what);
      if (number == nullptr) continue;
      const NumberUnit unit = unit_of(number->parameter);
      if (!drawn.contains(unit)) {
        before.push_back(change);
        continue;
      }
      both[unit].push_back(
          {number->kind, number->parameter, number->take_from, number->clip, 0, number->value.value});
    }
    std::vector<Varied> varied;
    for (const auto& [unit, draws] : drawn) {
      const auto changes = both.find(unit);
      if (changes == both.end()) {
        for (const UnitChange& draw : draws) {
          varied.push_back({draw.parameter, ChangeKind::set, draw.take_from});
          sources_.push_back(draw.column);
        }
        continue;
      }
      units_.push_back(made(restructured, unit, draws, changes->second));
      for (const Varied& output : units_.back()->outputs()) {
        varied.push_back(output);
        sources_.push_back(drawn_columns_ + made_columns_++);
      }
    }
    variants_ = std::make_unique<Variants>(apply(base, Scenario(scenario.name(), {}, std::move(before))),
                                           std::move(varied), metrics,
                                           VariantOptions{.analysis = analysis, .fit_rows = true});
  }

  /// Metrics of `count` draws; `status` is written.
  void run(std::span<const double* const> drawn, std::size_t count, std::span<double* const> out,
           std::span<VariantStatus> status) const {
    std::vector<double> room(made_columns_ * count);
    std::vector<double*> made;
    for (std::size_t k = 0; k < made_columns_; ++k) made.push_back(room.data() + k * count);
    std::vector<VariantStatus> own(count, VariantStatus::ok);
    std::size_t at = 0;
    for (const auto& unit : units_) {
      unit->run(drawn, count, std::span(made).subspan(at, unit->outputs().size()), own);
      at += unit->outputs().size();
    }
    std::vector<const double*> columns;
    for (const std::size_t source : sources_) {
      columns.push_back(source < drawn_columns_ ? drawn[source] : made[source - drawn_columns_]);
    }
    variants_->run(columns, count, out, status, {.threads = 1});
    for (std::size_t v = 0; v < count; ++v) {
      if (own[v] == VariantStatus::impossible ||
          (own[v] == VariantStatus::fitted && status[v] == VariantStatus::ok))
        status[v] = own[v];
    }
  }

 private:
  [[nodiscard]] static bool has(const Funnel& funnel, const Parameter& parameter) {
    try {
      static_cast<void>(funnel.leaves(parameter));
    } catch (const UnknownNameError&) {
      return false;
    }
    return true;
  }

  /// What the scenario took away gave its mass to the drop-off, which then gives in its place.
  [[nodiscard]] static bool gave_to_drop_off(const Funnel& funnel, const DrawnColumn& column) {
    const TakeFrom& from = column.take_from;
    const ParameterKind kind = column.parameter.kind();
    if (kind != ParameterKind::rate && kind != ParameterKind::drop_off) return false;
    if (from.is_leak() || from.is_siblings() || from.is_nobody() || from.name() == "drop_off") return false;
    return !funnel.find_transition(column.parameter.argument(0), from.name());
  }

  [[nodiscard]] static std::unique_ptr<DrawnUnit> made(const Funnel& funnel, const NumberUnit& unit,
                                                       const std::vector<UnitChange>& draws,
                                                       const std::vector<UnitChange>& changes) {
    if (unit.kind == NumberUnit::Kind::row) {
      return std::make_unique<DrawnRowUnit>(funnel, unit.names[0], draws, changes);
    }
    if (unit.kind == NumberUnit::Kind::lag)
      return std::make_unique<DrawnLagUnit>(funnel, unit, draws, changes);
    return std::make_unique<DrawnGroupUnit>(funnel, unit.kind, draws, changes);
  }

  std::size_t drawn_columns_;
  std::size_t made_columns_ = 0;
  std::vector<std::unique_ptr<DrawnUnit>> units_;
  std::vector<std::size_t> sources_;  // of each varied number: a column of draws, or one that a unit makes
  std::unique_ptr<Variants> variants_;
};

}  // namespace funnelgraph::inline v0::detail
