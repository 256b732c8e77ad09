// Definitions of variants.hpp.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <funnelgraph/analysis/detail/batch_program.hpp>
#include <funnelgraph/analysis/detail/named_chain.hpp>
#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/analysis/figure.hpp>
#include <funnelgraph/analysis/results.hpp>
#include <funnelgraph/chain/tape.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/scenario/change.hpp>
#include <funnelgraph/scenario/scenario.hpp>
#include <funnelgraph/whatif/detail/variant_plan.hpp>
#include <funnelgraph/whatif/variants.hpp>

namespace funnelgraph::inline v0 {

struct Variants::Plan {
  Funnel base;
  std::vector<Varied> varied;
  std::vector<Metric> metrics;
  VariantOptions options;
  std::optional<detail::BatchProgram> program;
  std::vector<std::uint32_t> one_by_one;        // metrics that no chain alone can tell
  std::vector<std::uint32_t> figure_of_metric;  // of the others
  std::vector<double> neutral;

  [[nodiscard]] Scenario scenario(std::span<const double> numbers) const;
};

namespace detail {

FUNNELGRAPH_INLINE bool needs_the_funnel(const Metric& metric) {
  if (metric.kind() == MetricKind::recoverable) return true;
  return std::any_of(metric.parts().begin(), metric.parts().end(), needs_the_funnel);
}

}  // namespace detail

FUNNELGRAPH_INLINE Scenario Variants::Plan::scenario(std::span<const double> numbers) const {
  std::vector<Change> changes;
  for (std::size_t k = 0; k < varied.size(); ++k) {
    changes.push_back(
        {.what = NumberChange{.kind = varied[k].kind,
                              .parameter = varied[k].parameter,
                              .value = numbers[k],
                              .take_from = varied[k].take_from,
                              .clip = detail::is_of_a_row(varied[k].parameter.kind()) && options.fit_rows}});
  }
  return Scenario("variants", {}, std::move(changes));
}

FUNNELGRAPH_INLINE Variants::Variants(const Funnel& base, std::vector<Varied> varied,
                                      std::vector<Metric> metrics, VariantOptions options) {
  const Compiled compiled = detail::compile_for(base, options.analysis);
  Plan plan{.base = base,
            .varied = std::move(varied),
            .metrics = std::move(metrics),
            .options = std::move(options),
            .program = {},
            .one_by_one = {},
            .figure_of_metric = {},
            .neutral = {}};
  std::vector<double> neutral;
  for (const Varied& one : plan.varied)
    neutral.push_back(detail::neutral_number(one.kind, base.get(one.parameter)));
  // What is wrong with the changes whatever their numbers, `apply` says.
  static_cast<void>(apply(base, plan.scenario(neutral)));

  detail::VariantPlan numbers = detail::plan_variants(plan.base, compiled, plan.varied, plan.options);
  std::vector<Figure> figures;
  for (std::uint32_t m = 0; m < plan.metrics.size(); ++m) {
    if (detail::needs_the_funnel(plan.metrics[m])) {
      static_cast<void>(evaluate(base, plan.metrics[m], plan.options.analysis));  // knows every name
      plan.one_by_one.push_back(m);
      continue;
    }
    plan.figure_of_metric.push_back(m);
    figures.push_back(detail::figure_of(base, plan.metrics[m]));
  }
  if (plan.options.feasible) figures.push_back({.kind = FigureKind::feasible});
  plan.neutral = numbers.neutral;
  std::vector<InputRef> inputs = numbers.varied;
  const auto shared = std::make_shared<const detail::VariantPlan>(std::move(numbers));
  detail::BatchPrologue prologue{
      .neutral = shared->neutral,
      .inputs = [shared](std::span<const double> given,
                         std::span<double> out) { return shared->inputs_of(given, out); },
      .record = [shared](TapeBuilder& tape,
                         std::span<const TapeValue> given) { return shared->record(tape, given); }};
  plan.program.emplace(compiled.chain, std::move(inputs), std::move(figures), plan.options.analysis.capacity,
                       std::move(prologue));
  plan_ = std::make_unique<const Plan>(std::move(plan));
}

FUNNELGRAPH_INLINE Variants::~Variants() = default;
FUNNELGRAPH_INLINE Variants::Variants(Variants&&) noexcept = default;
FUNNELGRAPH_INLINE Variants& Variants::operator=(Variants&&) noexcept = default;

FUNNELGRAPH_INLINE VariantCounts Variants::run(std::span<const double* const> columns, std::size_t count,
                                               std::span<double* const> out, std::span<VariantStatus> status,
                                               const Execution& execution) const {
  const Plan& plan = *plan_;
  const std::size_t wanted = plan.metrics.size() + (plan.options.feasible ? 1 : 0);
  if (out.size() != wanted)
    throw InvalidValueError("results of variants", std::to_string(out.size()), std::to_string(wanted));
  std::vector<VariantStatus> own;
  if (status.empty() && !plan.one_by_one.empty()) {
    own.resize(count);
    status = own;
  }
  std::vector<double*> figures;
  for (const std::uint32_t m : plan.figure_of_metric) figures.push_back(out[m]);
  if (plan.options.feasible) figures.push_back(out[plan.metrics.size()]);
  VariantCounts counts;
  detail::StatusCounts became;
  counts.done = plan.program->run(columns, count, figures, status, execution, &became);
  if (!plan.one_by_one.empty()) {
    counts.done = parallel_for(
        counts.done, 16,
        [&](std::size_t first, std::size_t last, std::size_t) {
          std::vector<double> numbers(columns.size());
          for (std::size_t v = first; v < last; ++v) {
            for (const std::uint32_t m : plan.one_by_one) {
              if (out[m] != nullptr) out[m][v] = unknown_number;
            }
            if (status[v] != VariantStatus::ok && status[v] != VariantStatus::fitted) continue;
            for (std::size_t k = 0; k < columns.size(); ++k)
              numbers[k] = columns[k] != nullptr ? columns[k][v] : plan.neutral[k];
            try {
              const Funnel changed = apply(plan.base, plan.scenario(numbers));
              for (const std::uint32_t m : plan.one_by_one) {
                if (out[m] != nullptr) out[m][v] = evaluate(changed, plan.metrics[m], plan.options.analysis);
              }
            } catch (const Error&) {
              // A row that takes from nobody is fitted by dividing it, which no funnel is: unknown.
            }
          }
        },
        execution);
  }
  counts.fitted = became.of(VariantStatus::fitted);
  counts.impossible = became.of(VariantStatus::impossible);
  counts.out_of_range = became.of(VariantStatus::out_of_range);
  counts.unsolvable = became.of(VariantStatus::unsolvable);
  return counts;
}

FUNNELGRAPH_INLINE const char* Variants::instruction_set() noexcept { return Tape::instruction_set(); }

}  // namespace funnelgraph::inline v0
