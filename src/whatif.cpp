// The room `whatif`, compiled once.
#include <funnelgraph/whatif/compare_inl.hpp>
#include <funnelgraph/whatif/detail/variant_plan_inl.hpp>
#include <funnelgraph/whatif/direction_inl.hpp>
#include <funnelgraph/whatif/futures_inl.hpp>
#include <funnelgraph/whatif/patched_chain_inl.hpp>
#include <funnelgraph/whatif/scenario_metrics_inl.hpp>
#include <funnelgraph/whatif/variants_inl.hpp>
