// Reference funnels: editable starting points whose given numbers are placeholders; `info().note` says
// where the shape comes from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

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
/// The names that `by_name` takes.
[[nodiscard]] std::vector<std::string> names();
/// By name ("online_shop", ...). Throws UnknownNameError with the nearest one.
[[nodiscard]] Funnel by_name(std::string_view name);

}  // namespace funnelgraph::inline v0::reference

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/model/reference_inl.hpp>
#endif
