// A funnel as a picture: text for Graphviz.
#pragma once

#include <string>

#include <funnelgraph/model/funnel.hpp>

namespace funnelgraph::inline v0 {

struct DotOptions {
  std::string language{};  ///< labels of this language where a part has one ("vi"); else its name
  bool rates = true;       ///< rates on the transitions, in per cent
  bool lags = true;        ///< mean lags below them, in days, where known
  bool entries = true;     ///< channels and volumes before the stages they enter
  bool legend = true;      ///< owners and their colours
  bool left_right = true;  ///< else from top to bottom
};

/// Stages are boxes in the colours of their owners, striped by share where several own them; won
/// outcomes have a double line, lost ones are octagons, screened ones hexagons, silent ones dotted.
/// Hand-offs are heavy red lines and say who gives how much to whom; rates of 0 are dotted. Works for
/// broken funnels too: a target that is not there is drawn in dashes. Valid for every name and text.
/// O(size).
[[nodiscard]] std::string to_dot(const Funnel& funnel, const DotOptions& options = {});

}  // namespace funnelgraph::inline v0
