// Version, inline namespace and the one switch between compiled and header-only use.
#pragma once

#define FUNNELGRAPH_VERSION_MAJOR 0
#define FUNNELGRAPH_VERSION_MINOR 1
#define FUNNELGRAPH_VERSION_PATCH 0
#define FUNNELGRAPH_VERSION_STRING "0.1.0"

#if defined(__FAST_MATH__)
#error "funnelgraph needs IEEE arithmetic (NaN means unknown): do not compile it with -ffast-math"
#endif

// Definitions in `*_inl.hpp` files are compiled once into the library, or become inline in every
// translation unit when the target funnelgraph::header_only defines FUNNELGRAPH_HEADER_ONLY.
#if defined(FUNNELGRAPH_HEADER_ONLY)
#define FUNNELGRAPH_INLINE inline
#else
#define FUNNELGRAPH_INLINE
#endif

namespace funnelgraph {
/// Everything lives in this inline namespace, so that two versions can be linked side by side.
inline namespace v0 {}
}  // namespace funnelgraph
