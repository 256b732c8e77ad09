#pragma once

#include <map>
#include <string>
#include <utility>

#include <funnelgraph/model/relabel.hpp>

namespace funnelgraph::inline v0 {

FUNNELGRAPH_INLINE Funnel relabel(const Funnel& funnel, std::string_view view) {
  const View& seen = funnel.view(view);
  std::map<std::string, std::string> new_names;
  View back{seen.name, {}};
  for (const auto& [stage, name] : seen.stages) {
    if (name.empty()) continue;
    new_names[stage] = name;
    back.stages[name] = stage;
  }
  Funnel result = funnel;
  result.rename_stages(new_names);
  result.replace_view(seen.name, std::move(back));
  return result;
}

}  // namespace funnelgraph::inline v0
