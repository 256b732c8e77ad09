// Collects issues: where a part is, what is wrong with its name or its number.
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/model/parts.hpp>
#include <funnelgraph/model/reserved_names.hpp>

namespace funnelgraph::inline v0::detail {

/// The allowed values of a number.
struct AllowedRange {
  double low;
  double high;
  bool open_low;  ///< low itself is not allowed
  const char* text;
  [[nodiscard]] bool holds(double x) const noexcept {
    return x >= low && x <= high && !(open_low && x == low);
  }
};

inline constexpr double largest = std::numeric_limits<double>::max();
inline constexpr AllowedRange share_range{0, 1, false, "[0, 1]"};
inline constexpr AllowedRange positive_share_range{0, 1, true, "(0, 1]"};
inline constexpr AllowedRange not_negative_range{0, largest, false, "[0, inf)"};
inline constexpr AllowedRange positive_range{0, largest, true, "(0, inf)"};
inline constexpr AllowedRange above_minus_one_range{-1, largest, true, "(-1, inf)"};
inline constexpr AllowedRange finite_range{-largest, largest, false, "a finite number"};
inline constexpr AllowedRange finite_or_unknown_range{-largest, largest, false,
                                                      "a finite number, or NaN for unknown"};

/// How a message names a part.
inline std::string place_of(const Owner& owner) { return "owner " + shown(owner.name); }
inline std::string place_of(const Stage& stage) { return "stage " + shown(stage.name); }
inline std::string place_of(const Outcome& outcome) { return "outcome " + shown(outcome.name); }
inline std::string place_of(const Lever& lever) { return "lever " + shown(lever.name); }
inline std::string place_of(const View& view) { return "view " + shown(view.name); }
inline std::string place_of(const Transition& transition) {
  return "transition " + shown(transition.from) + " -> " + shown(transition.to);
}
inline std::string place_of(const Entry& entry) {
  return "entry " + shown(entry.stage) + (entry.channel.empty() ? "" : ", channel " + shown(entry.channel));
}
inline std::string place_of(const Influence& influence) {
  return "influence of " + shown(influence.lever) + " on " + shown(influence.from) + " -> " +
         shown(influence.to);
}
inline std::string place_of(const FunnelInfo&) { return "funnel"; }

inline std::string number_or_nan(double value) { return std::isnan(value) ? "nan" : shown(value); }
inline std::string quoted_name(std::string_view name) { return "'" + shown(name) + "'"; }

/// Text is built for problems only: a part that is well costs comparisons.
class IssueList {
 public:
  [[nodiscard]] std::vector<Issue> take() { return std::move(issues_); }

  void add(Severity severity, const char* code, std::string where, std::string message,
           std::string value = {}, std::string allowed = {}) {
    issues_.push_back(
        {severity, code, std::move(where), std::move(message), std::move(value), std::move(allowed)});
  }

  /// Adds: a name that nothing of its kind has, with the nearest one that exists.
  template <class Part, class... Candidates>
  void add_unknown(const Part& part, const char* code, const std::string& role, std::string_view name,
                   const Candidates&... candidates) {
    std::string nearest;
    if (++unknown_names_ <= compared_unknown_names) {
      std::vector<std::string> names;
      const auto collect = [&](const auto& parts) {
        for (const auto& one : parts) names.push_back(one.name);
      };
      (collect(candidates), ...);
      nearest = nearest_name(name, names);
    }
    std::string message = role + " " + quoted_name(name);
    if (!nearest.empty()) message += "; did you mean " + quoted_name(nearest) + "?";
    add(Severity::error, code, place_of(part), std::move(message), shown(name));
  }

  template <class Part>
  void check_name(const Part& part, bool may_be_reserved = false) {
    if (part.name.find_first_not_of(' ') == std::string::npos) {
      add(Severity::error, "empty_name", place_of(part), "the name is empty");
      return;
    }
    if (may_be_reserved) return;
    for (const std::string_view reserved : reserved_names) {
      if (part.name == reserved) {
        add(Severity::error, "reserved_name", place_of(part), "the name is reserved", shown(part.name),
            "any name but drop_off, leak, siblings, not assigned, between");
      }
    }
  }

  template <class Part>
  void check_first(const Part& part, bool is_first) {
    if (!part.name.empty() && !is_first) {
      add(Severity::error, "duplicate_name", place_of(part), "the name is there already", shown(part.name));
    }
  }

  template <class Part>
  void check_number(const Part& part, const Number& number, const char* what, const AllowedRange& range,
                    const char* code) {
    if (!range.holds(number.value)) {
      add(Severity::error, code, place_of(part), std::string(what) + " is outside its range",
          number_or_nan(number.value), range.text);
    }
    if (!number.source.empty()) check_source(part, number, what, range);
  }

 private:
  template <class Part>
  void check_source(const Part& part, const Number& number, const char* what, const AllowedRange& range) {
    const Source& source = number.source;
    const bool named = source.kind() != SourceKind::agreed && source.kind() != SourceKind::estimated;
    if (!named && source.by().empty()) {
      add(Severity::warning, "source_by_nobody", place_of(part), std::string(what) + " does not say by whom");
    }
    if (!std::isnan(source.n()) && !not_negative_range.holds(source.n())) {
      add(Severity::error, "source_n_range", place_of(part),
          std::string("the n behind ") + what + " is outside its range", number_or_nan(source.n()),
          not_negative_range.text);
    }
    const auto interval = source.interval();
    if (!interval) return;
    const std::string ends = number_or_nan(interval->low) + " to " + number_or_nan(interval->high);
    if (!std::isfinite(interval->low) || !std::isfinite(interval->high) || interval->low > interval->high) {
      add(Severity::error, "interval_range", place_of(part),
          std::string("the interval of ") + what + " is none", ends,
          "two finite numbers, the lower one first");
      return;
    }
    if (!(interval->level > 0 && interval->level < 1)) {
      add(Severity::error, "interval_level", place_of(part),
          std::string("the level of the interval of ") + what + " is outside its range",
          number_or_nan(interval->level), "(0, 1)");
    }
    if (!range.holds(interval->low) || !range.holds(interval->high)) {
      add(Severity::warning, "interval_outside_range", place_of(part),
          std::string("the interval of ") + what + " reaches beyond its range", ends, range.text);
    }
    if (number.value < interval->low || number.value > interval->high) {
      add(Severity::warning, "value_outside_interval", place_of(part),
          std::string(what) + " lies outside its own interval", number_or_nan(number.value), ends);
    }
  }

  /// Unknown names for which the nearest one is searched: each search reads every name.
  static constexpr std::size_t compared_unknown_names = 100;

  std::size_t unknown_names_ = 0;
  std::vector<Issue> issues_;
};

}  // namespace funnelgraph::inline v0::detail
