// The room `whatif`, compiled once.
#include <funnelgraph/whatif/detail/variant_plan_inl.hpp>
#include <funnelgraph/whatif/variants_inl.hpp>
