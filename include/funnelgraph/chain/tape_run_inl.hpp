// Definitions of tape.hpp: running.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include <funnelgraph/chain/detail/lane_code.hpp>
#include <funnelgraph/chain/detail/lane_kernels.hpp>
#include <funnelgraph/chain/tape.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// Doubles of a cache line.
inline constexpr std::size_t tape_line = 8;
/// Buffers lie one line further apart than a block, so that they do not fall on the same cache sets.
inline constexpr std::size_t tape_buffer = Tape::block + tape_line;

inline void fetch_ahead([[maybe_unused]] const double* from, [[maybe_unused]] std::size_t lanes) noexcept {
#if defined(__GNUC__)
  for (std::size_t i = 0; i < lanes; i += tape_line) __builtin_prefetch(from + i, 0, 3);
#endif
}

}  // namespace detail

/// Buffers for a pass of the kernels, which machine code does without.
FUNNELGRAPH_INLINE void Tape::prepare(Workspace& work) const {
  if (work.operand.size() != slots_.size() || work.ok.empty()) {
    work.buffers.resize(buffers_ * detail::tape_buffer + detail::tape_line);
    work.ok.assign(block, -1);
    work.buffer.resize(buffers_);
    void* start = work.buffers.data();
    std::size_t room = work.buffers.size() * sizeof(double);
    auto* const aligned =
        static_cast<double*>(std::align(detail::tape_line * sizeof(double), sizeof(double), start, room));
    for (std::size_t b = 0; b < buffers_; ++b) {
      work.buffer[b] = aligned + b * detail::tape_buffer;
      work.value[columns_ + b] = work.buffer[b];
    }
    work.operand.resize(slots_.size());
  }
  for (std::size_t t = 0; t < slots_.size(); ++t) work.operand[t] = work.value[slots_[t]];
}

/// Which variants a pass is over, and which it fetches for a later one.
struct Tape::Place {
  std::span<const double* const> columns;
  std::size_t lanes = 0;
  std::size_t whole = 0;  // lanes with those that fill the last step
  std::size_t next = 0;
  std::size_t ahead = 0;
};

FUNNELGRAPH_INLINE bool Tape::run(std::span<const double* const> columns, std::size_t first,
                                  std::size_t lanes, std::size_t count, std::span<double* const> results,
                                  Workspace& work) const {
  if (lanes == 0) return true;
  if (work.value.size() != columns_ + buffers_) {
    work = Workspace{};
    work.value.resize(columns_ + buffers_, nullptr);
  }
  const std::size_t whole = (lanes + detail::lane_step - 1) / detail::lane_step * detail::lane_step;
  if (whole == lanes) {
    for (const std::uint32_t k : used_list_) work.value[k] = columns[k] + first;
  } else {
    work.tail.resize(used_list_.size() * block);
    for (std::size_t u = 0; u < used_list_.size(); ++u) {
      double* const copy = work.tail.data() + u * block;
      std::copy_n(columns[used_list_[u]] + first, lanes, copy);
      std::fill(copy + lanes, copy + whole, copy[lanes - 1]);
      work.value[used_list_[u]] = copy;
    }
  }
  // Most blocks are sure as a whole. Which of its variants are in doubt is asked only where some are, and at
  // once after a block that had some.
  bool sure = false;
  if (!work.doubted && !doubt_ && code_ != nullptr) {
    sure = run_code(lanes, whole, results, work);
    if (sure) return true;
  }
  prepare(work);
  const std::size_t next = first + lanes + block;
  Place place{columns, lanes, whole, next, next < count ? std::min(block, count - next) : 0};
  if (!work.doubted && !doubt_ && code_ == nullptr) {
    sure = pass(place, work, nullptr);
    place.ahead = 0;
  }
  if (!sure) sure = pass(place, work, work.ok.data());
  work.doubted = !sure;
  for (std::size_t r = 0; r < results_.size(); ++r) {
    if (results[r] == nullptr) continue;
    if (results_[r].is_shared())
      std::fill_n(results[r], lanes, results_[r].number);
    else
      std::copy_n(work.value[results_[r].column], lanes, results[r]);
  }
  if (doubt_) std::fill(work.ok.begin(), work.ok.end(), 0);
  return sure && !doubt_;
}

FUNNELGRAPH_INLINE std::size_t Tape::lanes_of_block(std::span<const double* const> columns, std::size_t first,
                                                    std::size_t left) const {
  using detail::tape_line;
  std::array<std::size_t, tape_line>
      aligned{};  // columns by the lanes that they are away from a line's start
  for (const std::uint32_t k : used_list_) {
    const std::size_t at = reinterpret_cast<std::uintptr_t>(columns[k] + first) / sizeof(double) % tape_line;
    ++aligned[(tape_line - at) % tape_line];
  }
  const auto most = std::max_element(aligned.begin(), aligned.end());
  const auto ahead = static_cast<std::size_t>(most - aligned.begin());
  if (ahead != 0 && 2 * *most > used_list_.size()) return std::min(ahead, left);
  if (left >= block || left < detail::lane_step) return std::min(left, block);
  return left / detail::lane_step * detail::lane_step;
}

