// The compiled twin of the headers in funnelgraph/scenario.
#include <funnelgraph/scenario/apply_inl.hpp>
#include <funnelgraph/scenario/apply_structure_inl.hpp>
#include <funnelgraph/scenario/change_inl.hpp>
#include <funnelgraph/scenario/diff_inl.hpp>
#include <funnelgraph/scenario/part_inl.hpp>
#include <funnelgraph/scenario/row_change_inl.hpp>
#include <funnelgraph/scenario/scenario_conflicts_inl.hpp>
#include <funnelgraph/scenario/scenario_inl.hpp>
