// The room `compile`, compiled once.
#include <funnelgraph/compile/compile_inl.hpp>
#include <funnelgraph/compile/paths_inl.hpp>
