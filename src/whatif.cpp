// The compiled twin of the headers in funnelgraph/whatif.
#include <funnelgraph/whatif/adstock_inl.hpp>
#include <funnelgraph/whatif/allocate_inl.hpp>
#include <funnelgraph/whatif/response_inl.hpp>
