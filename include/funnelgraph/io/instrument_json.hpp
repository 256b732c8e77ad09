// Instruments of the maturity room as JSON text and back.
#pragma once

#include <string>
#include <string_view>

#include <funnelgraph/io/json.hpp>
#include <funnelgraph/maturity/instrument.hpp>

namespace funnelgraph::inline v0 {

/// The document: scale, texts by language, statements, bands; defaults left out. `from_json` gives an equal
/// instrument. Throws InvalidValueError as for funnels.
[[nodiscard]] std::string to_json(const maturity::Instrument& instrument,
                                  const JsonWriteOptions& options = {});

/// Reads an instrument. Strict on form, with line and path in the DataError ("$.statements[3].weight");
/// lenient on content: `maturity::validate` tells what it lacks.
template <>
[[nodiscard]] maturity::Instrument from_json<maturity::Instrument>(std::string_view text,
                                                                   const JsonReadOptions& options);

}  // namespace funnelgraph::inline v0
