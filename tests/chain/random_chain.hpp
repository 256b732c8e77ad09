// Small random chains for the tests of this room.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <funnelgraph/chain/solver.hpp>

#include "support/oracle.hpp"

namespace test {

/// A chain of plain arrays. Targets from `stages` on are outcomes.
struct PlainChain {
  std::uint32_t stages = 0, outcomes = 0;
  std::vector<std::uint32_t> row_begin{0}, target;
  std::vector<double> rate, drop_off;

  [[nodiscard]] funnelgraph::Elimination plan() const { return {stages, row_begin, target}; }
  /// What each stage gives straight to each outcome, the drop-off as last column; row-major.
  [[nodiscard]] std::vector<double> exits() const {
    const std::size_t columns = outcomes + 1;
    std::vector<double> c(stages * columns, 0.0);
    for (std::uint32_t i = 0; i < stages; ++i) {
      for (std::uint32_t e = row_begin[i]; e < row_begin[i + 1]; ++e)
        if (target[e] >= stages) c[i * columns + (target[e] - stages)] += rate[e];
      c[i * columns + outcomes] = drop_off[i];
    }
    return c;
  }
};

/// Up to `edges` edges a row, loops, parallel and zero-rate edges among them; what is left drops off, but a
/// third of the rows leave next to nothing. `reach` > 0 keeps targets within that many stages.
inline PlainChain random_chain(std::mt19937_64& random, std::uint32_t stages, std::uint32_t edges,
                               std::uint32_t reach = 0) {
  const auto below = [&](std::uint64_t limit) { return static_cast<std::uint32_t>(random() % limit); };
  PlainChain chain;
  chain.stages = stages;
  chain.outcomes = 2;
  for (std::uint32_t i = 0; i < stages; ++i) {
    std::vector<double> weights;
    double sum = 0;
    for (std::uint32_t n = below(edges + 1); n > 0; --n) {
      std::uint32_t to = below(stages + chain.outcomes);
      if (reach > 0 && to < stages) to = std::min(stages - 1, std::max(i, reach) - reach + below(2 * reach));
      chain.target.push_back(to);
      weights.push_back(below(6) == 0 ? 0.0 : 1.0 + below(1000));
      sum += weights.back();
    }
    const double kept = sum == 0 ? 0 : (below(3) == 0 ? 0.9999 : 0.1 * (1 + below(9)));
    for (const double weight : weights) chain.rate.push_back(sum == 0 ? 0 : kept * weight / sum);
    chain.drop_off.push_back(1 - kept);
    chain.row_begin.push_back(static_cast<std::uint32_t>(chain.target.size()));
  }
  return chain;
}

/// The same chain with stage i renamed name[i].
inline PlainChain renamed(const PlainChain& chain, const std::vector<std::uint32_t>& name) {
  std::vector<std::uint32_t> stage_named(chain.stages);
  for (std::uint32_t i = 0; i < chain.stages; ++i) stage_named[name[i]] = i;
  PlainChain result;
  result.stages = chain.stages;
  result.outcomes = chain.outcomes;
  for (const std::uint32_t i : stage_named) {
    for (std::uint32_t e = chain.row_begin[i]; e < chain.row_begin[i + 1]; ++e) {
      const std::uint32_t to = chain.target[e];
      result.target.push_back(to < chain.stages ? name[to] : to);
      result.rate.push_back(chain.rate[e]);
    }
    result.drop_off.push_back(chain.drop_off[i]);
    result.row_begin.push_back(static_cast<std::uint32_t>(result.target.size()));
  }
  return result;
}

/// A chain of the oracle files: `states`, `outcomes`, `rates` as [from, to, rate], `drop_off` by state or
/// none.
inline PlainChain chain_of(const boost::json::object& story) {
  PlainChain chain;
  std::vector<std::string> names;
  for (const auto& name : story.at("states").as_array()) names.push_back(text(name));
  chain.stages = static_cast<std::uint32_t>(names.size());
  for (const auto& name : story.at("outcomes").as_array()) names.push_back(text(name));
  chain.outcomes = static_cast<std::uint32_t>(names.size()) - chain.stages;
  const auto place = [&](const std::string& name) {
    return static_cast<std::uint32_t>(std::find(names.begin(), names.end(), name) - names.begin());
  };
  for (std::uint32_t i = 0; i < chain.stages; ++i) {
    for (const auto& edge : story.at("rates").as_array()) {
      if (text(edge.as_array()[0]) != names[i]) continue;
      chain.target.push_back(place(text(edge.as_array()[1])));
      chain.rate.push_back(number(edge.as_array()[2]));
    }
    chain.row_begin.push_back(static_cast<std::uint32_t>(chain.target.size()));
    chain.drop_off.push_back(
        story.contains("drop_off") ? number(story.at("drop_off").as_object().at(names[i])) : 0);
  }
  return chain;
}

}  // namespace test
