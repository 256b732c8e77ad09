// From names to positions of a chain, and back to texts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <funnelgraph/analysis/analysis_options.hpp>
#include <funnelgraph/analysis/figure.hpp>
#include <funnelgraph/analysis/solution.hpp>
#include <funnelgraph/compile/compiled.hpp>
#include <funnelgraph/model/parts.hpp>

namespace funnelgraph::inline v0::detail {

inline constexpr const char* drop_off_name = "drop_off";
inline constexpr const char* unowned_name = "unowned";

/// Throws UnknownNameError with the nearest of `names`.
[[noreturn]] void throw_unknown(const char* kind, std::string_view given,
                                const std::vector<std::string>& names);
/// Position of an outcome, or drop_off_outcome. Throws UnknownNameError.
[[nodiscard]] std::uint32_t find_outcome_or_drop_off(const Funnel& funnel, std::string_view name);
/// Throws UnknownNameError.
[[nodiscard]] std::uint32_t find_stage_position(const Funnel& funnel, std::string_view name);
/// The metric by positions. Throws UnknownNameError, and InvalidValueError for `recoverable`, which no
/// chain alone can tell.
[[nodiscard]] Figure figure_of(const Funnel& funnel, const Metric& metric);
/// Throws InvalidValueError unless it is finite and >= 0.
void check_discount_rate(double rate);
/// Compiles under the options' discount rate. Throws as `compile`, InvalidValueError.
[[nodiscard]] Compiled compile_for(const Funnel& funnel, const AnalysisOptions& options);
/// `solve_chain`, saying which stages by name.
[[nodiscard]] Solution solve_named(const Compiled& compiled, const Elimination& plan, CapacityRule rule);
[[nodiscard]] const char* kind_text(OutcomeKind kind) noexcept;

}  // namespace funnelgraph::inline v0::detail

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/analysis/detail/named_chain_inl.hpp>
#endif
