#pragma once

#include <algorithm>
#include <cmath>
#include <string_view>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>

namespace funnelgraph::inline v0 {
namespace detail {

/// Issues, or names, that a message lists before it only counts.
inline constexpr std::size_t listed_limit = 20;

inline std::string sentence(std::string_view text) { return shown(text, shown_sentence_limit); }
inline std::string in_quotes(std::string_view name) { return "'" + shown(name) + "'"; }

inline std::string counted(std::size_t count, const char* one, const char* many) {
  return std::to_string(count) + ' ' + (count == 1 ? one : many);
}

inline std::string unknown_name_message(const std::string& kind, const std::string& given,
                                        const std::string& nearest, const std::string& hint) {
  std::string message =
      "unknown " + sentence(kind.empty() ? std::string("name") : kind) + ' ' + in_quotes(given);
  if (!nearest.empty()) message += "; did you mean " + in_quotes(nearest) + "?";
  if (!hint.empty()) message += (nearest.empty() ? "; " : " ") + sentence(hint);
  return message;
}

/// "given 1.2, allowed [0, 1]", either half left out when empty.
inline std::string given_and_allowed(const std::string& given, const std::string& allowed) {
  std::string message;
  if (!given.empty()) message += "given " + shown(given);
  if (!allowed.empty()) message += (message.empty() ? "allowed " : ", allowed ") + sentence(allowed);
  return message;
}

inline std::string invalid_value_message(const std::string& where, const std::string& given,
                                         const std::string& allowed) {
  const std::string range = given_and_allowed(given, allowed);
  const std::string place = where.empty() ? std::string("value") : sentence(where);
  return range.empty() ? place + ": not allowed" : place + ": " + range;
}

inline std::string bounds_text(double least, double largest) {
  if (least > largest) return "nothing while the other changes of its row stay";
  if (std::isinf(largest)) return "(" + shown(least) + ", inf)";
  return "[" + shown(least) + ", " + shown(largest) + "]: " + shown(largest) +
         " is the largest possible, all that its donors can give";
}

inline std::string issue_line(const Issue& issue) {
  std::string line = issue.severity == Severity::error ? "  error: " : "  warning: ";
  if (!issue.where.empty()) line += sentence(issue.where) + ": ";
  line += sentence(issue.message.empty() ? issue.code : issue.message);
  const std::string range = given_and_allowed(issue.value, issue.allowed);
  if (!range.empty()) line += " (" + range + ")";
  return line;
}

/// Errors first, each group in the order found; the first `listed_limit` and a count of the rest.
inline std::string invalid_funnel_message(const std::vector<Issue>& issues) {
  const auto is_error = [](const Issue& issue) { return issue.severity == Severity::error; };
  const auto errors = static_cast<std::size_t>(std::count_if(issues.begin(), issues.end(), is_error));
  const std::size_t warnings = issues.size() - errors;
  std::string message = "the funnel cannot be computed: " + counted(errors, "error", "errors");
  if (warnings > 0) message += ", " + counted(warnings, "warning", "warnings");
  std::size_t listed = 0;
  for (const bool wanted : {true, false}) {
    for (const Issue& issue : issues) {
      if (is_error(issue) != wanted || listed == listed_limit) continue;
      message += '\n' + issue_line(issue);
      ++listed;
    }
  }
  if (listed < issues.size()) message += "\n  and " + std::to_string(issues.size() - listed) + " more";
  return message;
}

inline std::string unsolvable_message(const std::vector<std::string>& stages) {
  if (stages.empty()) return "the equations of the funnel have no solution";
  std::string message = stages.size() == 1 ? "nothing leaves stage " : "nothing leaves the stages ";
  for (std::size_t i = 0; i < std::min(stages.size(), listed_limit); ++i) {
    message += (i == 0 ? "" : ", ") + in_quotes(stages[i]);
  }
  if (stages.size() > listed_limit)
    message += " and " + std::to_string(stages.size() - listed_limit) + " more";
  return message +
         (stages.size() == 1 ? ": its equation has no solution" : ": their equations have no solution");
}

inline std::string conflict_message(const std::string& first, const std::string& second,
                                    const std::string& number, const std::string& why) {
  std::string message = first == second ? "changes of " + in_quotes(first) + " conflict"
                                        : in_quotes(first) + " and " + in_quotes(second) + " conflict";
  if (!number.empty()) message += " on " + sentence(number);
  if (!why.empty()) message += ": " + sentence(why);
  return message;
}

inline std::string data_message(const std::string& source, std::size_t row, const std::string& column,
                                const std::string& why) {
  std::string place = shown(source, shown_sentence_limit);
  const auto add = [&](const std::string& part) { place += (place.empty() ? "" : ", ") + part; };
  if (row > 0) add("row " + std::to_string(row));
  if (!column.empty()) add("column " + in_quotes(column));
  return place.empty() ? sentence(why) : place + ": " + sentence(why);
}

}  // namespace detail

FUNNELGRAPH_INLINE UnknownNameError::UnknownNameError(std::string kind, std::string given,
                                                      std::string nearest, const std::string& hint)
    : Error("unknown_name", detail::unknown_name_message(kind, given, nearest, hint)),
      kind_(std::move(kind)),
      given_(std::move(given)),
      nearest_(std::move(nearest)) {}

FUNNELGRAPH_INLINE InvalidValueError::InvalidValueError(std::string where, std::string given,
                                                        std::string allowed)
    : InvalidValueError("invalid_value", std::move(where), std::move(given), std::move(allowed)) {}

FUNNELGRAPH_INLINE InvalidValueError::InvalidValueError(std::string code, std::string where,
                                                        std::string given, std::string allowed)
    : Error(std::move(code), detail::invalid_value_message(where, given, allowed)),
      where_(std::move(where)),
      given_(std::move(given)),
      allowed_(std::move(allowed)) {}

FUNNELGRAPH_INLINE ImpossibleChangeError::ImpossibleChangeError(std::string where, std::string given,
                                                                double least, double largest)
    : InvalidValueError("impossible_change", std::move(where), std::move(given),
                        detail::bounds_text(least, largest)),
      least_(least),
      largest_(largest) {}

FUNNELGRAPH_INLINE InvalidFunnelError::InvalidFunnelError(std::vector<Issue> issues)
    : Error("invalid_funnel", detail::invalid_funnel_message(issues)), issues_(std::move(issues)) {}

FUNNELGRAPH_INLINE UnsolvableError::UnsolvableError(std::vector<std::string> stages)
    : Error("unsolvable", detail::unsolvable_message(stages)), stages_(std::move(stages)) {}

FUNNELGRAPH_INLINE UnsolvableError::UnsolvableError(const std::string& message,
                                                    std::vector<std::string> stages)
    : Error("unsolvable", message), stages_(std::move(stages)) {}

FUNNELGRAPH_INLINE ConflictError::ConflictError(std::string first, std::string second, std::string number,
                                                const std::string& why)
    : Error("conflict", detail::conflict_message(first, second, number, why)),
      first_(std::move(first)),
      second_(std::move(second)),
      number_(std::move(number)) {}

FUNNELGRAPH_INLINE DataError::DataError(std::string source, std::size_t row, std::string column,
                                        std::string why)
    : Error("data", detail::data_message(source, row, column, why)),
      source_(std::move(source)),
      row_(row),
      column_(std::move(column)),
      why_(std::move(why)) {}

FUNNELGRAPH_INLINE UnreachableTargetError::UnreachableTargetError(double target, double low, double high)
    : Error("unreachable_target", "the target " + detail::shown(target) +
                                      " cannot be reached: what is allowed gives from " + detail::shown(low) +
                                      " to " + detail::shown(high)),
      target_(target),
      low_(low),
      high_(high) {}

}  // namespace funnelgraph::inline v0
