// The room `kpi`, compiled once.
#include <funnelgraph/kpi/control_share_inl.hpp>
#include <funnelgraph/kpi/detail/hand_off_case_inl.hpp>
#include <funnelgraph/kpi/detail/limits_inl.hpp>
#include <funnelgraph/kpi/detail/service_rules_inl.hpp>
#include <funnelgraph/kpi/formula_inl.hpp>
#include <funnelgraph/kpi/hand_off_record_inl.hpp>
#include <funnelgraph/kpi/hand_off_verdict_inl.hpp>
#include <funnelgraph/kpi/loss_reasons_inl.hpp>
#include <funnelgraph/kpi/service_levels_inl.hpp>
#include <funnelgraph/kpi/transition_levels_inl.hpp>
