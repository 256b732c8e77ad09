#pragma once

#include <algorithm>
#include <cmath>
#include <utility>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/names.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/model/metric.hpp>
#include <funnelgraph/model/metric_node.hpp>
#include <funnelgraph/model/name_index.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

[[nodiscard]] inline Metric make_metric(Metric::Node node) {
  return Metric(std::make_shared<const Metric::Node>(std::move(node)));
}

[[nodiscard]] inline Metric named_metric(MetricKind kind, const std::string& name) {
  Metric::Node node;
  node.kind = kind;
  node.name = normalise_name(name);
  return make_metric(std::move(node));
}

/// A sum in its one form: no sum inside, each term once, terms in the order of their text, no term of
/// weight 0; a single term of weight 1 is that metric itself.
[[nodiscard]] inline Metric make_sum(const std::vector<std::pair<double, Metric>>& terms) {
  struct Term {
    std::string text;
    double weight;
    const Metric* metric;
  };
  std::vector<Term> flat;
  const auto add = [&](double weight, const Metric& part) {
    const auto same =
        std::find_if(flat.begin(), flat.end(), [&](const Term& t) { return *t.metric == part; });
    if (same == flat.end()) {
      flat.push_back({to_string(part), weight, &part});
    } else {
      same->weight += weight;
    }
  };
  for (const auto& [weight, term] : terms) {
    if (term.kind() != MetricKind::sum) {
      add(weight, term);
      continue;
    }
    for (std::size_t i = 0; i < term.parts().size(); ++i) add(weight * term.weights()[i], term.parts()[i]);
  }
  std::sort(flat.begin(), flat.end(), [](const Term& a, const Term& b) { return a.text < b.text; });
  Metric::Node node;
  node.kind = MetricKind::sum;
  for (const Term& term : flat) {
    if (!std::isfinite(term.weight)) {
      throw InvalidValueError("weight of " + term.text, shown(term.weight), "a finite number");
    }
    if (term.weight == 0) continue;
    node.weights.push_back(term.weight);
    node.parts.push_back(*term.metric);
  }
  if (node.parts.size() == 1 && node.weights[0] == 1) return node.parts[0];
  return make_metric(std::move(node));
}

[[nodiscard]] inline const char* metric_name(MetricKind kind) noexcept {
  switch (kind) {
    case MetricKind::count:
      return "count";
    case MetricKind::probability:
      return "probability";
    case MetricKind::visits:
      return "visits";
    case MetricKind::revenue:
      return "revenue";
    case MetricKind::cost:
      return "cost";
    case MetricKind::profit:
      return "profit";
    case MetricKind::cost_per:
      return "cost_per";
    case MetricKind::time_to:
      return "time_to";
    case MetricKind::recoverable:
      return "recoverable";
    case MetricKind::lifetime_value:
      return "lifetime_value";
    case MetricKind::ratio:
      return "ratio";
    case MetricKind::sum:
      break;
  }
  return "sum";
}

/// "revenue() - 2 * count(customer)": what is added stands before what is taken away.
[[nodiscard]] inline std::string sum_text(const Metric& metric) {
  std::string text;
  for (const bool positive : {true, false}) {
    for (std::size_t i = 0; i < metric.parts().size(); ++i) {
      const double weight = metric.weights()[i];
      if ((weight > 0) != positive) continue;
      if (text.empty()) {
        text = positive ? "" : "-";
      } else {
        text += positive ? " + " : " - ";
      }
      if (std::abs(weight) != 1) text += shown(std::abs(weight)) + " * ";
      text += to_string(metric.parts()[i]);
    }
  }
  return text.empty() ? "0 * profit()" : text;
}

}  // namespace detail

FUNNELGRAPH_INLINE MetricKind Metric::kind() const noexcept { return node_->kind; }
FUNNELGRAPH_INLINE const std::string& Metric::name() const noexcept { return node_->name; }
FUNNELGRAPH_INLINE std::optional<double> Metric::horizon() const noexcept { return node_->horizon; }
FUNNELGRAPH_INLINE const std::vector<Metric>& Metric::parts() const noexcept { return node_->parts; }
FUNNELGRAPH_INLINE const std::vector<double>& Metric::weights() const noexcept { return node_->weights; }

