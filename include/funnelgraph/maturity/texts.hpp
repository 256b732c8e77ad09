// Words by language.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0::maturity {

/// One text in several languages, by their codes: {"en": ..., "vi": ...}.
using Texts = std::map<std::string, std::string, std::less<>>;

/// The text in `language`, else in English, else in whichever language comes first; empty when there is
/// none at all.
[[nodiscard]] std::string text_in(const Texts& texts, std::string_view language);

}  // namespace funnelgraph::inline v0::maturity

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/maturity/texts_inl.hpp>
#endif
