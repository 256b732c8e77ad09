// Scenarios as JSON text and back.
#pragma once

#include <string>
#include <string_view>

#include <funnelgraph/io/json.hpp>
#include <funnelgraph/scenario/scenario.hpp>

namespace funnelgraph::inline v0 {

/// {"schema": 1, "kind": "scenario", "name": .., "description": .., "changes": [..]} with a change a line:
/// {"change": "scale", "parameter": ["rate", "enquiry", "order"], "value": 1.2, "take_from": "siblings",
/// "bounds": "clip", "start": 0, "end": 30}; {"change": "add", "stage": {..}}; {"change": "remove",
/// "stage": ["order"]}; {"change": "replace", "stage": ["order"], "parts": [..]}; {"change": "set_owner",
/// "of": "order", "owner": "Sales"}; {"change": "replace_info", "info": {..}}. A change that came from
/// another scenario says so in "scenario"; `take_from` null is nobody. Throws as the funnel's to_json.
[[nodiscard]] std::string to_json(const Scenario& scenario, const JsonWriteOptions& options = {});

/// The scenario; as for funnels, DataError with line and path. Changes that conflict are refused so too.
template <>
[[nodiscard]] Scenario from_json<Scenario>(std::string_view text, const JsonReadOptions& options);

}  // namespace funnelgraph::inline v0
