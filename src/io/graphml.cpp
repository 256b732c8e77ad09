#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <funnelgraph/core/utf8.hpp>
#include <funnelgraph/io/graphml.hpp>

#include "digits.hpp"
#include "hand_off.hpp"
#include "json_schema.hpp"

namespace funnelgraph::inline v0 {
namespace detail {
namespace {

/// What XML 1.0 can hold, as text or in an attribute; the rest becomes U+FFFD.
std::string escaped(std::string_view text) {
  std::string result;
  for (std::size_t position = 0; position < text.size();) {
    const std::size_t start = position;
    const char32_t code = decode_utf8(text, position);
    const bool control = code < 0x20 && code != U'\t' && code != U'\n' && code != U'\r';
    if (code == not_utf8 || control || code == 0xFFFE || code == 0xFFFF) {
      result += "\xEF\xBF\xBD";
    } else if (code == U'&') {
      result += "&amp;";
    } else if (code == U'<') {
      result += "&lt;";
    } else if (code == U'>') {
      result += "&gt;";
    } else if (code == U'"') {
      result += "&quot;";
    } else if (code == U'\r') {
      result += "&#13;";
    } else {
      result.append(text.substr(start, position - start));
    }
  }
  return result;
}

struct Key {
  std::string_view of, name, type;
};
constexpr std::array<Key, 26> keys{
    {{"graph", "name", "string"},      {"graph", "currency", "string"},     {"graph", "period", "string"},
     {"graph", "note", "string"},      {"node", "name", "string"},          {"node", "kind", "string"},
     {"node", "owner", "string"},      {"node", "unit", "string"},          {"node", "definition", "string"},
     {"node", "accept_if", "string"},  {"node", "cost", "double"},          {"node", "value", "double"},
     {"node", "commission", "double"}, {"node", "capacity", "double"},      {"node", "drop_off", "double"},
     {"node", "volume", "double"},     {"edge", "rate", "double"},          {"edge", "lag_family", "string"},
     {"edge", "lag_mean", "double"},   {"edge", "lag_sd", "double"},        {"edge", "cost", "double"},
     {"edge", "value", "double"},      {"edge", "service_level", "double"}, {"edge", "hand_off", "boolean"},
     {"edge", "giver", "string"},      {"edge", "receiver", "string"}}};

/// `<data>` of one element, left out where empty or not finite.
class DataWriter {
 public:
  DataWriter(std::string& out, std::string_view of, std::string indent)
      : out_(out), of_(of), indent_(std::move(indent)) {}

  void text(std::string_view name, std::string_view value) {
    if (!value.empty()) write(name, escaped(value));
  }
  void number(std::string_view name, double value) {
    if (std::isfinite(value)) write(name, shortest_digits(value));
  }
  void number(std::string_view name, const std::optional<Number>& value) {
    if (value) number(name, value->value);
  }
  void boolean(std::string_view name, bool value) { write(name, value ? "true" : "false"); }

 private:
  void write(std::string_view name, const std::string& value) {
    out_ +=
        indent_ + "<data key=\"" + std::string(of_) + "_" + std::string(name) + "\">" + value + "</data>\n";
  }

