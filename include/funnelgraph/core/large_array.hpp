// Arrays of numbers that are written right after they are made, and may be large.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {
namespace detail {

/// Bytes of a huge page of x86-64 and of most ARM systems.
inline constexpr std::size_t huge_page = std::size_t{1} << 21;

/// Memory that begins at a huge page. On Linux the system is asked for huge pages, to the nearest number of
/// whole ones: a new array of 8 MB then costs four page faults and not two thousand. Throws std::bad_alloc.
[[nodiscard]] void* allocate_huge_pages(std::size_t bytes);
void free_huge_pages(void* memory) noexcept;

/// Takes large arrays from huge pages, and leaves numbers that are given no value unset.
template <class T>
struct LargeArrayAllocator {
  using value_type = T;
  LargeArrayAllocator() = default;
  template <class Other>
  explicit(false) LargeArrayAllocator(const LargeArrayAllocator<Other>&) noexcept {}

  [[nodiscard]] T* allocate(std::size_t count) {
    if (!large(count)) return std::allocator<T>{}.allocate(count);
    if (count > static_cast<std::size_t>(-1) / sizeof(T)) throw std::bad_array_new_length();
    return static_cast<T*>(allocate_huge_pages(count * sizeof(T)));
  }
  void deallocate(T* memory, std::size_t count) noexcept {
    if (!large(count)) return std::allocator<T>{}.deallocate(memory, count);
    free_huge_pages(memory);
  }
  template <class... Values>
  void construct(T* place, Values&&... values) {
    if constexpr (sizeof...(Values) == 0 && std::is_trivially_default_constructible_v<T>)
      ::new (static_cast<void*>(place)) T;
    else
      ::new (static_cast<void*>(place)) T(std::forward<Values>(values)...);
  }
  bool operator==(const LargeArrayAllocator&) const = default;

 private:
  static bool large(std::size_t count) noexcept { return count >= huge_page / sizeof(T); }
};

}  // namespace detail

/// A vector whose `resize` sets no numbers: for arrays that are written whole before they are read. T of
/// at most the alignment of a huge page.
template <class T>
using LargeArray = std::vector<T, detail::LargeArrayAllocator<T>>;

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/core/large_array_inl.hpp>
#endif
