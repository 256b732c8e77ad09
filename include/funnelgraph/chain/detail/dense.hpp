// The same elimination on a full block of numbers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0::detail {

/// Sizes of C (rows x columns) += A (rows x inner) B (inner x columns), all row-major with one stride.
struct ProductSize {
  std::size_t rows = 0, columns = 0, inner = 0, stride = 0;
};
/// C += A B through Eigen.
void add_product(double* c, const double* a, const double* b, ProductSize size);
/// The inverse of (I - L)(S - U), row-major, from the factors of `eliminate_dense`, through Eigen. Only
/// positive numbers are ever added.
[[nodiscard]] std::vector<double> dense_inverse(const double* a, const double* pivot, std::size_t size);

template <class T>
void add_product(T* c, const T* a, const T* b, ProductSize size) {
  for (std::size_t i = 0; i < size.rows; ++i)
    for (std::size_t k = 0; k < size.inner; ++k) {
      const T factor = a[i * size.stride + k];
      for (std::size_t j = 0; j < size.columns; ++j)
        c[i * size.stride + j] = c[i * size.stride + j] + factor * b[k * size.stride + j];
    }
}

template <class T>
[[nodiscard]] std::vector<T> dense_inverse(const T* a, const T* pivot, std::size_t size) {
  std::vector<T> inverse(size * size, T(0));
  T* g = inverse.data();
  for (std::size_t i = 0; i < size; ++i) {
    g[i * size + i] = T(1);
    for (std::size_t k = 0; k < i; ++k)
      for (std::size_t j = 0; j <= k; ++j)
        g[i * size + j] = g[i * size + j] + a[i * size + k] * g[k * size + j];
  }
  for (std::size_t k = size; k-- > 0;) {
    for (std::size_t m = k + 1; m < size; ++m)
      for (std::size_t j = 0; j < size; ++j)
        g[k * size + j] = g[k * size + j] + a[k * size + m] * g[m * size + j];
    for (std::size_t j = 0; j < size; ++j) g[k * size + j] = g[k * size + j] / pivot[k];
  }
  return inverse;
}

/// The diagonal of that inverse, from the inverses of the two factors: a third of the work.
template <class T>
[[nodiscard]] std::vector<T> dense_inverse_diagonal(const T* a, const T* pivot, std::size_t size) {
  // A row of L's inverse is a sum of rows above it, one of U's inverse of rows below it.
  std::vector<T> lower(size * size, T(0)), upper(size * size, T(0));
  for (std::size_t i = 0; i < size; ++i) {
    T* row = lower.data() + i * size;
    row[i] = T(1);
    for (std::size_t k = 0; k < i; ++k) {
      const T factor = a[i * size + k];
      const T* above = lower.data() + k * size;
      for (std::size_t j = 0; j <= k; ++j) row[j] = row[j] + factor * above[j];
    }
  }
  for (std::size_t k = size; k-- > 0;) {
    T* row = upper.data() + k * size;
    row[k] = T(1);
    for (std::size_t m = k + 1; m < size; ++m) {
      const T factor = a[k * size + m];
      const T* below = upper.data() + m * size;
      for (std::size_t j = m; j < size; ++j) row[j] = row[j] + factor * below[j];
    }
    for (std::size_t j = k; j < size; ++j) row[j] = row[j] / pivot[k];
  }
  std::vector<T> diagonal(size, T(0));
  for (std::size_t k = 0; k < size; ++k)
    for (std::size_t c = 0; c <= k; ++c)
      diagonal[c] = diagonal[c] + upper[c * size + k] * lower[k * size + c];
  return diagonal;
}

/// Eliminates the row-major block `a` in place, from the first stage to the last: below the diagonal
/// a_ik / s_k, above it u_kj, on it nothing of use; `exit` gets what leaves the block and `pivot` the s_k.
/// Blocks of columns, so that most of the work is matrix products. `check(k)` is called once pivot[k] is
/// known.
template <class T, class Check>
void eliminate_dense(T* a, T* pivot, T* exit, std::size_t size, const Check& check) {
  constexpr std::size_t panel = 48;
  const auto reduce = [&](std::size_t i, std::size_t k, std::size_t columns) {
    T* row = a + i * size;
    const T* above = a + k * size;
    const T factor = row[k] / pivot[k];
    row[k] = factor;
    exit[i] = exit[i] + factor * exit[k];
    for (std::size_t j = k + 1; j < columns; ++j) row[j] = row[j] + factor * above[j];
  };
  for (std::size_t first = 0; first < size; first += panel) {
    const std::size_t last = std::min(first + panel, size);
    for (std::size_t k = first; k < last; ++k) {
      for (std::size_t before = first; before < k; ++before) reduce(k, before, size);
      pivot[k] = exit[k];
      for (std::size_t j = k + 1; j < size; ++j) pivot[k] = pivot[k] + a[k * size + j];
      check(k);
    }
    for (std::size_t i = last; i < size; ++i)
      for (std::size_t k = first; k < last; ++k) reduce(i, k, last);
    if (last < size)
      add_product(a + last * size + last, a + last * size + first, a + first * size + last,
                  {size - last, size - last, last - first, size});
  }
}

}  // namespace funnelgraph::inline v0::detail

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/chain/detail/dense_inl.hpp>
#endif
