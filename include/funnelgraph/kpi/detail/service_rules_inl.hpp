#pragma once

#include <cmath>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/kpi/detail/limits.hpp>
#include <funnelgraph/kpi/detail/service_rules.hpp>

namespace funnelgraph::inline v0::detail {

FUNNELGRAPH_INLINE std::string rule_text(const ServiceLevel& rule) {
  const std::string limit = std::isinf(rule.within) ? "" : " " + shown(rule.within) + " days";
  if (rule.promise == Promise::report) return shown(rule.to) + " every" + limit;
  return shown(rule.from) + " -> " + shown(rule.to) + (limit.empty() ? "" : " within" + limit);
}

FUNNELGRAPH_INLINE void check_rule(const ServiceLevel& rule) {
  const std::string where = "ServiceLevel(" + rule_text(rule) + ")";
  if (rule.to.empty()) throw InvalidValueError(where, "no event `to`", "the name of a stage or event");
  if (rule.promise == Promise::report) {
    if (!(rule.within >= 1) || rule.within != std::floor(rule.within) || rule.within > longest_limit) {
      throw InvalidValueError(where, shown(rule.within), "a whole number of days >= 1 between reports");
    }
    return;
  }
  if (rule.from.empty()) throw InvalidValueError(where, "no stage `from`", "the name of a stage or event");
  if (rule.from == rule.to) throw InvalidValueError(where, "the same on both ends", "two stages or events");
  if (rule.promise == Promise::feedback && std::isinf(rule.within) && rule.within > 0) return;
  (void)limit_ticks(where, rule.within);
}

}  // namespace funnelgraph::inline v0::detail
