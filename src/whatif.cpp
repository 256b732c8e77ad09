// The room `whatif`, compiled once.
#include <funnelgraph/whatif/detail/variant_plan_inl.hpp>
#include <funnelgraph/whatif/disagree_inl.hpp>
#include <funnelgraph/whatif/draw_summary_inl.hpp>
#include <funnelgraph/whatif/draws_inl.hpp>
#include <funnelgraph/whatif/monte_carlo_inl.hpp>
#include <funnelgraph/whatif/sobol_estimates_inl.hpp>
#include <funnelgraph/whatif/sobol_inl.hpp>
#include <funnelgraph/whatif/uncertainty_inl.hpp>
#include <funnelgraph/whatif/variants_inl.hpp>
