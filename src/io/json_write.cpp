#include <bit>
#include <cmath>
#include <set>

#include <funnelgraph/io/json.hpp>

#include "json_parts.hpp"
#include "json_schema.hpp"
#include "json_writer.hpp"

namespace funnelgraph::inline v0 {
namespace detail {
namespace {

template <class Words, class Enum>
std::string_view word(const Words& words, Enum value) {
  return words.at(static_cast<std::size_t>(value));
}

bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

void write_text(JsonWriter& out, std::string_view key, const std::string& value) {
  if (value.empty()) return;
  out.key(key);
  out.text(value);
}

/// NaN may be null only where it means unknown.
enum class Unknown { refused, null };

void write_value(JsonWriter& out, double value, Unknown unknown) {
  if (unknown == Unknown::null && std::isnan(value)) {
    out.null();
  } else {
    out.number(value);
  }
}

void write_number(JsonWriter& out, const Number& number, Unknown unknown = Unknown::refused) {
  if (number.source == Source{}) return write_value(out, number.value, unknown);
  const Source& source = number.source;
  out.begin_object();
  out.key("value");
  write_value(out, number.value, unknown);
  if (source.kind() != SourceKind::assumed) {
    out.key("source");
    out.text(word(source_words, source.kind()));
  }
  if (!std::isnan(source.n())) {
    out.key("n");
    out.number(source.n());
  }
  if (!source.by().empty()) {
    out.key("by");
    out.begin_array();
    for (const std::string& who : source.by()) out.text(who);
    out.end();
  }
  if (const auto interval = source.interval()) {
    out.key("interval");
    out.begin_array();
    out.number(interval->low);
    out.number(interval->high);
    out.end();
    out.key("level");
    out.number(interval->level);
  }
  out.end();
}

void write_number(JsonWriter& out, std::string_view key, const Number& number, double usual,
                  Unknown unknown = Unknown::refused) {
  if (same_bits(number.value, usual) && number.source == Source{}) return;
  out.key(key);
  write_number(out, number, unknown);
}

void write_number(JsonWriter& out, std::string_view key, const std::optional<Number>& number) {
  if (!number) return;
  out.key(key);
  write_number(out, *number);
}

void write_labels(JsonWriter& out, const std::map<std::string, std::string>& labels,
                  std::string_view key = "labels") {
  if (labels.empty()) return;
  out.key(key);
  out.begin_object();
  for (const auto& [language, label] : labels) {
    out.key(language);
    out.text(label);
  }
  out.end();
}

/// One owner is a text, several an object; an owner that comes twice needs an array.
void write_ownership(JsonWriter& out, const Ownership& owner) {
  const auto& shares = owner.shares();
  if (shares.empty()) return;
  out.key("owner");
  const bool sole = shares.size() == 1 && same_bits(shares[0].share, 1) && !shares[0].owner.empty();
  if (sole) return out.text(shares[0].owner);
  std::set<std::string_view> names;
  for (const OwnerShare& share : shares) names.insert(share.owner);
  const bool distinct = names.size() == shares.size();
  distinct ? out.begin_object() : out.begin_array();
  for (const OwnerShare& share : shares) {
    if (distinct) {
      out.key(share.owner);
    } else {
      out.begin_array();
      out.text(share.owner);
    }
    out.number(share.share);
    if (!distinct) out.end();
  }
  out.end();
}

void write_lag(JsonWriter& out, const Lag& lag) {
  if (lag == Lag{}) return;
  out.key("lag");
  const bool plain = lag.family == LagFamily::deterministic && std::isfinite(lag.mean.value) &&
                     same_bits(lag.sd.value, 0) && lag.sd.source == Source{} && !lag.quantiles;
  if (plain) return write_number(out, lag.mean);
  out.begin_object();
  out.key("family");
  out.text(word(lag_family_words, lag.family));
  out.key("mean");
  write_number(out, lag.mean, Unknown::null);
  if (!same_bits(lag.sd.value, usual_sd(lag.family, lag.mean.value)) || !(lag.sd.source == Source{})) {
    out.key("sd");
    write_number(out, lag.sd, Unknown::null);
  }
  if (lag.quantiles) {
    out.key("quantiles");
    out.begin_array();
    for (const LagQuantile& point : *lag.quantiles) {
      out.begin_array();
      out.number(point.probability);
      out.number(point.value);
      out.end();
    }
    out.end();
  }
  out.end();
}

void write_part(JsonWriter& out, const Owner& owner) {
  out.key("name");
  out.text(owner.name);
  if (owner.role != Role::other) {
    out.key("role");
    out.text(word(role_words, owner.role));
  }
  write_number(out, "fixed_cost", owner.fixed_cost, 0);
  write_labels(out, owner.labels);
}

void write_part(JsonWriter& out, const Stage& stage) {
  out.key("name");
  out.text(stage.name);
  write_ownership(out, stage.owner);
  if (!stage.involved.empty()) {
    out.key("involved");
    out.begin_array();
    for (const std::string& owner : stage.involved) out.text(owner);
    out.end();
  }
  write_text(out, "unit", stage.unit);
  write_text(out, "definition", stage.definition);
  write_text(out, "accept_if", stage.accept_if);
  write_labels(out, stage.labels);
  write_number(out, "cost", stage.cost, 0);
  write_number(out, "value", stage.value, 0);
  write_number(out, "commission", stage.commission, 0);
  write_number(out, "capacity", stage.capacity);
  write_number(out, "drop_off", stage.drop_off);
}

void write_part(JsonWriter& out, const Outcome& outcome) {
  out.key("name");
  out.text(outcome.name);
  out.key("kind");
  out.text(word(outcome_kind_words, outcome.kind));
  write_ownership(out, outcome.owner);
  write_number(out, "value", outcome.value, 0, Unknown::null);
  write_number(out, "commission", outcome.commission, 0);
  write_text(out, "definition", outcome.definition);
  write_labels(out, outcome.labels);
}

void write_part(JsonWriter& out, const Transition& transition) {
  out.key("from");
  out.text(transition.from);
  out.key("to");
  out.text(transition.to);
  out.key("rate");
  write_number(out, transition.rate);
  write_lag(out, transition.lag);
  write_number(out, "cost", transition.cost, 0);
  write_number(out, "value", transition.value, 0);
  write_number(out, "service_level", transition.service_level);
  if (transition.observed) {
    out.key("observed");
    out.begin_object();
    out.key("count");
    out.number(transition.observed->count);
    out.key("entered");
    out.number(transition.observed->entered);
    out.key("open");
    out.number(transition.observed->open);
    out.end();
  }
}

void write_part(JsonWriter& out, const Entry& entry) {
  out.key("stage");
  out.text(entry.stage);
  write_text(out, "channel", entry.channel);
  out.key("volume");
  write_number(out, entry.volume);
  write_number(out, "cost", entry.cost, 0);
  write_ownership(out, entry.owner);
}

void write_part(JsonWriter& out, const Lever& lever) {
  out.key("name");
  out.text(lever.name);
  write_ownership(out, lever.owner);
  write_number(out, "value", lever.value, 1);
  write_number(out, "reference", Number(lever.reference), 1);
  write_labels(out, lever.labels);
}

void write_part(JsonWriter& out, const Influence& influence) {
  out.key("lever");
  out.text(influence.lever);
  out.key("from");
  out.text(influence.from);
  out.key("to");
  out.text(influence.to);
  out.key("elasticity");
  write_number(out, influence.elasticity);
}

void write_part(JsonWriter& out, const View& view) {
  out.key("name");
  out.text(view.name);
  write_labels(out, view.stages, "stages");
}

template <class Parts>
void write_parts(JsonWriter& out, std::string_view key, const Parts& parts) {
  if (parts.empty()) return;
  out.key(key);
  out.begin_array(true);
  for (const auto& part : parts) {
    out.begin_object();
    write_part(out, part);
    out.end();
  }
  out.end();
}

void write_funnel(JsonWriter& out, const Funnel& funnel) {
  const FunnelInfo& info = funnel.info();
  write_text(out, "name", info.name);
  write_text(out, "currency", info.currency);
  if (info.period != FunnelInfo{}.period) {
    out.key("period");
    out.text(info.period);
  }
  write_number(out, "discount_rate", info.discount_rate, 0);
  write_text(out, "note", info.note);
  write_labels(out, info.labels);
  write_parts(out, "owners", funnel.owners());
  write_parts(out, "stages", funnel.stages());
  write_parts(out, "outcomes", funnel.outcomes());
  write_parts(out, "transitions", funnel.transitions());
  write_parts(out, "entries", funnel.entries());
  write_parts(out, "levers", funnel.levers());
  write_parts(out, "influences", funnel.influences());
  write_parts(out, "views", funnel.views());
}

void write_metric(JsonWriter& out, const Metric& metric) {
  out.begin_array();
  out.text(word(metric_words, metric.kind()));
  const bool named = metric.kind() == MetricKind::count || metric.kind() == MetricKind::probability ||
                     metric.kind() == MetricKind::visits || metric.kind() == MetricKind::cost_per;
  if (named || !metric.name().empty()) out.text(metric.name());
  if (const auto horizon = metric.horizon()) out.number(*horizon);
  for (std::size_t i = 0; i < metric.parts().size(); ++i) {
    if (metric.kind() != MetricKind::sum) {
      write_metric(out, metric.parts()[i]);
      continue;
    }
    out.begin_array();
    out.number(metric.weights().at(i));
    write_metric(out, metric.parts()[i]);
    out.end();
  }
  out.end();
}

/// A document: schema, kind, and what `body` adds.
template <class Body>
std::string document(std::string_view kind, const JsonWriteOptions& options, Body&& body) {
  JsonWriter out(options.indent);
  begin_json_document(out, kind);
  body(out);
  return end_json_document(out, options);
}

}  // namespace

void begin_json_document(JsonWriter& out, std::string_view kind) {
  out.begin_object(true);
  out.key("schema");
  out.number(json_schema);
  out.key("kind");
  out.text(kind);
}

std::string end_json_document(JsonWriter& out, const JsonWriteOptions& options) {
  out.end();
  std::string text = out.take();
  if (options.indent > 0) text += '\n';
  return text;
}

void write_json_number(JsonWriter& out, const Number& number) { write_number(out, number, Unknown::null); }

void write_json_parameter(JsonWriter& out, const Parameter& parameter) {
  out.begin_array();
  out.text(to_string(parameter.kind()));
  for (const std::string& argument : parameter.arguments()) out.text(argument);
  out.end();
}

void write_json_ownership(JsonWriter& out, const Ownership& owner) { write_ownership(out, owner); }

void write_json_part(JsonWriter& out, const Part& part) {
  out.begin_object();
  std::visit([&](const auto& given) { write_part(out, given); }, part);
  out.end();
}

void write_json_info(JsonWriter& out, const FunnelInfo& info) {
  out.begin_object();
  write_funnel(out, Funnel(info));
  out.end();
}

}  // namespace detail

std::string to_json(const Funnel& funnel, const JsonWriteOptions& options) {
  return detail::document("funnel", options,
                          [&](detail::JsonWriter& out) { detail::write_funnel(out, funnel); });
}

std::string to_json(const SegmentedFunnel& funnels, const JsonWriteOptions& options) {
  return detail::document("segmented_funnel", options, [&](detail::JsonWriter& out) {
    out.key("segments");
    out.begin_object(true);
    for (const auto& [name, funnel] : funnels.segments()) {
      out.key(name);
      out.begin_object(true);
      detail::write_funnel(out, funnel);
      out.end();
    }
    out.end();
  });
}

std::string to_json(const Parameter& parameter, const JsonWriteOptions& options) {
  return detail::document("parameter", options, [&](detail::JsonWriter& out) {
    out.key("parameter");
    detail::write_json_parameter(out, parameter);
  });
}

std::string to_json(const Metric& metric, const JsonWriteOptions& options) {
  return detail::document("metric", options, [&](detail::JsonWriter& out) {
    out.key("metric");
    detail::write_metric(out, metric);
  });
}

}  // namespace funnelgraph::inline v0
