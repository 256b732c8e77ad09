// The room `kpi`, compiled once.
#include <funnelgraph/kpi/advice_quality_inl.hpp>
#include <funnelgraph/kpi/card_inl.hpp>
#include <funnelgraph/kpi/control_share_inl.hpp>
#include <funnelgraph/kpi/detail/hand_off_case_inl.hpp>
#include <funnelgraph/kpi/detail/limits_inl.hpp>
#include <funnelgraph/kpi/detail/service_rules_inl.hpp>
#include <funnelgraph/kpi/figures_inl.hpp>
#include <funnelgraph/kpi/formula_inl.hpp>
#include <funnelgraph/kpi/hand_off_record_inl.hpp>
#include <funnelgraph/kpi/hand_off_verdict_inl.hpp>
#include <funnelgraph/kpi/kpi_inl.hpp>
#include <funnelgraph/kpi/loss_reasons_inl.hpp>
#include <funnelgraph/kpi/measurement_gaps_inl.hpp>
#include <funnelgraph/kpi/scorecard_inl.hpp>
#include <funnelgraph/kpi/service_levels_inl.hpp>
#include <funnelgraph/kpi/transition_levels_inl.hpp>