  std::string& out_;
  std::string_view of_;
  std::string indent_;
};

std::string owner_text(const Ownership& owner) {
  const auto& shares = owner.shares();
  if (shares.size() == 1 && shares[0].share == 1) return shares[0].owner;
  std::string text;
  for (const OwnerShare& part : shares) {
    text += (text.empty() ? "" : ";") + part.owner + ":" + shortest_digits(part.share);
  }
  return text;
}

std::string moved_text(const std::vector<MovedShare>& moved) {
  std::string text;
  for (const MovedShare& part : moved)
    text += (text.empty() ? "" : ";") + part.owner + ":" + shortest_digits(part.share);
  return text;
}

void write_nodes(std::string& out, const Funnel& funnel) {
  const auto stages = funnel.stages();
  std::vector<double> volume(stages.size(), 0);
  for (const Entry& entry : funnel.entries()) {
    if (const auto stage = funnel.find_stage(entry.stage)) volume[stage->index] += entry.volume.value;
  }
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const Stage& stage = stages[i];
    out += "    <node id=\"s" + std::to_string(i) + "\">\n";
    DataWriter data(out, "node", "      ");
    data.text("name", stage.name);
    data.text("kind", "stage");
    data.text("owner", owner_text(stage.owner));
    data.text("unit", stage.unit);
    data.text("definition", stage.definition);
    data.text("accept_if", stage.accept_if);
    data.number("cost", stage.cost.value);
    data.number("value", stage.value.value);
    data.number("commission", stage.commission.value);
    data.number("capacity", stage.capacity);
    data.number("drop_off", stage.drop_off);
    data.number("volume", volume[i]);
    out += "    </node>\n";
  }
  const auto outcomes = funnel.outcomes();
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const Outcome& outcome = outcomes[i];
    out += "    <node id=\"o" + std::to_string(i) + "\">\n";
    DataWriter data(out, "node", "      ");
    data.text("name", outcome.name);
    data.text("kind", outcome_kind_words.at(static_cast<std::size_t>(outcome.kind)));
    data.text("owner", owner_text(outcome.owner));
    data.text("definition", outcome.definition);
    data.number("value", outcome.value.value);
    data.number("commission", outcome.commission.value);
    out += "    </node>\n";
  }
}

void write_edges(std::string& out, const Funnel& funnel) {
  const auto transitions = funnel.transitions();
  for (std::size_t i = 0; i < transitions.size(); ++i) {
    const Transition& transition = transitions[i];
    const auto from = funnel.find_stage(transition.from);
    const auto stage = funnel.find_stage(transition.to);
    const auto outcome = funnel.find_outcome(transition.to);
    if (!from || !(stage || outcome)) continue;
    const std::string target =
        stage ? "s" + std::to_string(stage->index) : "o" + std::to_string(outcome->index);
    out += "    <edge id=\"t" + std::to_string(i) + "\" source=\"s" + std::to_string(from->index) +
           "\" target=\"" + target + "\">\n";
    DataWriter data(out, "edge", "      ");
    data.number("rate", transition.rate.value);
    if (transition.lag.family != LagFamily::unknown) {
      data.text("lag_family", lag_family_words.at(static_cast<std::size_t>(transition.lag.family)));
      data.number("lag_mean", transition.lag.mean.value);
      data.number("lag_sd", transition.lag.sd.value);
    }
    data.number("cost", transition.cost.value);
    data.number("value", transition.value.value);
    data.number("service_level", transition.service_level);
    if (stage) {
      const Ownership& giver = funnel.stages()[from->index].owner;
      const Ownership& receiver = funnel.stages()[stage->index].owner;
      data.boolean("hand_off", is_hand_off(giver, receiver));
      if (is_hand_off(giver, receiver)) {
        data.text("giver", moved_text(shares_above(giver, receiver)));
        data.text("receiver", moved_text(shares_above(receiver, giver)));
      }
    }
    out += "    </edge>\n";
  }
}

}  // namespace
}  // namespace detail

std::string to_graphml(const Funnel& funnel) {
  std::string out =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\""
      " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
      " xsi:schemaLocation=\"http://graphml.graphdrawing.org/xmlns"
      " http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd\">\n";
  for (const detail::Key& key : detail::keys) {
    out += "  <key id=\"" + std::string(key.of) + "_" + std::string(key.name) + "\" for=\"" +
           std::string(key.of) + "\" attr.name=\"" + std::string(key.name) + "\" attr.type=\"" +
           std::string(key.type) + "\"/>\n";
  }
  out += "  <graph id=\"funnel\" edgedefault=\"directed\">\n";
  detail::DataWriter data(out, "graph", "    ");
  data.text("name", funnel.info().name);
  data.text("currency", funnel.info().currency);
  data.text("period", funnel.info().period);
  data.text("note", funnel.info().note);
  detail::write_nodes(out, funnel);
  detail::write_edges(out, funnel);
  return out + "  </graph>\n</graphml>\n";
}

}  // namespace funnelgraph::inline v0
