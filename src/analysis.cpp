// The room `analysis`, compiled once.
#include <funnelgraph/analysis/absorption_inl.hpp>
#include <funnelgraph/analysis/analyze_inl.hpp>
#include <funnelgraph/analysis/discounting_inl.hpp>
#include <funnelgraph/analysis/economics_inl.hpp>
#include <funnelgraph/analysis/evaluate_inl.hpp>
#include <funnelgraph/analysis/figure_inl.hpp>
#include <funnelgraph/analysis/flow_inl.hpp>
#include <funnelgraph/analysis/gradient_inl.hpp>
#include <funnelgraph/analysis/hand_offs_inl.hpp>
#include <funnelgraph/analysis/ledger_inl.hpp>
#include <funnelgraph/analysis/lifetime_value_inl.hpp>
#include <funnelgraph/analysis/recoverable_inl.hpp>
#include <funnelgraph/analysis/sensitivity_inl.hpp>
#include <funnelgraph/analysis/solution_inl.hpp>
#include <funnelgraph/analysis/times_inl.hpp>
