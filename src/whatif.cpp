// The compiled twin of the headers in funnelgraph/whatif.
#include <funnelgraph/whatif/draw_summary_inl.hpp>
#include <funnelgraph/whatif/draws_inl.hpp>
#include <funnelgraph/whatif/monte_carlo_inl.hpp>
#include <funnelgraph/whatif/uncertainty_inl.hpp>