FUNNELGRAPH_INLINE bool operator==(const Metric& a, const Metric& b) {
  if (a.node_ == b.node_) return true;
  return a.kind() == b.kind() && a.name() == b.name() && a.horizon() == b.horizon() &&
         a.weights() == b.weights() && a.parts() == b.parts();
}

FUNNELGRAPH_INLINE Metric operator+(const Metric& a, const Metric& b) {
  return detail::make_sum({{1, a}, {1, b}});
}
FUNNELGRAPH_INLINE Metric operator-(const Metric& a, const Metric& b) {
  return detail::make_sum({{1, a}, {-1, b}});
}
FUNNELGRAPH_INLINE Metric operator*(double weight, const Metric& a) {
  return detail::make_sum({{weight, a}});
}
FUNNELGRAPH_INLINE Metric operator*(const Metric& a, double weight) { return weight * a; }

FUNNELGRAPH_INLINE std::string to_string(const Metric& metric) {
  if (metric.kind() == MetricKind::sum) return detail::sum_text(metric);
  std::string text = std::string(detail::metric_name(metric.kind())) + "(" + metric.name();
  if (metric.horizon()) text += detail::shown(*metric.horizon());
  for (std::size_t i = 0; i < metric.parts().size(); ++i) {
    text += (i > 0 ? ", " : "") + to_string(metric.parts()[i]);
  }
  return text + ")";
}

FUNNELGRAPH_INLINE std::size_t hash_value(const Metric& metric) noexcept {
  std::uint64_t h =
      NameIndex::combine(static_cast<std::uint64_t>(metric.kind()), NameIndex::hash(metric.name()));
  const auto add = [&](double number) {
    h = NameIndex::combine(h, static_cast<std::uint64_t>(std::hash<double>{}(number)));
  };
  if (metric.horizon()) add(*metric.horizon());
  for (const double weight : metric.weights()) add(weight);
  for (const Metric& part : metric.parts()) h = NameIndex::combine(h, hash_value(part));
  return static_cast<std::size_t>(h);
}

namespace metric {

FUNNELGRAPH_INLINE Metric count(const std::string& outcome) {
  return detail::named_metric(MetricKind::count, outcome);
}
FUNNELGRAPH_INLINE Metric probability(const std::string& outcome) {
  return detail::named_metric(MetricKind::probability, outcome);
}
FUNNELGRAPH_INLINE Metric visits(const std::string& stage) {
  return detail::named_metric(MetricKind::visits, stage);
}
FUNNELGRAPH_INLINE Metric revenue() { return detail::named_metric(MetricKind::revenue, {}); }
FUNNELGRAPH_INLINE Metric cost() { return detail::named_metric(MetricKind::cost, {}); }
FUNNELGRAPH_INLINE Metric profit() { return detail::named_metric(MetricKind::profit, {}); }
FUNNELGRAPH_INLINE Metric cost_per(const std::string& outcome) {
  return detail::named_metric(MetricKind::cost_per, outcome);
}
FUNNELGRAPH_INLINE Metric time_to(std::optional<std::string> outcome) {
  return detail::named_metric(MetricKind::time_to, std::move(outcome).value_or(""));
}
FUNNELGRAPH_INLINE Metric recoverable(std::optional<std::string> owner) {
  return detail::named_metric(MetricKind::recoverable, std::move(owner).value_or(""));
}
FUNNELGRAPH_INLINE Metric lifetime_value(std::optional<double> horizon) {
  if (horizon && !(*horizon > 0 && std::isfinite(*horizon))) {
    throw InvalidValueError("horizon of lifetime_value", detail::shown(*horizon), "days > 0, or none");
  }
  Metric::Node node;
  node.kind = MetricKind::lifetime_value;
  node.horizon = horizon;
  return detail::make_metric(std::move(node));
}
FUNNELGRAPH_INLINE Metric ratio(Metric numerator, Metric denominator) {
  Metric::Node node;
  node.kind = MetricKind::ratio;
  node.parts = {std::move(numerator), std::move(denominator)};
  return detail::make_metric(std::move(node));
}

}  // namespace metric

}  // namespace funnelgraph::inline v0
