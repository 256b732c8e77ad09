// The one name of a result, as data.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <funnelgraph/config.hpp>
#include <funnelgraph/model/metric_kind.hpp>

namespace funnelgraph::inline v0 {

struct MetricNode;

/// A tree: leaves name a result, `ratio` and `sum` combine. Immutable, hashable, equal by content. Sums
/// and multiples are kept in one form (flat, each term once, in the order of their text), so that
/// a + b == b + a and a + a == 2 * a. Names are normalised to NFC (InvalidValueError on bad text); a weight
/// that is not finite throws InvalidValueError.
class Metric {
 public:
  [[nodiscard]] MetricKind kind() const noexcept;
  /// Outcome, stage or owner; empty where there is none.
  [[nodiscard]] const std::string& name() const noexcept;
  /// Only of lifetime_value: days, or none for the whole life.
  [[nodiscard]] std::optional<double> horizon() const noexcept;
  [[nodiscard]] const std::vector<Metric>& parts() const noexcept;
  [[nodiscard]] const std::vector<double>& weights() const noexcept;
  friend bool operator==(const Metric& a, const Metric& b);
  friend Metric operator+(const Metric& a, const Metric& b);
  friend Metric operator-(const Metric& a, const Metric& b);
  friend Metric operator*(double weight, const Metric& a);
  friend Metric operator*(const Metric& a, double weight);

  using Node = MetricNode;
  explicit Metric(std::shared_ptr<const Node> node) : node_(std::move(node)) {}

 private:
  std::shared_ptr<const Node> node_;
};

/// "count(customer)", "revenue() - 2 * count(customer)", as it is written in code.
[[nodiscard]] std::string to_string(const Metric& metric);
[[nodiscard]] std::size_t hash_value(const Metric& metric) noexcept;

namespace metric {
[[nodiscard]] Metric count(const std::string& outcome);
[[nodiscard]] Metric probability(const std::string& outcome);
[[nodiscard]] Metric visits(const std::string& stage);
[[nodiscard]] Metric revenue();
[[nodiscard]] Metric cost();
[[nodiscard]] Metric profit();
[[nodiscard]] Metric cost_per(const std::string& outcome);
[[nodiscard]] Metric time_to(std::optional<std::string> outcome = std::nullopt);
[[nodiscard]] Metric recoverable(std::optional<std::string> owner = std::nullopt);
/// `horizon` in days, > 0 and finite; none for the whole life. Throws InvalidValueError.
[[nodiscard]] Metric lifetime_value(std::optional<double> horizon = std::nullopt);
[[nodiscard]] Metric ratio(Metric numerator, Metric denominator);
}  // namespace metric

}  // namespace funnelgraph::inline v0

template <>
struct std::hash<funnelgraph::Metric> {
  std::size_t operator()(const funnelgraph::Metric& metric) const noexcept {
    return funnelgraph::hash_value(metric);
  }
};

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/model/metric_inl.hpp>
#endif
