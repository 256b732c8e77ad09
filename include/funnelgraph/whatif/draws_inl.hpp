#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/model/detail/parameter_range.hpp>
#include <funnelgraph/whatif/draws.hpp>

namespace funnelgraph::inline v0 {
namespace detail {

[[nodiscard]] inline std::string text_of(const Support& range) {
  const auto end = [](double value) {
    return std::isinf(value) ? std::string(value < 0 ? "-inf" : "inf") : shown(value);
  };
  return "[" + end(range.low) + ", " + end(range.high) + "]";
}

inline void check_support(const Parameter& parameter, const Distribution& distribution) {
  const Range open = range_of(parameter.kind());  // no draw falls on an open end
  const Support range{open.low, open.high};
  const Support held = distribution.support();
  if (held.low >= range.low && held.high <= range.high) return;
  throw InvalidValueError("distribution of " + to_string(parameter),
                          to_string(distribution) + " on " + text_of(held),
                          "one within " + text_of(range) + ", cut there if need be: Normal(low=, high=)");
}

}  // namespace detail

FUNNELGRAPH_INLINE Draws::Draws(const Funnel& funnel, const Uncertainty& uncertainty, std::uint64_t seed)
    : seed_(seed), scores_(Distribution::normal({0, 1})) {
  for (const Drawn& drawn : uncertainty.numbers) add_number(funnel, drawn);
  numbers_ = columns_.size();
  for (const DrawnRow& row : uncertainty.rows) add_row(funnel, row);
  std::vector<Parameter> leaves;
  const auto draw_once = [&](const Parameter& parameter) {
    for (const Parameter& leaf : funnel.leaves(parameter)) leaves.push_back(leaf);
  };
  for (const Drawn& drawn : uncertainty.numbers) draw_once(drawn.parameter);
  for (const DrawnRow& row : uncertainty.rows) {
    for (const DrawnExit& exit : row.exits) {
      draw_once(exit.to == "drop_off" ? drop_off(row.stage) : rate(row.stage, exit.to));
    }
  }
  std::sort(leaves.begin(), leaves.end());
  const auto twice = std::adjacent_find(leaves.begin(), leaves.end());
  if (twice != leaves.end()) {
    throw ConflictError("a draw", "another draw", to_string(*twice), "it can be drawn once only");
  }
  correlate(uncertainty.correlations);
}

FUNNELGRAPH_INLINE void Draws::add_number(const Funnel& funnel, const Drawn& drawn) {
  static_cast<void>(funnel.leaves(drawn.parameter));  // throws for what is not there
  detail::check_support(drawn.parameter, drawn.distribution);
  columns_.push_back({drawn.parameter, drawn.take_from});
  tables_.emplace_back(drawn.distribution);
  names_.push_back(name_hash(to_string(drawn.parameter)));
}

FUNNELGRAPH_INLINE void Draws::add_row(const Funnel& funnel, const DrawnRow& drawn) {
  const std::string where = "Dirichlet of stage " + detail::shown(drawn.stage);
  static_cast<void>(funnel.stage(drawn.stage));
  if (drawn.exits.size() < 2) {
    throw InvalidValueError(where, std::to_string(drawn.exits.size()) + " exits", "at least 2");
  }
  Row row{.begin = tables_.size(), .end = tables_.size() + drawn.exits.size(), .column = columns_.size()};
  row.mass = 0;
  std::size_t heaviest = 0;
  for (std::size_t i = 0; i < drawn.exits.size(); ++i) {
    const DrawnExit& exit = drawn.exits[i];
    if (!(exit.weight > 0) || std::isinf(exit.weight)) {
      throw InvalidValueError(where + ", weight of " + detail::shown(exit.to), detail::shown(exit.weight),
                              "a finite number > 0");
    }
    const Parameter parameter = exit.to == "drop_off" ? drop_off(drawn.stage) : rate(drawn.stage, exit.to);
    row.mass += funnel.get(parameter);
    tables_.emplace_back(Distribution::gamma_of_shape(exit.weight, 1));
    names_.push_back(name_hash(to_string(parameter)));
    if (exit.weight > drawn.exits[heaviest].weight) heaviest = i;
  }
  row.giver = row.begin + heaviest;
  if (!(row.mass > 0))
    throw InvalidValueError(where, "exits that have nothing to divide", "exits that are taken");
  for (std::size_t i = 0; i < drawn.exits.size(); ++i) {
    if (i == heaviest) continue;
    const std::string& to = drawn.exits[i].to;
    columns_.push_back({to == "drop_off" ? drop_off(drawn.stage) : rate(drawn.stage, to),
                        TakeFrom(drawn.exits[heaviest].to)});
  }
  rows_.push_back(row);
}

FUNNELGRAPH_INLINE void Draws::correlate(const std::vector<Correlation>& correlations) {
  if (correlations.empty()) return;
  const auto position = [&](const Parameter& parameter) -> std::size_t {
    for (std::size_t i = 0; i < numbers_; ++i) {
      if (columns_[i].parameter == parameter) return i;
    }
    std::vector<std::string> names;
    for (std::size_t i = 0; i < numbers_; ++i) names.push_back(to_string(columns_[i].parameter));
    const std::string given = to_string(parameter);
    throw UnknownNameError("drawn number", given, nearest_name(given, names),
                           "a correlation joins two numbers that are drawn, not rows");
  };
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (const Correlation& correlation : correlations) {
    const std::size_t a = position(correlation.first);
    const std::size_t b = position(correlation.second);
    const std::string where =
        "correlation of " + to_string(correlation.first) + " and " + to_string(correlation.second);
    if (a == b) throw InvalidValueError(where, "of a number with itself", "two different numbers");
    if (!(correlation.value > -1 && correlation.value < 1)) {
      throw InvalidValueError(where, detail::shown(correlation.value), "(-1, 1)");
    }
    pairs.push_back(std::minmax(a, b));
    if (std::find(pairs.begin(), pairs.end() - 1, pairs.back()) != pairs.end() - 1) {
      throw InvalidValueError(where, "twice", "once for each pair");
    }
    mixed_.push_back(a);
    mixed_.push_back(b);
  }
  std::sort(mixed_.begin(), mixed_.end());
  mixed_.erase(std::unique(mixed_.begin(), mixed_.end()), mixed_.end());
  const std::size_t n = mixed_.size();
  std::vector<double> matrix(n * n, 0.0);
  const auto place = [&](std::size_t number) {
    return static_cast<std::size_t>(std::lower_bound(mixed_.begin(), mixed_.end(), number) - mixed_.begin());
  };
  for (std::size_t i = 0; i < n; ++i) matrix[i * n + i] = 1;
  for (std::size_t k = 0; k < pairs.size(); ++k) {
    const std::size_t i = place(pairs[k].first);
    const std::size_t j = place(pairs[k].second);
    matrix[i * n + j] = matrix[j * n + i] = correlations[k].value;
  }
  factor_.assign(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double left = matrix[i * n + j];
      for (std::size_t k = 0; k < j; ++k) left -= factor_[i * n + k] * factor_[j * n + k];
      if (j < i) {
        factor_[i * n + j] = left / factor_[j * n + j];
        continue;
      }
      // Below this the last number would follow from the others but for rounding.
      constexpr double least_own_variance = 1e-12;
      if (!(left > least_own_variance)) {
        throw InvalidValueError(
            "correlations",
            "a matrix that is not positive definite from " + to_string(columns_[mixed_[i]].parameter) + " on",
            "correlations that can hold together");
      }
      factor_[i * n + i] = std::sqrt(left);
    }
  }
}

