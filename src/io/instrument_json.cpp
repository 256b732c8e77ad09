#include <cmath>

#include <funnelgraph/io/instrument_json.hpp>

#include "json_document.hpp"
#include "json_writer.hpp"

namespace funnelgraph::inline v0 {
namespace detail {
namespace {

using maturity::Aspect;
using maturity::Band;
using maturity::Instrument;
using maturity::Statement;
using maturity::Texts;
using Node = JsonDocument::Node;

constexpr std::array<std::string_view, 2> aspect_words{"structure", "behaviour"};

void write_texts(JsonWriter& out, std::string_view key, const Texts& texts) {
  if (texts.empty()) return;
  out.key(key);
  out.begin_object();
  for (const auto& [language, text] : texts) {
    out.key(language);
    out.text(text);
  }
  out.end();
}

void write_statement(JsonWriter& out, const Statement& statement) {
  out.begin_object();
  out.key("id");
  out.text(statement.id);
  write_texts(out, "topic", statement.topic);
  write_texts(out, "text", statement.text);
  if (statement.aspect != Aspect::behaviour) {
    out.key("aspect");
    out.text(aspect_words[static_cast<std::size_t>(statement.aspect)]);
  }
  if (!statement.touches.empty()) {
    out.key("touches");
    out.begin_array();
    for (const std::string& part : statement.touches) out.text(part);
    out.end();
  }
  if (statement.reversed) {
    out.key("reversed");
    out.boolean(true);
  }
  if (statement.weight != 1) {
    out.key("weight");
    out.number(statement.weight);
  }
  out.end();
}

Texts read_texts(const JsonDocument& doc, const JsonObject& object, std::string_view key) {
  Texts texts;
  const auto found = object.find(key);
  if (!found) return texts;
  doc.members(*found,
              [&](Node language, Node text) { texts.emplace(doc.key_text(language), doc.text(text)); });
  return texts;
}

int read_step(const JsonDocument& doc, Node node) {
  const double value = doc.number(node);
  if (!(value >= -1000 && value <= 1000) || value != std::floor(value)) {
    doc.fail(node, "expected a whole number from -1000 to 1000");
  }
  return static_cast<int>(value);
}

Statement read_statement(const JsonDocument& doc, Node node) {
  const JsonObject object(doc, node, {"id", "topic", "text", "aspect", "touches", "reversed", "weight"});
  Statement statement;
  statement.id = std::string(doc.text(object.get("id")));
  statement.topic = read_texts(doc, object, "topic");
  statement.text = read_texts(doc, object, "text");
  if (const auto aspect = object.find("aspect")) {
    statement.aspect = static_cast<Aspect>(json_word(doc, *aspect, aspect_words, "aspect"));
  }
  if (const auto touches = object.find("touches")) {
    doc.elements(*touches, [&](Node part) { statement.touches.emplace_back(doc.text(part)); });
  }
  if (const auto reversed = object.find("reversed")) statement.reversed = doc.boolean(*reversed);
  if (const auto weight = object.find("weight")) statement.weight = doc.number(*weight);
  return statement;
}

Band read_band(const JsonDocument& doc, Node node) {
  const JsonObject object(doc, node, {"id", "name", "description", "from"});
  return {std::string(doc.text(object.get("id"))), read_texts(doc, object, "name"),
          read_texts(doc, object, "description"), doc.number(object.get("from"))};
}

void check_head(const JsonDocument& doc, const JsonObject& object) {
  if (doc.number(object.get("schema")) != json_schema) {
    doc.fail(object.get("schema"),
             "unknown schema; this version reads schema " + std::to_string(json_schema));
  }
  if (doc.text(object.get("kind")) != "instrument") {
    doc.fail(object.get("kind"), "expected \"instrument\"");
  }
}

}  // namespace
}  // namespace detail

std::string to_json(const maturity::Instrument& instrument, const JsonWriteOptions& options) {
  detail::JsonWriter out(options.indent);
  out.begin_object(true);
  out.key("schema");
  out.number(json_schema);
  out.key("kind");
  out.text("instrument");
  out.key("name");
  out.text(instrument.name);
  out.key("scale");
  out.begin_array();
  out.number(instrument.lowest);
  out.number(instrument.highest);
  out.end();
  if (!instrument.answers.empty()) {
    out.key("answers");
    out.begin_array(true);
    for (const maturity::Texts& texts : instrument.answers) {
      out.begin_object();
      for (const auto& [language, text] : texts) {
        out.key(language);
        out.text(text);
      }
      out.end();
    }
    out.end();
  }
  out.key("statements");
  out.begin_array(true);
  for (const maturity::Statement& statement : instrument.statements) detail::write_statement(out, statement);
  out.end();
  out.key("bands");
  out.begin_array(true);
  for (const maturity::Band& band : instrument.bands) {
    out.begin_object();
    out.key("id");
    out.text(band.id);
    detail::write_texts(out, "name", band.name);
    detail::write_texts(out, "description", band.description);
    out.key("from");
    out.number(band.from);
    out.end();
  }
  out.end();
  out.end();
  std::string text = out.take();
  if (options.indent > 0) text += '\n';
  return text;
}

template <>
maturity::Instrument from_json<maturity::Instrument>(std::string_view text, const JsonReadOptions& options) {
  const detail::JsonDocument doc(text, options);
  const detail::JsonObject object(doc, detail::JsonDocument::root(),
                                  {"schema", "kind", "name", "scale", "answers", "statements", "bands"});
  detail::check_head(doc, object);
  maturity::Instrument instrument;
  if (const auto name = object.find("name")) instrument.name = std::string(doc.text(*name));
  if (const auto scale = object.find("scale")) {
    std::vector<int> ends;
    doc.elements(*scale, [&](detail::Node end) { ends.push_back(detail::read_step(doc, end)); });
    if (ends.size() != 2) doc.fail(*scale, "expected two numbers, lowest and highest");
    instrument.lowest = ends[0];
    instrument.highest = ends[1];
  }
  if (const auto answers = object.find("answers")) {
    doc.elements(*answers, [&](detail::Node answer) {
      maturity::Texts texts;
      doc.members(answer, [&](detail::Node language, detail::Node word) {
        texts.emplace(doc.key_text(language), doc.text(word));
      });
      instrument.answers.push_back(std::move(texts));
    });
  }
  doc.elements(object.get("statements"), [&](detail::Node node) {
    instrument.statements.push_back(detail::read_statement(doc, node));
  });
  doc.elements(object.get("bands"),
               [&](detail::Node node) { instrument.bands.push_back(detail::read_band(doc, node)); });
  return instrument;
}

}  // namespace funnelgraph::inline v0
