// The room `kpi`, compiled once.
#include <funnelgraph/kpi/detail/hand_off_case_inl.hpp>
#include <funnelgraph/kpi/detail/limits_inl.hpp>
#include <funnelgraph/kpi/hand_off_record_inl.hpp>
#include <funnelgraph/kpi/hand_off_verdict_inl.hpp>
