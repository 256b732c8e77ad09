// From a funnel with names to a chain of numbers: the only bridge.
#pragma once

#include <cstdint>

#include <funnelgraph/compile/compiled.hpp>
#include <funnelgraph/model/detail/parameter_place.hpp>
#include <funnelgraph/model/funnel.hpp>

namespace funnelgraph::inline v0 {

/// Validates and compiles; throws InvalidFunnelError with every issue. Warnings do not stop it.
/// O(stages + transitions).
[[nodiscard]] Compiled compile(const Funnel& funnel);

/// The place of a leaf parameter in the inputs of the chain. Throws UnknownNameError, and
/// InvalidValueError for a group of several leaves (ask for them). `compiled` must come from `funnel`.
/// O(1) expected.
[[nodiscard]] InputRef input_of(const Compiled& compiled, const Funnel& funnel, const Parameter& leaf);

namespace detail {
/// The inputs of the chain without its derived half: no validation of numbers, no `refresh`. Throws
/// UnknownNameError where a part refers to nothing.
[[nodiscard]] Compiled lower(const Funnel& funnel);
/// What the base rates of a row leave of 1, to the last digit; less than rounding counts as nothing.
[[nodiscard]] double missing_from_row(const Chain& chain, std::uint32_t stage);
/// `input_of` what stands there, without a look at a name.
[[nodiscard]] InputRef input_at(const Compiled& compiled, ParameterPlace place) noexcept;
/// Throws InvalidFunnelError when `validate` finds an error.
void require_valid(const Funnel& funnel);
}  // namespace detail

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/compile/compile_inl.hpp>
#endif
