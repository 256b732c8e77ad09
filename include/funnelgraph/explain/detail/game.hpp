// The worth of coalitions: the metric where some atoms stand on the actual's side, the others on the plan's.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <funnelgraph/analysis/batch.hpp>
#include <funnelgraph/chain/elimination.hpp>
#include <funnelgraph/explain/coalitions.hpp>
#include <funnelgraph/explain/detail/difference.hpp>
#include <funnelgraph/explain/detail/view.hpp>

namespace funnelgraph::inline v0::detail {

/// Per player 1 where it stands on the actual's side.
using Coalition = std::vector<std::uint8_t>;

/// Worths of all coalitions: in coalition S bit b says where `player[b]` stands.
struct AllWorths {
  std::vector<double> worth;
  std::vector<std::size_t> player;
};

class Game {
 public:
  /// Throws InvalidValueError where the metric is unknown on a side, UnsolvableError where one cannot be
  /// solved. Keeps references.
  Game(const Difference& difference, const PlayerView& view, const ExplainOptions& options);

  [[nodiscard]] double plan() const noexcept { return plan_; }
  [[nodiscard]] double actual() const noexcept { return actual_; }
  [[nodiscard]] std::size_t players() const noexcept { return view_.players.size(); }
  [[nodiscard]] std::size_t computed() const noexcept { return computed_; }

  /// All 2^players coalitions.
  [[nodiscard]] AllWorths all();
  /// Coalitions of the unions of the view, complete but for one of which some are in.
  [[nodiscard]] UnionGame with_unions();
  /// Given ones: `in[p][c]` says where player p stands in coalition c.
  [[nodiscard]] std::vector<double> of(const std::vector<Coalition>& in, std::size_t count);
  /// The chain of one coalition, refreshed.
  [[nodiscard]] Chain chain_of(const Coalition& in) const;
  [[nodiscard]] const Elimination& plan_of_elimination() const noexcept { return elimination_; }

 private:
  struct InputColumn {
    std::size_t first, second;  // players, or none
    std::array<double, 4> value;
  };
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  [[nodiscard]] std::vector<std::uint8_t> cell_players() const;
  void fill(const InputColumn& column, const std::uint8_t* first, const std::uint8_t* second,
            std::size_t count, double* out) const;
  void run(const std::vector<double>& columns, std::size_t stride, std::size_t count, double* out,
           std::atomic<std::size_t>& failed, std::size_t offset) const;
  [[noreturn]] void refuse(const Coalition& in) const;
  [[nodiscard]] double side_value(const Compiled& side, const char* name) const;
  [[nodiscard]] double slow(const Coalition& in) const;

  const Difference& difference_;
  const PlayerView& view_;
  const ExplainOptions& options_;
  Elimination elimination_;
  std::vector<InputColumn> columns_;
  std::unique_ptr<const Batch> batch_;  // none where the metric has no batch path
  double plan_ = 0, actual_ = 0;
  std::size_t computed_ = 0;
};

}  // namespace funnelgraph::inline v0::detail

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/explain/detail/game_inl.hpp>
#endif
