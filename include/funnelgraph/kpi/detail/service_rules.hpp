// Checks of service levels. Internal.
#pragma once

#include <string>

#include <funnelgraph/config.hpp>
#include <funnelgraph/kpi/service_level.hpp>

namespace funnelgraph::inline v0::detail {

/// "enquiry -> call within 1 day", for messages.
[[nodiscard]] std::string rule_text(const ServiceLevel& rule);

/// Throws InvalidValueError for a limit out of range or a missing name.
void check_rule(const ServiceLevel& rule);

}  // namespace funnelgraph::inline v0::detail

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/kpi/detail/service_rules_inl.hpp>
#endif
