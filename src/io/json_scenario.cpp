#include <array>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/io/scenario_json.hpp>
#include <funnelgraph/scenario/change.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "json_parts.hpp"

namespace funnelgraph::inline v0 {
namespace detail {
namespace {

using Node = JsonDocument::Node;

/// The first four are kinds of NumberChange, in their order.
constexpr std::array<std::string_view, 9> change_words{"set",    "scale",   "shift",     "scale_odds",  "add",
                                                       "remove", "replace", "set_owner", "replace_info"};
constexpr std::size_t add_word = 4, remove_word = 5, replace_word = 6, set_owner_word = 7;
constexpr std::array<std::string_view, 1> bounds_words{"clip"};

void write_take_from(JsonWriter& out, const TakeFrom& from) {
  if (from == TakeFrom{}) return;
  out.key("take_from");
  from.is_nobody() ? out.null() : out.text(from.name());
}

void write_names(JsonWriter& out, PartKind kind, const std::vector<std::string>& names) {
  out.key(to_string(kind));
  out.begin_array();
  for (const std::string& name : names) out.text(name);
  out.end();
}

void write_what(JsonWriter& out, const NumberChange& change) {
  out.text(change_words.at(static_cast<std::size_t>(change.kind)));
  out.key("parameter");
  write_json_parameter(out, change.parameter);
  out.key("value");
  write_json_number(out, change.value);
  write_take_from(out, change.take_from);
  if (change.clip) {
    out.key("bounds");
    out.text("clip");
  }
}

void write_what(JsonWriter& out, const AddPart& change) {
  out.text("add");
  out.key(to_string(kind_of(change.part)));
  write_json_part(out, change.part);
  write_take_from(out, change.take_from);
}

void write_what(JsonWriter& out, const RemovePart& change) {
  out.text("remove");
  write_names(out, change.kind, change.names);
}

void write_what(JsonWriter& out, const ReplacePart& change) {
  out.text("replace");
  write_names(out, change.kind, change.names);
  out.key("parts");
  out.begin_array();
  for (const Part& part : change.parts) write_json_part(out, part);
  out.end();
}

void write_what(JsonWriter& out, const SetOwner& change) {
  out.text("set_owner");
  out.key("of");
  out.text(change.name);
  write_json_ownership(out, change.owner);
}

void write_what(JsonWriter& out, const ReplaceInfo& change) {
  out.text("replace_info");
  out.key("info");
  write_json_info(out, change.info);
}

void write_day(JsonWriter& out, std::string_view key, const std::optional<double>& day) {
  if (!day) return;
  out.key(key);
  out.number(*day);
}

void write_change(JsonWriter& out, const Change& change, const std::string& scenario) {
  out.begin_object();
  out.key("change");
  std::visit([&](const auto& what) { write_what(out, what); }, change.what);
  write_day(out, "start", change.start);
  write_day(out, "end", change.end);
  if (change.scenario != scenario) {
    out.key("scenario");
    out.text(change.scenario);
  }
  out.end();
}

TakeFrom read_take_from(const JsonDocument& doc, const JsonObject& object) {
  const auto found = object.find("take_from");
  if (!found) return {};
  if (doc.kind(*found) == JsonKind::null) return TakeFrom::nobody();
  const std::string name = read_json_name(doc, *found);
  if (name.empty()) doc.fail(*found, "expected \"leak\", \"siblings\", \"drop_off\", a target, or null");
  return {name};
}

/// The kind of part that the change is about: the one key that names a kind.
std::pair<PartKind, Node> read_kind(const JsonDocument& doc, Node node, const JsonObject& object) {
  std::optional<std::pair<PartKind, Node>> found;
  for (std::size_t kind = 0; kind < std::variant_size_v<Part>; ++kind) {
    const auto value = object.find(to_string(static_cast<PartKind>(kind)));
    if (!value) continue;
    if (found) doc.fail(*value, "expected one part");
    found.emplace(static_cast<PartKind>(kind), *value);
  }
  if (!found) doc.fail_key(node, "stage", "a part is missing: this key, \"transition\" or another kind's");
  return *found;
}

std::vector<std::string> read_names(const JsonDocument& doc, Node node, PartKind kind) {
  std::vector<std::string> names;
  doc.elements(node, [&](Node name) { names.push_back(read_json_name(doc, name)); });
  const std::size_t count = names_count(kind);
  if (names.size() != count) doc.fail(node, "expected " + std::to_string(count) + " names");
  return names;
}

decltype(Change::what) read_what(const JsonDocument& doc, Node node, std::size_t word) {
  if (word < add_word) {
    const JsonObject object(
        doc, node, {"change", "parameter", "value", "take_from", "bounds", "start", "end", "scenario"});
    const auto bounds = object.find("bounds");
    if (bounds) static_cast<void>(json_word(doc, *bounds, bounds_words, "way to treat bounds"));
    return NumberChange{static_cast<ChangeKind>(word), read_json_parameter(doc, object.get("parameter")),
                        read_json_number(doc, object.get("value")), read_take_from(doc, object),
                        bounds.has_value()};
  }
  if (word == set_owner_word) {
    const JsonObject object(doc, node, {"change", "of", "owner", "start", "end", "scenario"});
    return SetOwner{read_json_name(doc, object.get("of")), read_json_ownership(doc, object)};
  }
  if (word > set_owner_word) {
    const JsonObject object(doc, node, {"change", "info", "start", "end", "scenario"});
    return ReplaceInfo{read_json_info(doc, object.get("info"))};
  }
  const JsonObject object(doc, node,
                          {"change", "owner", "stage", "outcome", "transition", "entry", "lever", "influence",
                           "view", "parts", "take_from", "start", "end", "scenario"});
  const auto [kind, value] = read_kind(doc, node, object);
  const auto parts = object.find("parts");
  if (parts.has_value() != (word == replace_word)) {
    doc.fail_key(node, "parts", parts ? "only where parts are replaced" : "this key is missing");
  }
  if (const auto from = object.find("take_from"); from && word != add_word) {
    doc.fail(*from, "only where a part is added");
  }
  if (word == add_word) return AddPart{read_json_part(doc, value, kind), read_take_from(doc, object)};
  if (word == remove_word) return RemovePart{kind, read_names(doc, value, kind)};
  ReplacePart change{kind, read_names(doc, value, kind), {}};
  doc.elements(*parts,
               [&, kind = kind](Node part) { change.parts.push_back(read_json_part(doc, part, kind)); });
  return change;
}

Change read_change(const JsonDocument& doc, Node node, const std::string& scenario) {
  doc.expect(node, JsonKind::object);
  const auto named = doc.peek(node, "change");
  if (!named) doc.fail_key(node, "change", "this key is missing");
  Change change{.what = read_what(doc, node, json_word(doc, *named, change_words, "change"))};
  if (const auto start = doc.peek(node, "start")) change.start = doc.number(*start);
  if (const auto end = doc.peek(node, "end")) change.end = doc.number(*end);
  const auto origin = doc.peek(node, "scenario");
  change.scenario = origin ? read_json_name(doc, *origin) : scenario;
  try {
    static_cast<void>(Scenario(scenario, {}, {change}));
  } catch (const Error& error) {
    doc.fail(node, error.what());
  }
  return change;
}

}  // namespace
}  // namespace detail

std::string to_json(const Scenario& scenario, const JsonWriteOptions& options) {
  detail::JsonWriter out(options.indent);
  detail::begin_json_document(out, "scenario");
  out.key("name");
  out.text(scenario.name());
  if (!scenario.description().empty()) {
    out.key("description");
    out.text(scenario.description());
  }
  out.key("changes");
  out.begin_array(true);
  for (const Change& change : scenario.changes()) detail::write_change(out, change, scenario.name());
  out.end();
  return detail::end_json_document(out, options);
}

template <>
Scenario from_json<Scenario>(std::string_view text, const JsonReadOptions& options) {
  const detail::JsonDocument doc(text, options);
  detail::check_json_head(doc, "scenario");
  const detail::JsonObject object(doc, detail::JsonDocument::root(),
                                  {"schema", "kind", "name", "description", "changes"});
  const auto name_node = object.find("name");
  const std::string name = name_node ? detail::read_json_name(doc, *name_node) : std::string();
  const auto description = object.find("description");
  std::vector<Change> changes;
  const detail::Node list = object.get("changes");
  doc.elements(list, [&](detail::Node change) { changes.push_back(detail::read_change(doc, change, name)); });
  try {
    return {name, description ? std::string(doc.text(*description)) : std::string(), std::move(changes)};
  } catch (const Error& error) {
    doc.fail(list, error.what());
  }
}

}  // namespace funnelgraph::inline v0
