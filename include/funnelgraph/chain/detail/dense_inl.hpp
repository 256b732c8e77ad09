#pragma once

#include <Eigen/Dense>

#include <funnelgraph/chain/detail/dense.hpp>

namespace funnelgraph::inline v0::detail {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

FUNNELGRAPH_INLINE void add_product(double* c, const double* a, const double* b, ProductSize size) {
  using Stride = Eigen::OuterStride<>;
  const Stride stride(static_cast<Eigen::Index>(size.stride));
  const auto rows = static_cast<Eigen::Index>(size.rows);
  const auto columns = static_cast<Eigen::Index>(size.columns);
  const auto inner = static_cast<Eigen::Index>(size.inner);
  const Eigen::Map<const RowMajor, 0, Stride> left(a, rows, inner, stride);
  const Eigen::Map<const RowMajor, 0, Stride> right(b, inner, columns, stride);
  Eigen::Map<RowMajor, 0, Stride>(c, rows, columns, stride).noalias() += left * right;
}

FUNNELGRAPH_INLINE std::vector<double> dense_inverse(const double* a, const double* pivot, std::size_t size) {
  // A triangular solve subtracts factor times known: with the factors negated it adds.
  const auto n = static_cast<Eigen::Index>(size);
  RowMajor factors = -Eigen::Map<const RowMajor>(a, n, n);
  factors.diagonal() = Eigen::Map<const Eigen::VectorXd>(pivot, n);
  std::vector<double> inverse(size * size, 0.0);
  Eigen::Map<RowMajor> result(inverse.data(), n, n);
  result.diagonal().setOnes();
  factors.triangularView<Eigen::UnitLower>().solveInPlace(result);
  factors.triangularView<Eigen::Upper>().solveInPlace(result);
  return inverse;
}

}  // namespace funnelgraph::inline v0::detail
