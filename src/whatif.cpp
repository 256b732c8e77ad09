// The room `whatif`, compiled once.
#include <funnelgraph/whatif/back_propagate_inl.hpp>
#include <funnelgraph/whatif/break_even_inl.hpp>
#include <funnelgraph/whatif/compare_inl.hpp>
#include <funnelgraph/whatif/detail/crossing_inl.hpp>
#include <funnelgraph/whatif/detail/moved_metric_inl.hpp>
#include <funnelgraph/whatif/detail/variant_plan_inl.hpp>
#include <funnelgraph/whatif/direction_inl.hpp>
#include <funnelgraph/whatif/futures_inl.hpp>
#include <funnelgraph/whatif/goal_seek_inl.hpp>
#include <funnelgraph/whatif/least_change_inl.hpp>
#include <funnelgraph/whatif/patched_chain_inl.hpp>
#include <funnelgraph/whatif/scenario_metrics_inl.hpp>
#include <funnelgraph/whatif/strength_inl.hpp>
#include <funnelgraph/whatif/sweep_inl.hpp>
#include <funnelgraph/whatif/tornado_inl.hpp>
#include <funnelgraph/whatif/variants_inl.hpp>
