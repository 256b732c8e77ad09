// Funnels, parameters and metrics as JSON text and back.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/metric.hpp>
#include <funnelgraph/model/parameter.hpp>
#include <funnelgraph/model/segmented_funnel.hpp>

namespace funnelgraph::inline v0 {

/// The schema that `to_json` writes; `from_json` reads this and every older one.
inline constexpr int json_schema = 1;

struct JsonWriteOptions {
  int indent = 2;  ///< spaces a level, one part of the funnel a line; 0 = all on one line
};

struct JsonReadOptions {
  std::string source = "JSON";          ///< what errors call the document: a file name
  std::size_t max_bytes = 64U << 20U;   ///< longest text
  std::size_t max_values = 8'000'000U;  ///< most keys, numbers, texts, arrays and objects together
  std::size_t max_depth = 32;           ///< deepest nesting
};

/// The document, defaults left out, numbers in the fewest digits that read back to the same double:
/// `from_json` gives an equal object. A bare number is an assumed one, else it is
/// {"value": 0.2, "source": "measured", "n": 50}; an unknown lag is left out. Throws
/// InvalidValueError (where = path) on a text that is not UTF-8 and on a number that JSON cannot hold
/// (NaN where it does not mean unknown, infinity). O(size).
[[nodiscard]] std::string to_json(const Funnel& funnel, const JsonWriteOptions& options = {});
[[nodiscard]] std::string to_json(const SegmentedFunnel& funnels, const JsonWriteOptions& options = {});
[[nodiscard]] std::string to_json(const Parameter& parameter, const JsonWriteOptions& options = {});
[[nodiscard]] std::string to_json(const Metric& metric, const JsonWriteOptions& options = {});

/// Reads one document: `from_json(text)` a Funnel, `from_json<Metric>(text)` and so on. Strict on form
/// (types, keys, duplicates, limits), lenient on content: `validate` tells what a funnel lacks. Every
/// number is the double nearest to its digits. Throws DataError with the line in `row()` and the path
/// ("$.stages[3].cost") in `column()`. O(size).
template <class T = Funnel>
[[nodiscard]] T from_json(std::string_view text, const JsonReadOptions& options = {});

template <>
[[nodiscard]] Funnel from_json<Funnel>(std::string_view text, const JsonReadOptions& options);
template <>
[[nodiscard]] SegmentedFunnel from_json<SegmentedFunnel>(std::string_view text,
                                                         const JsonReadOptions& options);
template <>
[[nodiscard]] Parameter from_json<Parameter>(std::string_view text, const JsonReadOptions& options);
template <>
[[nodiscard]] Metric from_json<Metric>(std::string_view text, const JsonReadOptions& options);

}  // namespace funnelgraph::inline v0
