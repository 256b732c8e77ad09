// Definitions of game.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include <funnelgraph/analysis/detail/named_chain.hpp>
#include <funnelgraph/analysis/solution.hpp>
#include <funnelgraph/chain/closed_sets.hpp>
#include <funnelgraph/chain/refresh.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/explain/coalitions_inl.hpp>
#include <funnelgraph/explain/detail/difference_inl.hpp>
#include <funnelgraph/explain/detail/game.hpp>

namespace funnelgraph::inline v0::detail {

/// Players of 2^bits coalitions in one block: their inputs and results stay in the cache.
inline constexpr std::size_t coalition_block_bits = 8;

inline bool has_horizon(const Figure& figure) {
  return figure.horizon.has_value() || std::any_of(figure.parts.begin(), figure.parts.end(),
                                                   [](const Figure& part) { return has_horizon(part); });
}

/// Writes one input of a chain that is no lag.
inline void set_input(Chain& chain, InputRef ref, double value) {
  const std::uint32_t k = ref.index;
  switch (ref.input) {
    case Input::base_rate:
      chain.base_rate[k] = value;
      break;
    case Input::base_drop_off:
      chain.base_drop_off[k] = value;
      break;
    case Input::edge_cost:
      chain.edge_cost[k] = value;
      break;
    case Input::edge_value:
      chain.edge_value[k] = value;
      break;
    case Input::stage_cost:
      chain.stage_cost[k] = value;
      break;
    case Input::stage_value:
      chain.stage_value[k] = value;
      break;
    case Input::stage_commission:
      chain.stage_commission[k] = value;
      break;
    case Input::capacity:
      chain.capacity[k] = value;
      break;
    case Input::outcome_value:
      chain.outcome_value[k] = value;
      break;
    case Input::outcome_commission:
      chain.outcome_commission[k] = value;
      break;
    case Input::entry_volume:
      chain.entries[k].volume = value;
      break;
    case Input::entry_cost:
      chain.entries[k].cost = value;
      break;
    case Input::lever_value:
      chain.lever_value[k] = value;
      break;
    case Input::elasticity:
      chain.influences[k].elasticity = value;
      break;
    case Input::fixed_cost:
      chain.fixed_cost[k] = value;
      break;
    default:
      break;  // lags and the discount rate are set as wholes
  }
}

FUNNELGRAPH_INLINE Game::Game(const Difference& difference, const PlayerView& view,
                              const ExplainOptions& options)
    : difference_(difference), view_(view), options_(options), elimination_(difference.plan.chain) {
  plan_ = side_value(difference_.plan, "plan");
  actual_ = side_value(difference_.actual, "actual");
  std::vector<InputRef> varied;
  Chain base = difference_.plan.chain;
  if (base.discount_rate == 0 && difference_.needs.discount) {
    base.discount_rate = difference_.actual.chain.discount_rate;
    refresh(base);
  }
  for (const DifferingInput& input : difference_.inputs) {
    const auto player = [&](std::uint32_t atom) { return atom == no_atom ? none : view_.player_of[atom]; };
    columns_.push_back({player(input.first), player(input.second), input.value});
    varied.push_back(input.input);
    if (input.input.input == Input::capacity) set_input(base, input.input, input.value[0]);
  }
  if (!varied.empty() && !has_horizon(difference_.figure))
    batch_ = std::make_unique<const Batch>(base, std::move(varied), std::vector<Figure>{difference_.figure},
                                           options_.analysis.capacity);
}

FUNNELGRAPH_INLINE double Game::side_value(const Compiled& side, const char* name) const {
  const Solution solution = solve_named(side, elimination_, options_.analysis.capacity);
  const double value = figure_value(side.chain, elimination_, solution, difference_.figure);
  if (!std::isfinite(value))
    throw InvalidValueError(
        to_string(options_.metric) + " of the " + name, shown(value),
        "a metric that both sides know: give the unknown lags or values (fit with values=), see that its "
        "denominator is not 0, or explain another metric");
  return value;
}

FUNNELGRAPH_INLINE Chain Game::chain_of(const Coalition& in) const {
  Chain chain = difference_.plan.chain;
  for (std::size_t k = 0; k < columns_.size(); ++k) {
    const InputColumn& column = columns_[k];
    const std::size_t at = (column.first != none && in[column.first] != 0 ? 1U : 0U) +
                           (column.second != none && in[column.second] != 0 ? 2U : 0U);
    set_input(chain, difference_.inputs[k].input, column.value[at]);
  }
  for (std::size_t e = 0; e < chain.lag.size(); ++e) {
    const std::uint32_t atom = difference_.lag_atom[e];
    if (atom != no_atom && in[view_.player_of[atom]] != 0) chain.lag[e] = difference_.actual.chain.lag[e];
  }
  if (difference_.discount_atom != no_atom && in[view_.player_of[difference_.discount_atom]] != 0)
    chain.discount_rate = difference_.actual.chain.discount_rate;
  refresh(chain);
  return chain;
}

FUNNELGRAPH_INLINE void Game::refuse(const Coalition& in) const {
  const Chain chain = chain_of(in);
  const auto closed = closed_sets(elimination_, chain.rate, chain.drop_off);
  if (closed.empty())
    throw InvalidValueError(to_string(options_.metric),
                            "unknown where some numbers are the plan's and others the actual's",
                            "a metric that every mixture of both sides knows: explain its parts (numerator "
                            "and denominator) apart");
  std::vector<std::string> stages;
  std::string rows, group;
  for (const std::uint32_t i : closed.front()) {
    const std::string& name = difference_.stage_name[i];
    stages.push_back(name);
    for (std::size_t a = 0; a < difference_.atoms.size(); ++a) {
      const Atom& atom = difference_.atoms[a];
      if (atom.kind != Place::stage || atom.factor != Factor::rates || atom.place != name ||
          atom.segment != difference_.stage_segment[i])
        continue;
      rows += (rows.empty() ? "the row of " : " and the row of ") + shown(name) +
              (in[view_.player_of[a]] != 0 ? " in the actual" : " in the plan");
      group += (group.empty() ? "\"" : ", \"") + shown(name) + "\"";
    }
  }
  throw UnsolvableError(
      rows + " together close a cycle that nothing leaves; let them move as one: together=[[" + group + "]]",
      std::move(stages));
}

FUNNELGRAPH_INLINE double Game::slow(const Coalition& in) const {
  const Chain chain = chain_of(in);
  if (!closed_sets(elimination_, chain.rate, chain.drop_off).empty()) refuse(in);
  const double value = figure_value(
      chain, elimination_, solve_chain(chain, elimination_, options_.analysis.capacity), difference_.figure);
  if (!std::isfinite(value)) refuse(in);
  return value;
}

FUNNELGRAPH_INLINE void Game::fill(const InputColumn& column, const std::uint8_t* first,
                                   const std::uint8_t* second, std::size_t count, double* out) const {
  for (std::size_t c = 0; c < count; ++c) {
    const std::size_t at =
        (first != nullptr && first[c] != 0 ? 1U : 0U) + (second != nullptr && second[c] != 0 ? 2U : 0U);
    out[c] = column.value[at];
  }
}

FUNNELGRAPH_INLINE void Game::run(const std::vector<double>& columns, std::size_t stride, std::size_t count,
                                  double* out, std::atomic<std::size_t>& failed, std::size_t offset) const {
  std::vector<const double*> pointers(columns_.size());
  for (std::size_t k = 0; k < pointers.size(); ++k) pointers[k] = columns.data() + k * stride;
  double* const results[] = {out};
  batch_->run(pointers, count, results, {}, {.threads = 1});
  for (std::size_t c = 0; c < count; ++c) {
    if (std::isfinite(out[c])) continue;
    std::size_t known = failed.load();
    while (offset + c < known && !failed.compare_exchange_weak(known, offset + c)) {
    }
    return;
  }
}

FUNNELGRAPH_INLINE std::vector<double> Game::of(const std::vector<Coalition>& in, std::size_t count) {
  computed_ += count;
  std::vector<double> out(count, plan_);
  if (columns_.empty()) return out;
  const auto coalition = [&](std::size_t c) {
    Coalition one(players());
    for (std::size_t p = 0; p < one.size(); ++p) one[p] = in[p][c];
    return one;
  };
  if (!batch_) {
    for (std::size_t c = 0; c < count; ++c) out[c] = slow(coalition(c));
    return out;
  }
  constexpr std::size_t block = std::size_t{1} << coalition_block_bits;
  std::atomic<std::size_t> failed{count};
  parallel_for(count, block,
               [&](std::size_t first, std::size_t last, std::size_t) {
                 const std::size_t size = last - first;
                 std::vector<double> columns(columns_.size() * size);
                 const auto side = [&](std::size_t player) {
                   return player == none ? nullptr : in[player].data() + first;
                 };
                 for (std::size_t k = 0; k < columns_.size(); ++k)
                   fill(columns_[k], side(columns_[k].first), side(columns_[k].second), size,
                        columns.data() + k * size);
                 run(columns, size, size, out.data() + first, failed, first);
               },
               {.threads = options_.execution.threads});
  if (failed.load() < count) refuse(coalition(failed.load()));
  return out;
}

/// Players whose sides change from one coalition to the next, so that most of the work is done once for all
/// of their sides. Players that one number looks at stay together.
FUNNELGRAPH_INLINE std::vector<std::uint8_t> Game::cell_players() const {
  const std::size_t g = players();
  std::vector<std::size_t> group(g);
  std::iota(group.begin(), group.end(), std::size_t{0});
  for (const InputColumn& column : columns_) {
    if (column.first == none || column.second == none) continue;
    const std::size_t from = group[column.second], to = group[column.first];
    std::replace(group.begin(), group.end(), from, to);
  }
  std::vector<std::vector<std::uint32_t>> inputs(g);
  std::vector<std::size_t> sizes(g, 0);
  for (std::size_t p = 0; p < g; ++p) ++sizes[group[p]];
  for (std::uint32_t k = 0; k < columns_.size(); ++k) {
    const std::size_t player = columns_[k].first != none ? columns_[k].first : columns_[k].second;
    if (player != none) inputs[group[player]].push_back(k);
  }
  const std::vector<std::uint8_t> chosen = batch_->cell_groups(inputs, sizes, coalition_block_bits);
  std::vector<std::uint8_t> out(g);
  for (std::size_t p = 0; p < g; ++p) out[p] = chosen[group[p]];
  return out;
}

FUNNELGRAPH_INLINE AllWorths Game::all() {
  const std::size_t g = players();
  const std::size_t count = std::size_t{1} << g;
  AllWorths out{.worth = {}, .player = std::vector<std::size_t>(g)};
  std::iota(out.player.begin(), out.player.end(), std::size_t{0});
  const bool grid = batch_ && g > coalition_block_bits;
  const std::vector<std::uint8_t> of_cells = grid ? cell_players() : std::vector<std::uint8_t>(g, 1);
  const auto mid = std::stable_partition(out.player.begin(), out.player.end(),
                                         [&](std::size_t player) { return of_cells[player] != 0; });
  const auto low_bits = static_cast<std::size_t>(mid - out.player.begin());
  const std::size_t cells = std::size_t{1} << low_bits, rows = count >> low_bits;
  std::vector<Coalition> in(g);
  for (std::size_t bit = 0; bit < g; ++bit) {
    const std::size_t place = bit < low_bits ? bit : bit - low_bits;
    Coalition& side = in[out.player[bit]];
    side.resize(bit < low_bits ? cells : rows);
    for (std::size_t s = 0; s < side.size(); ++s) side[s] = static_cast<std::uint8_t>(s >> place & 1U);
  }
  if (!grid) {
    out.worth = of(in, count);
    return out;
  }
  computed_ += count;
  std::vector<std::vector<double>> numbers(columns_.size());
  std::vector<const double*> columns(columns_.size());
  std::vector<std::uint8_t> column_of_cells(columns_.size());
  for (std::size_t k = 0; k < columns_.size(); ++k) {
    const auto side = [&](std::size_t player) { return player == none ? nullptr : in[player].data(); };
    const std::size_t player = columns_[k].first != none ? columns_[k].first : columns_[k].second;
    column_of_cells[k] = player != none ? of_cells[player] : 0;
    numbers[k].resize(column_of_cells[k] != 0 ? cells : rows);
    fill(columns_[k], side(columns_[k].first), side(columns_[k].second), numbers[k].size(),
         numbers[k].data());
    columns[k] = numbers[k].data();
  }
  out.worth.resize(count);
  double* const results[] = {out.worth.data()};
  batch_->run_grid({.of_cells = column_of_cells, .columns = columns, .rows = rows, .cells = cells}, results,
                   {.threads = options_.execution.threads});
  const auto bad =
      std::find_if(out.worth.begin(), out.worth.end(), [](double w) { return !std::isfinite(w); });
  if (bad != out.worth.end()) {
    const auto at = static_cast<std::size_t>(bad - out.worth.begin());
    Coalition one(g);
    for (std::size_t bit = 0; bit < g; ++bit)
      one[out.player[bit]] = static_cast<std::uint8_t>(at >> bit & 1U);
    refuse(one);
  }
  return out;
}

FUNNELGRAPH_INLINE UnionGame Game::with_unions() {
  UnionGame game;
  game.members = view_.members();
  const std::size_t unions = game.members.size();
  for (std::size_t u = 0; u < unions; ++u) {
    const std::size_t k = game.members[u].size();
    const std::size_t count = std::size_t{1} << (unions - 1 + k);
    std::vector<Coalition> in(players(), Coalition(count));
    for (std::size_t c = 0; c < count; ++c) {
      std::size_t bit = k;
      for (std::size_t other = 0; other < unions; ++other) {
        if (other == u) continue;
        for (const std::size_t p : game.members[other]) in[p][c] = static_cast<std::uint8_t>(c >> bit & 1U);
        ++bit;
      }
      for (std::size_t i = 0; i < k; ++i) in[game.members[u][i]][c] = static_cast<std::uint8_t>(c >> i & 1U);
    }
    game.worth.push_back(of(in, count));
  }
  return game;
}

}  // namespace funnelgraph::inline v0::detail
