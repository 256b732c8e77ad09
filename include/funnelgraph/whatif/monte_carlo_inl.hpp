#pragma once

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/whatif/detail/drawn_scenario_inl.hpp>
#include <funnelgraph/whatif/monte_carlo.hpp>
#include <funnelgraph/whatif/variants_inl.hpp>

namespace funnelgraph::inline v0 {
namespace detail {

/// Draws of one chunk: its columns stay in the cache while every scenario reads them.
inline constexpr std::size_t draws_of_chunk = 2048;
/// The same where a metric takes a funnel of its own for each draw: so that a stop is soon heard.
inline constexpr std::size_t slow_draws_of_chunk = 64;
/// What the base is called among the scenarios.
inline constexpr const char* name_of_base = "base";

[[nodiscard]] inline std::vector<Metric> metrics_of(const MonteCarloOptions& options) {
  std::vector<Metric> metrics;
  const auto add = [&](const Metric& metric) {
    if (std::find(metrics.begin(), metrics.end(), metric) == metrics.end()) metrics.push_back(metric);
  };
  for (const Metric& metric : options.metrics) add(metric);
  for (const Target& target : options.targets) add(target.metric);
  return metrics;
}

inline void check_options(const Uncertainty& uncertainty, const MonteCarloOptions& options) {
  if (options.draws == 0) throw InvalidValueError("n of monte_carlo", "0", "at least 1 draw");
  if (uncertainty.empty()) {
    throw InvalidValueError("parameters of monte_carlo", "nothing",
                            "at least one number or row that is drawn");
  }
  if (options.metrics.empty() && options.targets.empty()) {
    throw InvalidValueError("metrics of monte_carlo", "none", "at least one");
  }
  for (const double probability : options.quantiles) {
    if (!(probability > 0 && probability < 1)) {
      throw InvalidValueError("quantiles of monte_carlo", shown(probability), "(0, 1)");
    }
  }
  for (const Target& target : options.targets) {
    if (std::isnan(target.value)) {
      throw InvalidValueError("target of " + to_string(target.metric), shown(target.value), "a number");
    }
  }
  std::set<std::string> names{name_of_base};
  for (const Scenario& scenario : options.scenarios) {
    if (!names.insert(scenario.name()).second) {
      throw InvalidValueError("scenario of monte_carlo", shown(scenario.name()),
                              "names that differ from each other and from \"base\"");
    }
  }
}

inline void count_status(VariantStatus status, DrawCounts& counts) noexcept {
  switch (status) {
    case VariantStatus::ok:
      ++counts.ok;
      return;
    case VariantStatus::fitted:
      ++counts.fitted;
      return;
    case VariantStatus::impossible:
      ++counts.impossible;
      return;
    case VariantStatus::out_of_range:
      ++counts.out_of_range;
      return;
    case VariantStatus::unsolvable:
      ++counts.unsolvable;
  }
}

inline void note_counts(const DrawCounts& counts, std::size_t draws, std::vector<std::string>& notes) {
  const auto say = [&](std::size_t count, const char* what) {
    if (count == 0) return;
    notes.push_back(counts.scenario + ": " + std::to_string(count) + " of " + std::to_string(draws) +
                    " draws " + what);
  };
  say(counts.fitted, "asked for more than the other exits of a row hold and were scaled to fit");
  say(counts.impossible, "are impossible and left out");
  say(counts.out_of_range, "have a number outside its range and are left out");
  say(counts.unsolvable, "have no solution and are left out");
}

/// Results that are there but unknown: a lag that nobody gave, a division by nothing.
inline void note_unknown(const MonteCarlo& made, std::size_t metrics, std::vector<std::string>& notes) {
  for (std::size_t i = 0; i < made.rows.size(); ++i) {
    const DrawCounts& counts = made.counts[i / metrics];
    const std::size_t without = counts.ok + counts.fitted - made.rows[i].summary.count;
    if (without == 0) continue;
    notes.push_back(counts.scenario + ": " + to_string(made.rows[i].metric) + " is unknown in " +
                    std::to_string(without) + " of " + std::to_string(made.draws) + " draws");
  }
}

/// Fills the summaries of `rows` and `differences` from `results`, column by column on all threads.
inline void summarise(MonteCarlo& result, const MonteCarloOptions& options) {
  const std::size_t rows = result.rows.size();
  const std::size_t metrics = rows - result.differences.size();
  Execution execution{.threads = options.execution.threads};
  if (options.execution.progress) {
    execution.progress = [&](std::size_t, std::size_t) {
      options.execution.progress(result.draws, options.draws);
    };
  }
  const auto summarise_one = [&](std::size_t i) {
    if (i < rows) {
      result.rows[i].summary = summary_of(result.results[i].values, options.quantiles);
      return;
    }
    MonteCarloDifference& difference = result.differences[i - rows];
    const std::vector<double>& here = result.results[i - rows + metrics].values;
    const std::vector<double>& base = result.results[(i - rows) % metrics].values;
    std::vector<double> values(here.size());
    std::size_t more = 0;
    for (std::size_t v = 0; v < values.size(); ++v) {
      values[v] = here[v] - base[v];
      more += values[v] > 0 ? 1 : 0;
    }
    difference.summary = summary_of(values, options.quantiles);
    difference.more = share_of(more, difference.summary.count);
  };
  parallel_for(
      rows + result.differences.size(), 1,
      [&](std::size_t first, std::size_t, std::size_t) { summarise_one(first); }, execution);
}

}  // namespace detail

FUNNELGRAPH_INLINE MonteCarlo monte_carlo(const Funnel& funnel, const Uncertainty& uncertainty,
                                          const MonteCarloOptions& options) {
  detail::check_options(uncertainty, options);
  const std::vector<Metric> metrics = detail::metrics_of(options);
  const Draws draws(funnel, uncertainty, options.seed);

  std::vector<Scenario> scenarios{Scenario(detail::name_of_base)};
  scenarios.insert(scenarios.end(), options.scenarios.begin(), options.scenarios.end());
  std::vector<detail::DrawnScenario> drawn;
  for (const Scenario& scenario : scenarios) {
    drawn.emplace_back(funnel, scenario, draws.columns(), metrics, options.analysis);
  }

  const std::size_t n = options.draws;
  const std::size_t columns = draws.columns().size();
  MonteCarlo result;
  for (const Scenario& scenario : scenarios) {
    for (const Metric& metric : metrics) {
      result.results.push_back({scenario.name(), metric, std::vector<double>(n)});
    }
  }
  if (options.keep_draws) {
    for (const DrawnColumn& column : draws.columns()) {
      result.drawn.push_back({column.parameter, std::vector<double>(n)});
    }
  }
  const bool slow = std::any_of(metrics.begin(), metrics.end(), detail::needs_the_funnel);
  const std::size_t chunk_size = slow ? detail::slow_draws_of_chunk : detail::draws_of_chunk;
  const std::size_t chunks = n / chunk_size + 1;
  std::vector<std::vector<DrawCounts>> counts(chunks, std::vector<DrawCounts>(scenarios.size()));
  result.draws = parallel_for(
      n, chunk_size,
      [&](std::size_t first, std::size_t last, std::size_t chunk) {
        const std::size_t count = last - first;
        std::vector<double> room(options.keep_draws ? 0 : columns * count);
        std::vector<double*> into;
        for (std::size_t c = 0; c < columns; ++c) {
          into.push_back(options.keep_draws ? result.drawn[c].values.data() + first
                                            : room.data() + c * count);
        }
        draws.fill(first, count, into);
        const std::vector<const double*> from(into.begin(), into.end());
        std::vector<VariantStatus> status(count);
        for (std::size_t s = 0; s < drawn.size(); ++s) {
          std::vector<double*> out;
          for (std::size_t m = 0; m < metrics.size(); ++m) {
            out.push_back(result.results[s * metrics.size() + m].values.data() + first);
          }
          drawn[s].run(from, count, out, status);
          for (const VariantStatus one : status) detail::count_status(one, counts[chunk][s]);
        }
      },
      options.execution);

  const std::size_t done = result.draws;
  for (std::size_t s = 0; s < scenarios.size(); ++s) {
    DrawCounts total{.scenario = scenarios[s].name()};
    for (const std::vector<DrawCounts>& chunk : counts) {
      total.ok += chunk[s].ok;
      total.fitted += chunk[s].fitted;
      total.impossible += chunk[s].impossible;
      total.out_of_range += chunk[s].out_of_range;
      total.unsolvable += chunk[s].unsolvable;
    }
    detail::note_counts(total, done, result.notes);
    result.counts.push_back(std::move(total));
  }
  for (MetricDraws& column : result.results) column.values.resize(done);
  for (ParameterDraws& column : result.drawn) column.values.resize(done);
  for (const Scenario& scenario : scenarios) {
    const Funnel point = apply(funnel, scenario);
    for (const Metric& metric : metrics) {
      result.rows.push_back({scenario.name(), metric, evaluate(point, metric, options.analysis), {}});
    }
  }
  for (std::size_t i = metrics.size(); i < result.rows.size(); ++i) {
    const MonteCarloRow& row = result.rows[i];
    const double point = row.point - result.rows[i % metrics.size()].point;
    result.differences.push_back({row.scenario, row.metric, point, {}, {}});
  }
  detail::summarise(result, options);
  detail::note_unknown(result, metrics.size(), result.notes);
  for (std::size_t s = 0; s < scenarios.size(); ++s) {
    for (const Target& target : options.targets) {
      const auto m = static_cast<std::size_t>(std::find(metrics.begin(), metrics.end(), target.metric) -
                                              metrics.begin());
      std::size_t known = 0;
      std::size_t hits = 0;
      for (const double value : result.results[s * metrics.size() + m].values) {
        known += std::isnan(value) ? 0 : 1;
        hits += (target.at_most ? value <= target.value : value >= target.value) ? 1 : 0;
      }
      result.targets.push_back({scenarios[s].name(), target, share_of(hits, known)});
    }
  }
  if (!options.keep_draws) result.results.clear();
  return result;
}

}  // namespace funnelgraph::inline v0
