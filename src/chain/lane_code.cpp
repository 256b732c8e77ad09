// Machine code for x86-64 with AVX2 or AVX-512, called as the System V convention says.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <funnelgraph/chain/detail/lane_code.hpp>
#include <vector>

#include "lane_writer.hpp"

namespace funnelgraph::inline v0::detail {

LaneCode::~LaneCode() {
  if (memory_ != nullptr) ::munmap(memory_, size_);
}

std::size_t LaneCode::widest() noexcept {
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl"))
    return 8;
  return __builtin_cpu_supports("avx2") ? 4 : 0;
}

std::shared_ptr<const LaneCode> LaneCode::compile(std::uint32_t columns, std::span<const TapeOperation> steps,
                                                  std::span<const std::uint32_t> results, std::size_t width) {
  if (width == 0 || width > widest()) return nullptr;
  if (std::any_of(steps.begin(), steps.end(),
                  [](const TapeOperation& step) { return step.kind == TapeOperation::Kind::map; }))
    return nullptr;
  const std::vector<std::uint8_t> code = LaneWriter(columns, steps, results, width).written();
  if (code.empty()) return nullptr;
  // Code begins one line behind the start: what looks before a function for its type finds memory there.
  constexpr std::size_t line = 64;
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const std::size_t size = (line + code.size() + page - 1) / page * page;
  void* const memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return nullptr;
  std::shared_ptr<LaneCode> made(new LaneCode);
  made->memory_ = memory;
  made->size_ = size;
  made->entry_ = static_cast<std::uint8_t*>(memory) + line;
  std::memcpy(made->entry_, code.data(), code.size());
  if (::mprotect(memory, size, PROT_READ | PROT_EXEC) != 0) return nullptr;
  return made;
}

bool LaneCode::run(const double* const* columns, double* const* results, std::size_t lanes) const {
  using Loop = unsigned (*)(const double* const*, double* const*, std::size_t);
  return reinterpret_cast<Loop>(entry_)(columns, results, lanes * sizeof(double)) == 0;
}

}  // namespace funnelgraph::inline v0::detail
