// Changes of numbers that are of no row, carried out.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/model/detail/parameter_range.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/scenario/change.hpp>

namespace funnelgraph::inline v0::detail {

/// 'Call within a day': scale rate(enquiry, order) by 1.2
[[nodiscard]] inline std::string told(const Change& change) {
  return (change.scenario.empty() ? std::string() : "'" + change.scenario + "': ") + to_string(change);
}

[[nodiscard]] inline std::optional<Interval> moved(const Number& base, ChangeKind kind, double by) {
  std::optional<Interval> interval = base.source.interval();
  if (!interval) return std::nullopt;
  if (kind == ChangeKind::shift) return Interval{interval->low + by, interval->high + by, interval->level};
  if (kind == ChangeKind::scale && by > 0) {
    return Interval{interval->low * by, interval->high * by, interval->level};
  }
  return std::nullopt;
}

/// The number `value` that a change made of `base`.
[[nodiscard]] inline Number made(double value, const Number& base, const NumberChange& change) {
  if (change.kind == ChangeKind::set) return {value, change.value.source};
  if (value == base.value) return base;
  const Source& said = change.value.source;
  SourceDetails details{said.kind(), said.n(), said.by(), moved(base, change.kind, change.value.value)};
  return {value, Source(std::move(details))};
}

/// What two sources agree on; never an interval.
[[nodiscard]] inline Source agreed_source(const Source& a, const Source& b) {
  const bool same_n = a.n() == b.n() || (std::isnan(a.n()) && std::isnan(b.n()));
  if (a.kind() != b.kind() || !same_n || a.by() != b.by()) return {};
  return Source(SourceDetails{a.kind(), a.n(), a.by(), std::nullopt});
}

/// A number that is of no row.
class PlainChange {
 public:
  PlainChange(const Funnel& base, const Change& change, const NumberChange& number, bool clip)
      : base_(base), change_(change), number_(number), clip_(clip) {}

  void carry_out(Funnel& funnel, std::vector<Clipped>& notes) const {
    const Parameter& parameter = number().parameter;
    const Number before = base().get_number(parameter);
    if (number().kind != ChangeKind::set) check_start(before.value);
    const double by = number().value.value;
    if (number().kind == ChangeKind::scale && parameter.without_channel()) {
      // Leaf by leaf, so that a group of nothing scales too.
      for (const Parameter& leaf : base().leaves(parameter)) {
        const Number old = base().get_number(leaf);
        assign(funnel, leaf, made(within(old.value * by, notes), old, number()));
      }
      return;
    }
    const double after = within(changed_number(number().kind, before.value, by), notes);
    // A deviation that keeps its value may have been moved by its mean.
    const bool moved = parameter.kind() == ParameterKind::lag_sd && funnel.get(parameter) != before.value;
    if (number().kind != ChangeKind::set && after == before.value && !moved) return;
    assign(funnel, parameter, made(after, before, number()));
  }

 private:
  [[nodiscard]] const Funnel& base() const { return base_; }
  [[nodiscard]] const Change& change() const { return change_; }
  [[nodiscard]] const NumberChange& number() const { return number_; }

  void check_start(double before) const {
    if (std::isnan(before)) {
      throw InvalidValueError(told(change()), "a number that is unknown or not set", "set only");
    }
    if (number().parameter.kind() == ParameterKind::lag && before == 0) {
      throw InvalidValueError(told(change()), "a mean of 0 days", "set only");
    }
  }

  [[nodiscard]] double within(double value, std::vector<Clipped>& notes) const {
    if (!clip_ || std::isnan(value)) return value;
    // An open end is no place to stop.
    const Range range = range_of(number().parameter.kind());
    const double low = range.open_low ? -std::numeric_limits<double>::infinity() : range.low;
    const double inside = std::clamp(value, low, range.high);
    if (inside != value) {
      notes.push_back({change().scenario, number().parameter, value, inside,
                       told(change()) + " asks for " + shown(value) + " and gets " + shown(inside) +
                           ", the end of the range"});
    }
    return inside;
  }

  void assign(Funnel& funnel, const Parameter& parameter, Number value) const {
    try {
      funnel.set(parameter, std::move(value));
    } catch (const InvalidValueError& error) {
      throw InvalidValueError(told(change()), error.given(), error.allowed());
    }
  }

  std::reference_wrapper<const Funnel> base_;
  std::reference_wrapper<const Change> change_;
  std::reference_wrapper<const NumberChange> number_;
  bool clip_;
};

}  // namespace funnelgraph::inline v0::detail
