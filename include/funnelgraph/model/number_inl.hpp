#pragma once

#include <cmath>
#include <numeric>
#include <utility>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/names.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/model/number.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

[[nodiscard]] inline bool same_number(double a, double b) noexcept {
  return a == b || (std::isnan(a) && std::isnan(b));
}

[[nodiscard]] inline Number said_by(double value, SourceKind kind, std::vector<std::string> by) {
  if (by.empty()) {
    throw InvalidValueError(kind == SourceKind::agreed ? "agreed" : "estimated", "by nobody",
                            "at least one name");
  }
  SourceDetails details;
  details.kind = kind;
  details.by = std::move(by);
  return {value, Source(std::move(details))};
}

}  // namespace detail

FUNNELGRAPH_INLINE Source::Source(SourceDetails details) {
  for (std::string& name : details.by) name = normalise_name(name);
  const bool plain = details.kind == SourceKind::assumed && std::isnan(details.n) && details.by.empty() &&
                     !details.interval.has_value();
  if (!plain) details_ = std::make_shared<const SourceDetails>(std::move(details));
}

FUNNELGRAPH_INLINE const std::vector<std::string>& Source::by() const noexcept {
  static const std::vector<std::string> nobody;
  return details_ ? details_->by : nobody;
}

FUNNELGRAPH_INLINE bool operator==(const Source& a, const Source& b) {
  if (a.details_ == b.details_) return true;
  return a.kind() == b.kind() && detail::same_number(a.n(), b.n()) && a.by() == b.by() &&
         a.interval() == b.interval();
}

FUNNELGRAPH_INLINE Number measured(double value, MeasuredOptions options) {
  if (!(options.n >= 0) || std::isinf(options.n)) {
    throw InvalidValueError("n of a measured number", detail::shown(options.n), "[0, inf)");
  }
  if (options.interval) {
    const Interval& range = *options.interval;
    if (!(range.low <= range.high) || !(range.level > 0 && range.level < 1)) {
      throw InvalidValueError(
          "interval of a measured number",
          detail::shown(range.low) + ", " + detail::shown(range.high) + " at " + detail::shown(range.level),
          "low <= high, level in (0, 1)");
    }
  }
  SourceDetails details;
  details.kind = SourceKind::measured;
  details.n = options.n;
  details.interval = options.interval;
  return {value, Source(std::move(details))};
}

FUNNELGRAPH_INLINE Number agreed(double value, std::vector<std::string> by) {
  return detail::said_by(value, SourceKind::agreed, std::move(by));
}

FUNNELGRAPH_INLINE Number estimated(double value, std::vector<std::string> by) {
  return detail::said_by(value, SourceKind::estimated, std::move(by));
}

FUNNELGRAPH_INLINE Number placeholder(double value) {
  SourceDetails details;
  details.kind = SourceKind::placeholder;
  return {value, Source(std::move(details))};
}

FUNNELGRAPH_INLINE Number between(double low, double high) {
  if (!std::isfinite(low) || !std::isfinite(high) || low > high) {
    throw InvalidValueError("between", detail::shown(low) + ", " + detail::shown(high),
                            "two finite numbers, the lower one first");
  }
  SourceDetails details;
  details.interval = Interval{low, high, between_level};
  return {std::midpoint(low, high), Source(std::move(details))};
}

}  // namespace funnelgraph::inline v0