FUNNELGRAPH_INLINE void Draws::share_rows(std::size_t count, std::span<double* const> parts,
                                          std::span<double* const> columns) const {
  for (const Row& row : rows_) {
    for (std::size_t v = 0; v < count; ++v) {
      double sum = 0;
      for (std::size_t d = row.begin; d < row.end; ++d) sum += parts[d - numbers_][v];
      const double factor = sum > 0 ? row.mass / sum : 0;
      std::size_t column = row.column;
      for (std::size_t d = row.begin; d < row.end; ++d) {
        if (d != row.giver) columns[column++][v] = parts[d - numbers_][v] * factor;
      }
    }
  }
}

FUNNELGRAPH_INLINE void Draws::fill(std::size_t first, std::size_t count,
                                    std::span<double* const> columns) const {
  for (std::size_t k = 0, mixed = 0; k < numbers_; ++k) {
    const bool is_mixed = mixed < mixed_.size() && mixed_[mixed] == k;
    mixed += is_mixed ? 1 : 0;
    (is_mixed ? scores_ : tables_[k]).fill({seed_, names_[k]}, first, {columns[k], count});
  }
  // From the last one, so that those that it mixes in are still unmixed.
  const std::size_t n = mixed_.size();
  for (std::size_t i = n; i-- > 0;) {
    double* const own = columns[mixed_[i]];
    for (std::size_t v = 0; v < count; ++v) own[v] *= factor_[i * n + i];
    for (std::size_t j = 0; j < i; ++j) {
      const double weight = factor_[i * n + j];
      if (weight == 0) continue;
      const double* const other = columns[mixed_[j]];
      for (std::size_t v = 0; v < count; ++v) own[v] += weight * other[v];
    }
    const QuantileTable& table = tables_[mixed_[i]];
    for (std::size_t v = 0; v < count; ++v) own[v] = table.at_score(own[v]);
  }
  if (rows_.empty()) return;
  const std::size_t parts = tables_.size() - numbers_;
  std::vector<double> room(parts * count);
  std::vector<double*> starts;
  for (std::size_t d = 0; d < parts; ++d) {
    starts.push_back(room.data() + d * count);
    tables_[numbers_ + d].fill({seed_, names_[numbers_ + d]}, first, {starts[d], count});
  }
  share_rows(count, starts, columns);
}

FUNNELGRAPH_INLINE void Draws::fill_from(std::span<const double* const> uniforms, std::size_t count,
                                         std::span<double* const> columns) const {
  const auto draw = [&](std::size_t d, double* out) {
    for (std::size_t v = 0; v < count; ++v) {
      const double u = uniforms[d][v];
      const bool upper = u > 0.5;
      constexpr double half = 0.5 - 0x1p-54;
      out[v] = tables_[d].at(std::min(upper ? 1 - u : u, half), upper);
    }
  };
  for (std::size_t k = 0; k < numbers_; ++k) draw(k, columns[k]);
  if (rows_.empty()) return;
  const std::size_t parts = tables_.size() - numbers_;
  std::vector<double> room(parts * count);
  std::vector<double*> starts;
  for (std::size_t d = 0; d < parts; ++d) {
    starts.push_back(room.data() + d * count);
    draw(numbers_ + d, starts[d]);
  }
  share_rows(count, starts, columns);
}

}  // namespace funnelgraph::inline v0
