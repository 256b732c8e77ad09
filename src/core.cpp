// The compiled half of core/.
#include <funnelgraph/core/distribution_between_inl.hpp>
#include <funnelgraph/core/distribution_inl.hpp>
#include <funnelgraph/core/error_inl.hpp>
#include <funnelgraph/core/exact_sum_inl.hpp>
#include <funnelgraph/core/lag_distribution_inl.hpp>
#include <funnelgraph/core/large_array_inl.hpp>
#include <funnelgraph/core/names_inl.hpp>
#include <funnelgraph/core/nearest_name_inl.hpp>
#include <funnelgraph/core/parallel_inl.hpp>
#include <funnelgraph/core/quantile_table_inl.hpp>
#include <funnelgraph/core/quantiles_inl.hpp>
#include <funnelgraph/core/shown_inl.hpp>
#include <funnelgraph/core/unknown_name_inl.hpp>
