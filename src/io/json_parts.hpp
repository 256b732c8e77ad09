// Pieces of the JSON schema that several kinds of document share.
#pragma once

#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/scenario/part.hpp>
#include <string>
#include <string_view>

#include "json_document.hpp"
#include "json_writer.hpp"

namespace funnelgraph::inline v0::detail {

/// Schema and kind; then `body` adds the rest. Refused on reading: another kind, an unknown schema.
void begin_json_document(JsonWriter& out, std::string_view kind);
[[nodiscard]] std::string end_json_document(JsonWriter& out, const JsonWriteOptions& options);
void check_json_head(const JsonDocument& document, std::string_view kind);

/// A bare number, or one with its source; NaN is null.
void write_json_number(JsonWriter& out, const Number& number);
[[nodiscard]] Number read_json_number(const JsonDocument& document, JsonDocument::Node node);

/// ["rate", "enquiry", "order"]
void write_json_parameter(JsonWriter& out, const Parameter& parameter);
[[nodiscard]] Parameter read_json_parameter(const JsonDocument& document, JsonDocument::Node node);

/// A name in normal form.
[[nodiscard]] std::string read_json_name(const JsonDocument& document, JsonDocument::Node node);

/// The key `owner`, left out where nobody owns it.
void write_json_ownership(JsonWriter& out, const Ownership& owner);
[[nodiscard]] Ownership read_json_ownership(const JsonDocument& document, const JsonObject& object);

/// A part as it stands in a funnel's lists.
void write_json_part(JsonWriter& out, const Part& part);
[[nodiscard]] Part read_json_part(const JsonDocument& document, JsonDocument::Node node, PartKind kind);

/// What is said of a funnel as a whole.
void write_json_info(JsonWriter& out, const FunnelInfo& info);
[[nodiscard]] FunnelInfo read_json_info(const JsonDocument& document, JsonDocument::Node node);

}  // namespace funnelgraph::inline v0::detail
