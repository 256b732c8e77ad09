// The rows of an analysis.
#pragma once

#include <vector>

#include <funnelgraph/analysis/detail/analysis_state.hpp>
#include <funnelgraph/analysis/economics.hpp>
#include <funnelgraph/analysis/hand_offs.hpp>
#include <funnelgraph/analysis/ledger.hpp>
#include <funnelgraph/analysis/results.hpp>

namespace funnelgraph::inline v0::detail {

[[nodiscard]] std::vector<StageRow> stage_rows(const AnalysisState& state, const Money& money);
[[nodiscard]] std::vector<OutcomeRow> outcome_rows(const AnalysisState& state, const Money& money);
[[nodiscard]] std::vector<OwnerRow> owner_rows(const Labels& labels, const std::vector<LedgerRow>& ledger);
[[nodiscard]] std::vector<HandOffRow> hand_off_rows(const AnalysisState& state,
                                                    const std::vector<HandOff>& moved);

}  // namespace funnelgraph::inline v0::detail

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/analysis/detail/analysis_tables_inl.hpp>
#endif
