// Reference funnels: editable starting points whose numbers are placeholders.
#pragma once

#include <string_view>

#include <funnelgraph/model/funnel.hpp>

namespace funnelgraph::inline v0::reference {

/// Eight-stage buying funnel with the selling sub-funnel inside intention and purchase.
[[nodiscard]] Funnel buying_funnel();
/// Inquiry, MQL, SAL, SQL, won.
[[nodiscard]] Funnel demand_waterfall();
/// reach -> engaged -> enquiry -> order -> care -> repeat -> loyal, nurture pool, feedback loop.
[[nodiscard]] Funnel online_shop();
/// Rep visit -> listed -> stocked -> sell-out -> reorder | return.
[[nodiscard]] Funnel pharmacy_channel();
/// By name ("online_shop", ...). Throws UnknownNameError with the nearest one.
[[nodiscard]] Funnel by_name(std::string_view name);

}  // namespace funnelgraph::inline v0::reference

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/model/reference_inl.hpp>
#endif
