// The compiled half of channel attribution.
#include <funnelgraph/explain/channel_attribution_inl.hpp>
#include <funnelgraph/explain/journey_counts_inl.hpp>
#include <funnelgraph/explain/removal_effects_inl.hpp>
#include <funnelgraph/explain/touches_inl.hpp>
