// The room `chain`, compiled once.
#include <funnelgraph/chain/closed_sets_inl.hpp>
#include <funnelgraph/chain/detail/dense_inl.hpp>
#include <funnelgraph/chain/detail/greedy_pattern_inl.hpp>
#include <funnelgraph/chain/detail/lane_code_inl.hpp>
#include <funnelgraph/chain/detail/lane_kernels_inl.hpp>
#include <funnelgraph/chain/elimination_inl.hpp>
#include <funnelgraph/chain/refresh_inl.hpp>
#include <funnelgraph/chain/tape_grid_inl.hpp>
#include <funnelgraph/chain/tape_inl.hpp>
#include <funnelgraph/chain/tape_run_inl.hpp>
