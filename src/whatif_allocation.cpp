// The part of `whatif` that optimises with Eigen, compiled on its own: it is the dearest to compile.
#include <funnelgraph/whatif/adstock_inl.hpp>
#include <funnelgraph/whatif/allocate_inl.hpp>
#include <funnelgraph/whatif/least_change_inl.hpp>
#include <funnelgraph/whatif/product_choice_from_funnels_inl.hpp>
#include <funnelgraph/whatif/product_choice_inl.hpp>
#include <funnelgraph/whatif/response_inl.hpp>
