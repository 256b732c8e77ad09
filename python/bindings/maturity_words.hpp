// Words of the maturity room that its bindings share.
#pragma once

#include <map>
#include <optional>
#include <string>

#include <funnelgraph/maturity/advice.hpp>

namespace funnelgraph_python {

/// "yes", "no" or "unknown".
inline std::string reply_text(funnelgraph::maturity::Reply reply) {
  using funnelgraph::maturity::Reply;
  return reply == Reply::yes ? "yes" : reply == Reply::no ? "no" : "unknown";
}

/// {"condition": True}; None is unknown.
inline funnelgraph::maturity::Replies replies_of(const std::map<std::string, std::optional<bool>>& given) {
  using funnelgraph::maturity::Reply;
  funnelgraph::maturity::Replies replies;
  for (const auto& [id, reply] : given) {
    replies[id] = !reply ? Reply::unknown : *reply ? Reply::yes : Reply::no;
  }
  return replies;
}

/// "economic" or "cultural".
inline std::string friction_text(funnelgraph::maturity::Friction kind) {
  return kind == funnelgraph::maturity::Friction::economic ? "economic" : "cultural";
}

}  // namespace funnelgraph_python
