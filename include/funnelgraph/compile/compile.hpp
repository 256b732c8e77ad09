// From a funnel with names to a chain of numbers: the only bridge.
#pragma once

#include <funnelgraph/compile/compiled.hpp>
#include <funnelgraph/model/funnel.hpp>

namespace funnelgraph::inline v0 {

/// Validates and compiles; throws InvalidFunnelError with every issue. Warnings do not stop it.
/// O(stages + transitions).
[[nodiscard]] Compiled compile(const Funnel& funnel);

/// The place of a leaf parameter in the inputs of the chain. Throws UnknownNameError, and
/// InvalidValueError for a group (ask for its leaves).
[[nodiscard]] InputRef input_of(const Compiled& compiled, const Funnel& funnel, const Parameter& leaf);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/compile/compile_inl.hpp>
#endif
