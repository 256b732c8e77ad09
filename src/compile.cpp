// The room `compile`, compiled once.
#include <funnelgraph/compile/compile_inl.hpp>
