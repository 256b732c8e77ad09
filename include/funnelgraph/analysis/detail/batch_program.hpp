// What `Batch` and `Variants` run: numbers of columns in, figures out.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include <funnelgraph/analysis/batch_grid.hpp>
#include <funnelgraph/analysis/detail/lane_chain.hpp>
#include <funnelgraph/analysis/figure.hpp>
#include <funnelgraph/analysis/flow.hpp>
#include <funnelgraph/analysis/variant_status.hpp>
#include <funnelgraph/chain/chain.hpp>
#include <funnelgraph/chain/elimination.hpp>
#include <funnelgraph/chain/input.hpp>
#include <funnelgraph/chain/tape.hpp>
#include <funnelgraph/chain/tape_grid.hpp>
#include <funnelgraph/core/parallel.hpp>

namespace funnelgraph::inline v0::detail {

/// From the numbers of one variant, one a column, to the numbers of the varied inputs.
struct BatchPrologue {
  std::vector<double> neutral;  ///< by column: what a column that is not given stands for
  /// Numbers that no variant could have are `out_of_range`; the inputs are then not written. Must be
  /// safe from many threads.
  std::function<VariantStatus(std::span<const double> numbers, std::span<double> inputs)> inputs;
  /// The same on a tape, with checks that leave every variant in doubt of which `inputs` would not say
  /// `ok`, or say otherwise; none where it cannot.
  std::function<std::optional<LaneInputs>(TapeBuilder& tape, std::span<const TapeValue> columns)> record;
};

/// A tape of more terms than this takes longer than what it replaces.
inline constexpr std::size_t most_tape_terms = 200'000;

/// Variants of one thread's turn, few enough for threads to end together; the bits of a variant do not depend
/// on it.
inline constexpr std::size_t batch_chunk = 2048;
inline constexpr std::size_t plain_chunk = 128;

/// How many variants ended in which way.
class StatusCounts {
 public:
  /// Those that are not `ok`, of one chunk.
  void add(VariantStatus status, std::size_t variants) noexcept {
    counts_[static_cast<std::size_t>(status)].fetch_add(variants, std::memory_order_relaxed);
  }
  [[nodiscard]] std::size_t of(VariantStatus status) const noexcept {
    return counts_[static_cast<std::size_t>(status)].load(std::memory_order_relaxed);
  }

 private:
  std::array<std::atomic<std::size_t>, 5> counts_{};
};

class BatchProgram {
 public:
  /// Throws InvalidValueError for an input that is not there or stands twice, UnsolvableError where
  /// stages are closed whatever varies, and what the figures of the base throw.
  BatchProgram(const Chain& base, std::vector<InputRef> varied, std::vector<Figure> figures,
               CapacityRule rule, BatchPrologue prologue);

  /// As Batch::run; `counts` may be null.
  std::size_t run(std::span<const double* const> columns, std::size_t count, std::span<double* const> out,
                  std::span<VariantStatus> status, const Execution& execution,
                  StatusCounts* counts = nullptr) const;
  /// As Batch::cell_groups and Batch::run_grid.
  [[nodiscard]] std::vector<std::uint8_t> cell_groups(std::span<const TapeGroup> groups,
                                                      std::size_t room) const;
  std::size_t run_grid(const BatchGrid& grid, std::span<double* const> out, const Execution& execution) const;
  [[nodiscard]] const Chain& base() const noexcept { return base_; }
  /// None where the variants go one by one.
  [[nodiscard]] const std::optional<Tape>& tape() const noexcept { return tape_; }

 private:
  class OneByOne;
  void check() const;
  struct Recorded {
    TapeBuilder tape;
    std::vector<TapeValue> results;
  };
  /// None where the variants go one by one.
  [[nodiscard]] std::optional<Recorded> record(std::span<const double* const> columns) const;
  [[nodiscard]] std::optional<Tape> recorded(std::span<const double* const> columns) const;
  void run_row(const BatchGrid& grid, std::size_t row, std::span<double* const> out) const;
  void run_lanes(const Tape& tape, std::span<const double* const> columns, std::size_t first,
                 std::size_t last, std::size_t count, std::span<double* const> out,
                 std::span<VariantStatus> status, StatusCounts* counts) const;

  Chain base_;
  Elimination plan_;
  std::vector<InputRef> varied_;
  std::vector<Figure> figures_;
  CapacityRule rule_;
  BatchPrologue prologue_;
  std::optional<Tape> tape_;
};

}  // namespace funnelgraph::inline v0::detail

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/analysis/detail/batch_program_inl.hpp>
#endif
