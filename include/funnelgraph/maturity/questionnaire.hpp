// The instrument on paper and as a table to fill in.
#pragma once

#include <string>
#include <string_view>

#include <funnelgraph/config.hpp>
#include <funnelgraph/maturity/instrument.hpp>

namespace funnelgraph::inline v0::maturity {

/// One HTML page to print and fill in, everything escaped, nothing loaded from elsewhere. `language` is one
/// of the instrument's: UnknownNameError with the nearest otherwise. DataError for an invalid instrument.
[[nodiscard]] std::string questionnaire_html(const Instrument& instrument, std::string_view language = "en");

/// The first line of the table of answers, as CSV: respondent, department, level, then a column a statement.
/// DataError for an invalid instrument.
[[nodiscard]] std::string answer_form_csv(const Instrument& instrument);

}  // namespace funnelgraph::inline v0::maturity

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/maturity/questionnaire_inl.hpp>
#endif