/// Machine code over a block, straight into the results where all lanes are theirs.
FUNNELGRAPH_INLINE bool Tape::run_code(std::size_t lanes, std::size_t whole, std::span<double* const> results,
                                       Workspace& work) const {
  const bool direct = lanes == whole;
  const bool all = direct && std::find(results.begin(), results.end(), nullptr) == results.end();
  if (!all) work.made.resize(results_.size() * block);
  work.result.clear();
  for (std::size_t r = 0; r < results_.size(); ++r) {
    if (!results_[r].is_shared())
      work.result.push_back(direct && results[r] != nullptr ? results[r] : work.made.data() + r * block);
  }
  if (!code_->run(work.value.data(), work.result.data(), whole)) return false;
  for (std::size_t r = 0; r < results_.size(); ++r) {
    if (results[r] == nullptr) continue;
    if (results_[r].is_shared())
      std::fill_n(results[r], lanes, results_[r].number);
    else if (!direct)
      std::copy_n(work.made.data() + r * block, lanes, results[r]);
  }
  return true;
}

/// Whether all variants are sure; `ok` says which, unless it is null.
FUNNELGRAPH_INLINE bool Tape::pass(const Place& place, Workspace& work, std::int64_t* ok) const {
  using Kind = detail::TapeOperation::Kind;
  const detail::LaneKernels& kernels = detail::lane_kernels();
  const auto buffer = [&](std::uint32_t out) { return work.buffer[outs_[out]]; };
  const std::size_t lanes = place.lanes;
  const std::size_t whole = place.whole;
  std::size_t fetched = 0;
  bool all_ok = true;
  bool fresh = true;
  for (std::size_t o = 0; o < operations_.size(); ++o) {
    const Operation& operation = operations_[o];
    // The block after the next is fetched while this one is worked on, a few columns with each operation: one
    // block is over before far memory has answered.
    for (; place.ahead != 0 && fetched * operations_.size() < (o + 1) * used_list_.size(); ++fetched)
      detail::fetch_ahead(place.columns[used_list_[fetched]] + place.next, place.ahead);
    const double* const* const operand = work.operand.data() + operation.operand_begin;
    const double* const* const second = operand + operation.operands;
    switch (operation.kind) {
      case Kind::dot:
        kernels.dot({.out = buffer(operation.out),
                     .start = operation.start,
                     .x = operand,
                     .scale = scale_.data() + operation.scaled_begin,
                     .shift = shift_.data() + operation.scaled_begin,
                     .scaled = operation.scaled,
                     .a = operand + operation.scaled,
                     .b = operand + operation.scaled + operation.operands,
                     .products = operation.operands},
                    whole);
        break;
      case Kind::divide:
        kernels.divide(buffer(operation.out), operand[0], second[0], whole);
        break;
      case Kind::ratio:
        kernels.ratio(buffer(operation.out), operand[0], second[0], whole);
        break;
      case Kind::missing:
        kernels.missing(buffer(operation.out), operand, operation.operands, whole);
        break;
      case Kind::at_least:
        kernels.at_least(buffer(operation.out), operand[0], operation.start, whole);
        break;
      case Kind::unless:
        kernels.unless(buffer(operation.out), operand[0], second[0], whole);
        break;
      case Kind::within:
        kernels.within(
            {.out = buffer(operation.out), .x = operand, .limit = second, .checks = operation.operands},
            whole);
        break;
      case Kind::check: {
        const bool kept = kernels.check({.ok = ok,
                                         .fresh = fresh,
                                         .x = operand,
                                         .low = scale_.data() + operation.scaled_begin,
                                         .high = shift_.data() + operation.scaled_begin,
                                         .both = operation.function,
                                         .checks = operation.operands},
                                        whole);
        all_ok = all_ok && kept;
        fresh = false;
        break;
      }
      case Kind::guard: {
        const bool kept = kernels.guard({.out = operation.outs != 0 ? buffer(operation.out) : nullptr,
                                         .ok = ok,
                                         .fresh = fresh,
                                         .start = operation.start,
                                         .least = operation.least,
                                         .x = operand,
                                         .scale = scale_.data() + operation.scaled_begin,
                                         .shift = shift_.data() + operation.scaled_begin,
                                         .scaled = operation.scaled},
                                        whole);
        all_ok = all_ok && kept;
        fresh = false;
        break;
      }
      case Kind::map: {
        work.arguments.resize(operation.operands + operation.outs);
        const std::span<double> in(work.arguments.data(), operation.operands);
        const std::span<double> out(work.arguments.data() + operation.operands, operation.outs);
        for (std::size_t i = 0; i < lanes; ++i) {
          for (std::size_t k = 0; k < in.size(); ++k) in[k] = operand[k][i];
          functions_[operation.function](in, out);
          for (std::uint32_t r = 0; r < operation.outs; ++r) buffer(operation.out + r)[i] = out[r];
        }
        for (std::uint32_t r = 0; r < operation.outs; ++r) {
          double* const made = buffer(operation.out + r);
          std::fill(made + lanes, made + whole, made[lanes - 1]);
        }
        break;
      }
    }
  }
  if (ok != nullptr && fresh) std::fill_n(ok, lanes, std::int64_t{-1});
  return all_ok;
}

FUNNELGRAPH_INLINE const char* Tape::instruction_set() noexcept { return detail::lane_kernels().name; }

}  // namespace funnelgraph::inline v0
