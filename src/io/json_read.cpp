#include <cmath>
#include <map>
#include <memory>
#include <numeric>
#include <utility>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/names.hpp>
#include <funnelgraph/io/json.hpp>

#include "json_document.hpp"
#include "json_parts.hpp"
#include "json_schema.hpp"

namespace funnelgraph::inline v0 {
namespace detail {
namespace {

using Node = JsonDocument::Node;

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
/// Terms of a sum of metrics.
constexpr std::size_t most_terms = 1000;
/// Of every interval but that of `between`.
constexpr double usual_level = 0.95;

std::string read_name(const JsonDocument& doc, Node node, std::string_view given) {
  try {
    return normalise_name(given);
  } catch (const InvalidValueError& error) {
    doc.fail(node, "not a name: allowed is " + error.allowed());
  }
}

std::string read_name(const JsonDocument& doc, Node node) { return read_name(doc, node, doc.text(node)); }

std::string read_text(const JsonDocument& doc, const JsonObject& object, std::string_view key,
                      std::string usual = {}) {
  const auto found = object.find(key);
  return found ? std::string(doc.text(*found)) : std::move(usual);
}

template <class Enum, class Words>
Enum read_word(const JsonDocument& doc, Node node, const Words& words, const char* what) {
  return static_cast<Enum>(json_word(doc, node, words, what));
}

double read_plain(const JsonDocument& doc, Node node, bool null_is_unknown) {
  if (null_is_unknown && doc.kind(node) == JsonKind::null) return unknown;
  return doc.number(node);
}

/// {"value": .., "source": .., "n": .., "by": .., "interval": [low, high], "level": ..}: an interval
/// without a value stands for its middle; it is a 90 % one where the number is assumed, else 95 %.
Number read_number(const JsonDocument& doc, Node node, bool null_is_unknown = false) {
  if (doc.kind(node) != JsonKind::object) return {read_plain(doc, node, null_is_unknown), Source{}};
  const JsonObject object(doc, node, {"value", "source", "n", "by", "interval", "level"});
  SourceDetails details;
  if (const auto source = object.find("source")) {
    details.kind = read_word<SourceKind>(doc, *source, source_words, "source");
  }
  if (const auto n = object.find("n")) details.n = doc.number(*n);
  if (const auto by = object.find("by")) {
    if (doc.kind(*by) == JsonKind::text) {
      details.by.push_back(read_name(doc, *by));
    } else {
      doc.elements(*by, [&](Node who) { details.by.push_back(read_name(doc, who)); });
    }
  }
  const auto level = object.find("level");
  if (const auto interval = object.find("interval")) {
    std::vector<double> ends;
    doc.elements(*interval, [&](Node end) { ends.push_back(doc.number(end)); });
    if (ends.size() != 2) doc.fail(*interval, "expected two numbers, low and high");
    const double usual = details.kind == SourceKind::assumed ? between_level : usual_level;
    details.interval = Interval{ends[0], ends[1], level ? doc.number(*level) : usual};
  } else if (level) {
    doc.fail(*level, "a level without an interval");
  }
  if (const auto value = object.find("value")) {
    return {read_plain(doc, *value, null_is_unknown), Source(std::move(details))};
  }
  if (!details.interval) doc.fail_key(node, "value", "this key is missing");
  const double middle = std::midpoint(details.interval->low, details.interval->high);
  return {middle, Source(std::move(details))};
}

Number read_number(const JsonDocument& doc, const JsonObject& object, std::string_view key, double usual,
                   bool null_is_unknown = false) {
  const auto found = object.find(key);
  return found ? read_number(doc, *found, null_is_unknown) : Number(usual);
}

std::optional<Number> read_optional(const JsonDocument& doc, const JsonObject& object, std::string_view key) {
  const auto found = object.find(key);
  return found ? std::optional<Number>(read_number(doc, *found)) : std::nullopt;
}

LabelsByLanguage read_labels(const JsonDocument& doc, const JsonObject& object) {
  LabelsByLanguage labels;
  const auto found = object.find("labels");
  if (!found) return labels;
  doc.members(*found, [&](Node key, Node value) { labels.emplace(doc.key_text(key), doc.text(value)); });
  return labels;
}

Ownership read_ownership(const JsonDocument& doc, const JsonObject& object) {
  const auto found = object.find("owner");
  if (!found) return {};
  if (doc.kind(*found) == JsonKind::text) return Ownership(read_name(doc, *found));
  std::vector<OwnerShare> shares;
  if (doc.kind(*found) == JsonKind::array) {
    doc.elements(*found, [&](Node pair) {
      doc.expect(pair, JsonKind::array);
      const Node share = doc.end(pair + 1);
      if (doc.end(pair) == pair + 1 || share >= doc.end(pair) || doc.end(share) != doc.end(pair)) {
        doc.fail(pair, "expected an owner and a share");
      }
      shares.push_back({read_name(doc, pair + 1), doc.number(share)});
    });
  } else {
    if (doc.kind(*found) != JsonKind::object) doc.fail(*found, "expected an owner, or shares by owner");
    doc.members(*found, [&](Node key, Node share) {
      shares.push_back({read_name(doc, key, doc.key_text(key)), doc.number(share)});
    });
  }
  return Ownership(std::move(shares));
}

std::vector<LagQuantile> read_quantiles(const JsonDocument& doc, Node node) {
  std::vector<LagQuantile> quantiles;
  doc.elements(node, [&](Node point) {
    std::vector<double> pair;
    doc.elements(point, [&](Node number) { pair.push_back(doc.number(number)); });
    if (pair.size() != 2) doc.fail(point, "expected a probability and days");
    quantiles.push_back({pair[0], pair[1]});
  });
  return quantiles;
}

/// A number is deterministic; nothing is unknown; else {"family": .., "mean": .., "sd": ..}. Quantiles
/// without a mean have their own.
Lag read_lag(const JsonDocument& doc, const JsonObject& transition) {
  const auto found = transition.find("lag");
  if (!found) return Lag::unknown();
  if (doc.kind(*found) == JsonKind::number || doc.peek(*found, "value") || doc.peek(*found, "interval")) {
    return Lag::deterministic(read_number(doc, *found));
  }
  const JsonObject object(doc, *found, {"family", "mean", "sd", "quantiles"});
  Lag lag;
  lag.family = read_word<LagFamily>(doc, object.get("family"), lag_family_words, "family of lags");
  const auto mean = object.find("mean");
  const auto sd = object.find("sd");
  if (const auto points = object.find("quantiles")) {
    std::vector<LagQuantile> quantiles = read_quantiles(doc, *points);
    if (lag.family == LagFamily::empirical && !mean && !sd) {
      try {
        return Lag::empirical(std::move(quantiles));
      } catch (const InvalidValueError& error) {
        doc.fail(*points, error.given() + ", allowed " + error.allowed());
      }
    }
    lag.quantiles = std::make_shared<const std::vector<LagQuantile>>(std::move(quantiles));
  } else if (lag.family == LagFamily::empirical) {
    doc.fail_key(*found, "quantiles", "this key is missing");
  }
  if (mean) {
    lag.mean = read_number(doc, *mean, true);
  } else if (lag.family != LagFamily::unknown) {
    doc.fail_key(*found, "mean", "this key is missing");
  }
  if (sd) {
    lag.sd = read_number(doc, *sd, true);
  } else {
    lag.sd = usual_sd(lag.family, lag.mean.value);
    const bool needed = std::isnan(lag.sd.value) && lag.family != LagFamily::exponential;
    if (needed) doc.fail_key(*found, "sd", "this key is missing");
  }
  return lag;
}

std::optional<Observed> read_observed(const JsonDocument& doc, const JsonObject& transition) {
  const auto found = transition.find("observed");
  if (!found) return std::nullopt;
  const JsonObject object(doc, *found, {"count", "entered", "open"});
  const auto open = object.find("open");
  return Observed{.count = doc.number(object.get("count")),
                  .entered = doc.number(object.get("entered")),
                  .open = open ? doc.number(*open) : 0};
}

Owner read_owner(const JsonDocument& doc, Node node) {
  const JsonObject object(doc, node, {"name", "role", "fixed_cost", "labels"});
  const auto role = object.find("role");
  return {.name = read_name(doc, object.get("name")),
          .role = role ? read_word<Role>(doc, *role, role_words, "role") : Role::other,
          .fixed_cost = read_number(doc, object, "fixed_cost", 0),
          .labels = read_labels(doc, object)};
}

Stage read_stage(const JsonDocument& doc, Node node) {
  const JsonObject object(doc, node,
                          {"name", "owner", "involved", "unit", "definition", "accept_if", "labels", "cost",
                           "value", "commission", "capacity", "drop_off"});
  Stage stage{.name = read_name(doc, object.get("name")),
              .owner = read_ownership(doc, object),
              .unit = read_text(doc, object, "unit"),
              .definition = read_text(doc, object, "definition"),
              .accept_if = read_text(doc, object, "accept_if"),
              .labels = read_labels(doc, object),
              .cost = read_number(doc, object, "cost", 0),
              .value = read_number(doc, object, "value", 0),
              .commission = read_number(doc, object, "commission", 0),
              .capacity = read_optional(doc, object, "capacity"),
              .drop_off = read_optional(doc, object, "drop_off")};
  if (const auto involved = object.find("involved")) {
    doc.elements(*involved, [&](Node owner) { stage.involved.push_back(read_name(doc, owner)); });
  }
  return stage;
}

Outcome read_outcome(const JsonDocument& doc, Node node) {
  const JsonObject object(doc, node,
                          {"name", "kind", "owner", "value", "commission", "definition", "labels"});
  return {.name = read_name(doc, object.get("name")),
          .kind = read_word<OutcomeKind>(doc, object.get("kind"), outcome_kind_words, "kind of outcomes"),
          .owner = read_ownership(doc, object),
          .value = read_number(doc, object, "value", 0, true),
          .commission = read_number(doc, object, "commission", 0),
          .definition = read_text(doc, object, "definition"),
          .labels = read_labels(doc, object)};
}

Transition read_transition(const JsonDocument& doc, Node node) {
  const JsonObject object(doc, node,
                          {"from", "to", "rate", "lag", "cost", "value", "service_level", "observed"});
  return {.from = read_name(doc, object.get("from")),
          .to = read_name(doc, object.get("to")),
          .rate = read_number(doc, object.get("rate")),
          .lag = read_lag(doc, object),
          .cost = read_number(doc, object, "cost", 0),
          .value = read_number(doc, object, "value", 0),
          .service_level = read_optional(doc, object, "service_level"),
          .observed = read_observed(doc, object)};
}

Entry read_entry(const JsonDocument& doc, Node node) {
  const JsonObject object(doc, node, {"stage", "volume", "cost", "channel", "owner"});
  const auto channel = object.find("channel");
  return {.stage = read_name(doc, object.get("stage")),
          .volume = read_number(doc, object.get("volume")),
          .cost = read_number(doc, object, "cost", 0),
          .channel = channel ? read_name(doc, *channel) : std::string(),
          .owner = read_ownership(doc, object)};
}

Lever read_lever(const JsonDocument& doc, Node node) {
  const JsonObject object(doc, node, {"name", "owner", "value", "reference", "labels"});
  const auto reference = object.find("reference");
  return {.name = read_name(doc, object.get("name")),
          .owner = read_ownership(doc, object),
          .value = read_number(doc, object, "value", 1),
          .reference = reference ? doc.number(*reference) : 1,
          .labels = read_labels(doc, object)};
}

Influence read_influence(const JsonDocument& doc, Node node) {
  const JsonObject object(doc, node, {"lever", "from", "to", "elasticity"});
  return {.lever = read_name(doc, object.get("lever")),
          .from = read_name(doc, object.get("from")),
          .to = read_name(doc, object.get("to")),
          .elasticity = read_number(doc, object.get("elasticity"))};
}

View read_view(const JsonDocument& doc, Node node) {
  const JsonObject object(doc, node, {"name", "stages"});
  View view{.name = read_name(doc, object.get("name"))};
  if (const auto stages = object.find("stages")) {
    doc.members(*stages, [&](Node key, Node value) {
      const bool added =
          view.stages.emplace(read_name(doc, key, doc.key_text(key)), read_name(doc, value)).second;
      if (!added) doc.fail(key, "this key comes twice");
    });
  }
  return view;
}

template <class Add>
void read_parts(const JsonDocument& doc, const JsonObject& object, std::string_view key, Add&& add) {
  if (const auto found = object.find(key)) {
    doc.elements(*found, [&](Node part) {
      try {
        add(part);
      } catch (const InvalidValueError& error) {
        doc.fail(part, error.what());
      }
    });
  }
}

/// The keys of a funnel; `schema` and `kind` only at the root of a document.
Funnel read_funnel(const JsonDocument& doc, Node node) {
  const JsonObject object =
      node == JsonDocument::root()
          ? JsonObject(
                doc, node,
                {"schema", "kind", "name", "currency", "period", "discount_rate", "note", "labels", "owners",
                 "stages", "outcomes", "transitions", "entries", "levers", "influences", "views"})
          : JsonObject(doc, node,
                       {"name", "currency", "period", "discount_rate", "note", "labels", "owners", "stages",
                        "outcomes", "transitions", "entries", "levers", "influences", "views"});
  const auto name = object.find("name");
  Funnel funnel({.name = name ? read_name(doc, *name) : std::string(),
                 .currency = read_text(doc, object, "currency"),
                 .period = read_text(doc, object, "period", FunnelInfo{}.period),
                 .discount_rate = read_number(doc, object, "discount_rate", 0),
                 .note = read_text(doc, object, "note"),
                 .labels = read_labels(doc, object)});
  read_parts(doc, object, "owners", [&](Node part) { funnel.add_owner(read_owner(doc, part)); });
  read_parts(doc, object, "stages", [&](Node part) { funnel.add_stage(read_stage(doc, part)); });
  read_parts(doc, object, "outcomes", [&](Node part) { funnel.add_outcome(read_outcome(doc, part)); });
  read_parts(doc, object, "transitions",
             [&](Node part) { funnel.add_transition(read_transition(doc, part)); });
  read_parts(doc, object, "entries", [&](Node part) { funnel.add_entry(read_entry(doc, part)); });
  read_parts(doc, object, "levers", [&](Node part) { funnel.add_lever(read_lever(doc, part)); });
  read_parts(doc, object, "influences", [&](Node part) { funnel.add_influence(read_influence(doc, part)); });
  read_parts(doc, object, "views", [&](Node part) { funnel.add_view(read_view(doc, part)); });
  return funnel;
}

/// ["rate", "enquiry", "order"]
Parameter read_parameter(const JsonDocument& doc, Node node) {
  std::vector<std::string> words;
  for (std::uint8_t kind = 0; kind <= static_cast<std::uint8_t>(ParameterKind::discount_rate); ++kind) {
    words.push_back(to_string(static_cast<ParameterKind>(kind)));
  }
  doc.expect(node, JsonKind::array);
  if (doc.end(node) == node + 1) doc.fail(node, "expected the kind of a parameter");
  const std::vector<std::string_view> known(words.begin(), words.end());
  const auto kind = static_cast<ParameterKind>(json_word(doc, node + 1, known, "parameter"));
  std::vector<std::string> arguments;
  for (Node argument = node + 2; argument < doc.end(node); argument = doc.end(argument)) {
    arguments.push_back(read_name(doc, argument));
  }
  try {
    return Parameter(kind, std::move(arguments));
  } catch (const InvalidValueError& error) {
    doc.fail(node, error.what());
  }
}

/// ["count", "customer"], ["lifetime_value", 365], ["ratio", a, b], ["sum", [weight, a], ...]
Metric read_metric(const JsonDocument& doc, Node node) {
  doc.expect(node, JsonKind::array);
  if (doc.end(node) == node + 1) doc.fail(node, "expected the kind of a metric");
  const auto kind = read_word<MetricKind>(doc, node + 1, metric_words, "metric");
  std::vector<Node> arguments;
  for (Node argument = doc.end(node + 1); argument < doc.end(node); argument = doc.end(argument)) {
    arguments.push_back(argument);
  }
  const auto want = [&](std::size_t least, std::size_t most, const char* what) {
    if (arguments.size() < least || arguments.size() > most) doc.fail(node, std::string("expected ") + what);
  };
  const auto name = [&] {
    want(1, 1, "one name after the kind");
    return read_name(doc, arguments[0]);
  };
  const auto name_or_none = [&] {
    want(0, 1, "at most one name after the kind");
    return arguments.empty() ? std::optional<std::string>() : read_name(doc, arguments[0]);
  };
  try {
    switch (kind) {
      case MetricKind::count:
        return metric::count(name());
      case MetricKind::probability:
        return metric::probability(name());
      case MetricKind::visits:
        return metric::visits(name());
      case MetricKind::cost_per:
        return metric::cost_per(name());
      case MetricKind::time_to:
        return metric::time_to(name_or_none());
      case MetricKind::recoverable:
        return metric::recoverable(name_or_none());
      case MetricKind::lifetime_value:
        want(0, 1, "at most a number of days after the kind");
        return metric::lifetime_value(arguments.empty() ? std::optional<double>() : doc.number(arguments[0]));
      case MetricKind::ratio:
        want(2, 2, "two metrics after the kind");
        return metric::ratio(read_metric(doc, arguments[0]), read_metric(doc, arguments[1]));
      case MetricKind::sum: {
        want(0, most_terms, "at most 1000 pairs of weight and metric after the kind");
        Metric total = 0 * metric::profit();
        for (const Node pair : arguments) {
          doc.expect(pair, JsonKind::array);
          const bool two = doc.end(pair) > pair + 2 && doc.kind(pair + 1) == JsonKind::number &&
                           doc.end(pair + 2) == doc.end(pair);
          if (!two) doc.fail(pair, "expected a weight and a metric");
          total = total + doc.number(pair + 1) * read_metric(doc, pair + 2);
        }
        return total;
      }
      case MetricKind::revenue:
      case MetricKind::cost:
      case MetricKind::profit:
        break;
    }
  } catch (const InvalidValueError& error) {
    doc.fail(node, error.what());
  }
  want(0, 0, "nothing after the kind");
  return kind == MetricKind::revenue ? metric::revenue()
         : kind == MetricKind::cost  ? metric::cost()
                                     : metric::profit();
}

/// Refuses another kind of document and a schema that this version does not know.
void check_head(const JsonDocument& doc, std::string_view kind) {
  doc.expect(JsonDocument::root(), JsonKind::object);
  const auto schema = doc.peek(JsonDocument::root(), "schema");
  if (!schema) doc.fail_key(JsonDocument::root(), "schema", "this key is missing");
  const double given = doc.number(*schema);
  if (given != json_schema) {
    doc.fail(*schema, "unknown schema; this version reads schema " + std::to_string(json_schema));
  }
  const auto found = doc.peek(JsonDocument::root(), "kind");
  if (!found) doc.fail_key(JsonDocument::root(), "kind", "this key is missing");
  if (doc.text(*found) != kind) doc.fail(*found, "expected \"" + std::string(kind) + "\"");
}

}  // namespace

void check_json_head(const JsonDocument& doc, std::string_view kind) { check_head(doc, kind); }
Number read_json_number(const JsonDocument& doc, Node node) { return read_number(doc, node, true); }
Parameter read_json_parameter(const JsonDocument& doc, Node node) { return read_parameter(doc, node); }
std::string read_json_name(const JsonDocument& doc, Node node) { return read_name(doc, node); }
Ownership read_json_ownership(const JsonDocument& doc, const JsonObject& object) {
  return read_ownership(doc, object);
}
FunnelInfo read_json_info(const JsonDocument& doc, Node node) { return read_funnel(doc, node).info(); }

Part read_json_part(const JsonDocument& doc, Node node, PartKind kind) {
  switch (kind) {
    case PartKind::owner:
      return read_owner(doc, node);
    case PartKind::stage:
      return read_stage(doc, node);
    case PartKind::outcome:
      return read_outcome(doc, node);
    case PartKind::transition:
      return read_transition(doc, node);
    case PartKind::entry:
      return read_entry(doc, node);
    case PartKind::lever:
      return read_lever(doc, node);
    case PartKind::influence:
      return read_influence(doc, node);
    case PartKind::view:
      break;
  }
  return read_view(doc, node);
}

}  // namespace detail

template <>
Funnel from_json<Funnel>(std::string_view text, const JsonReadOptions& options) {
  const detail::JsonDocument doc(text, options);
  detail::check_head(doc, "funnel");
  return detail::read_funnel(doc, detail::JsonDocument::root());
}

template <>
SegmentedFunnel from_json<SegmentedFunnel>(std::string_view text, const JsonReadOptions& options) {
  const detail::JsonDocument doc(text, options);
  detail::check_head(doc, "segmented_funnel");
  const detail::JsonObject object(doc, detail::JsonDocument::root(), {"schema", "kind", "segments"});
  std::map<std::string, Funnel> segments;
  doc.members(object.get("segments"), [&](detail::Node key, detail::Node value) {
    const bool added =
        segments.emplace(detail::read_name(doc, key, doc.key_text(key)), detail::read_funnel(doc, value))
            .second;
    if (!added) doc.fail(key, "this key comes twice");
  });
  return SegmentedFunnel(std::move(segments));
}

template <>
Parameter from_json<Parameter>(std::string_view text, const JsonReadOptions& options) {
  const detail::JsonDocument doc(text, options);
  detail::check_head(doc, "parameter");
  const detail::JsonObject object(doc, detail::JsonDocument::root(), {"schema", "kind", "parameter"});
  return detail::read_parameter(doc, object.get("parameter"));
}

template <>
Metric from_json<Metric>(std::string_view text, const JsonReadOptions& options) {
  const detail::JsonDocument doc(text, options);
  detail::check_head(doc, "metric");
  const detail::JsonObject object(doc, detail::JsonDocument::root(), {"schema", "kind", "metric"});
  return detail::read_metric(doc, object.get("metric"));
}

}  // namespace funnelgraph::inline v0
