// The room `whatif`, compiled once.
#include <funnelgraph/whatif/adstock_inl.hpp>
#include <funnelgraph/whatif/allocate_inl.hpp>
#include <funnelgraph/whatif/detail/variant_plan_inl.hpp>
#include <funnelgraph/whatif/product_choice_inl.hpp>
#include <funnelgraph/whatif/response_inl.hpp>
#include <funnelgraph/whatif/variants_inl.hpp>
