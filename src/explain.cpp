// The compiled twin of the headers in funnelgraph/explain.
#include <funnelgraph/explain/coalitions_inl.hpp>
#include <funnelgraph/explain/detail/chance_inl.hpp>
#include <funnelgraph/explain/detail/difference_inl.hpp>
#include <funnelgraph/explain/detail/game_inl.hpp>
#include <funnelgraph/explain/detail/path_parts_inl.hpp>
#include <funnelgraph/explain/detail/view_inl.hpp>
#include <funnelgraph/explain/explain_inl.hpp>
#include <funnelgraph/explain/factor_inl.hpp>
#include <funnelgraph/explain/lead_quality_inl.hpp>
#include <funnelgraph/explain/mix_inl.hpp>
#include <funnelgraph/explain/summary_inl.hpp>
