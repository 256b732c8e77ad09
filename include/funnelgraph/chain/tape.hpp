// A tape of operations on columns: recorded once, run over blocks of variants.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <funnelgraph/chain/tape_builder.hpp>
#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

namespace detail {
class LaneCode;
}

/// What was recorded, with what nobody asks for left out and the temporaries sharing few buffers.
/// Immutable; `run` is safe from many threads, each with a workspace of its own.
class Tape {
 public:
  /// Lanes of a block. A block of every column and the temporaries of a funnel of a dozen stages fit in
  /// 48 to 64 kB.
  static constexpr std::size_t block = 256;

  struct Workspace {
    std::vector<double> buffers;
    std::vector<double*> buffer;
    std::vector<double> tail;  // of a last block that is not whole: its columns
    std::vector<std::int64_t> ok;
    std::vector<const double*> value;    // by slot
    std::vector<const double*> operand;  // of all operations, in their order
    std::vector<double> arguments;
    std::vector<double> made;  // results of machine code that nobody takes, or of a tail
    std::vector<double*> result;
    bool doubted = false;  // some variant of the block before was in doubt
  };

  Tape() = default;
  Tape(TapeBuilder recorded, std::span<const TapeValue> results);

  /// Runs variants first .. first+lanes-1 (`lanes` at most `block`) of `count`. `results[r][i]` receives
  /// result r of variant first + i. False where some are in doubt: `work.ok[i]` is then 0 for those, and
  /// their results are not to be used. `columns` must hold no null where `uses(k)`.
  bool run(std::span<const double* const> columns, std::size_t first, std::size_t lanes, std::size_t count,
           std::span<double* const> results, Workspace& work) const;

  /// How many of the variants from `first` on, of which `left` are left, make the next block: few at first
  /// where that brings most columns to the start of a cache line, and no more than a few at the end.
  [[nodiscard]] std::size_t lanes_of_block(std::span<const double* const> columns, std::size_t first,
                                           std::size_t left) const;

  [[nodiscard]] bool uses(std::size_t column) const noexcept { return used_[column] != 0; }
  [[nodiscard]] std::size_t operations() const noexcept { return operations_.size(); }
  [[nodiscard]] std::size_t buffers() const noexcept { return buffers_; }
  [[nodiscard]] std::size_t terms() const noexcept { return slots_.size(); }
  /// "avx512", "avx2" or "baseline": the loops that run here.
  [[nodiscard]] static const char* instruction_set() noexcept;

 private:
  struct Operation {
    detail::TapeOperation::Kind kind = detail::TapeOperation::Kind::dot;
    double start = 0;
    double least = 0;
    std::uint32_t scaled = 0, scaled_begin = 0;  // of scale_ and shift_; low and high of a check
    std::uint32_t operands = 0, operand_begin = 0;
    std::uint32_t out = 0, outs = 1;  // of outs_
    std::uint32_t function = 0;       // of a map; checks with a high
  };
  struct Layout;
  static void delay_guards(std::vector<detail::TapeOperation>& steps, std::uint32_t values,
                           std::span<const TapeValue> results);
  void prepare(Workspace& work) const;
  bool run_code(std::size_t lanes, std::size_t whole, std::span<double* const> results,
                Workspace& work) const;
  struct Place;
  bool pass(const Place& place, Workspace& work, std::int64_t* ok) const;

  std::uint32_t columns_ = 0;
  std::uint32_t buffers_ = 0;
  bool doubt_ = false;
  std::vector<Operation> operations_;
  std::vector<std::uint32_t> slots_;  // columns first, then buffers
  std::vector<std::uint32_t> outs_;   // buffers
  std::vector<double> scale_, shift_;
  std::vector<TapeFunction> functions_;
  std::vector<TapeValue> results_;        // of a slot, or shared
  std::vector<std::uint32_t> used_list_;  // columns that are read
  std::vector<std::uint8_t> used_;
  std::shared_ptr<const detail::LaneCode> code_;  // null where there is none
};

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/chain/tape_inl.hpp>
#include <funnelgraph/chain/tape_run_inl.hpp>
#endif
