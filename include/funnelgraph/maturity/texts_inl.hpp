#pragma once

#include <funnelgraph/maturity/texts.hpp>

namespace funnelgraph::inline v0::maturity {

FUNNELGRAPH_INLINE std::string text_in(const Texts& texts, std::string_view language) {
  if (const auto found = texts.find(language); found != texts.end()) return found->second;
  if (const auto english = texts.find("en"); english != texts.end()) return english->second;
  return texts.empty() ? std::string() : texts.begin()->second;
}

}  // namespace funnelgraph::inline v0::maturity
