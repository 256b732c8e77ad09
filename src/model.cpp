// The compiled twin of the headers in funnelgraph/model.
#include <funnelgraph/model/funnel_changes_inl.hpp>
#include <funnelgraph/model/funnel_inl.hpp>
#include <funnelgraph/model/funnel_lookup_inl.hpp>
#include <funnelgraph/model/funnel_numbers_inl.hpp>
#include <funnelgraph/model/funnel_parameters_inl.hpp>
#include <funnelgraph/model/funnel_removal_inl.hpp>
#include <funnelgraph/model/lag_inl.hpp>
#include <funnelgraph/model/metric_inl.hpp>
#include <funnelgraph/model/name_index_inl.hpp>
#include <funnelgraph/model/number_inl.hpp>
#include <funnelgraph/model/ownership_inl.hpp>
#include <funnelgraph/model/parameter_inl.hpp>
#include <funnelgraph/model/reference_inl.hpp>
#include <funnelgraph/model/relabel_inl.hpp>
#include <funnelgraph/model/segmented_funnel_inl.hpp>
#include <funnelgraph/model/validate_inl.hpp>
