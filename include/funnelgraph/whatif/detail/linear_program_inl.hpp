// Linear programs of a few dozen unknowns.
#pragma once

#include <cstddef>
#include <limits>
#include <vector>

namespace funnelgraph::inline v0::detail {

/// Maximise value . x subject to row . x <= most for each row, x >= 0. `most` may be negative.
struct LinearProgram {
  std::vector<double> value;
  std::vector<std::vector<double>> rows;
  std::vector<double> most;
};

struct LinearSolution {
  bool feasible = false;
  bool bounded = true;
  std::vector<double> x;
};

/// Dense tableau, two phases (the first by one artificial unknown), Bland's rule, so that it cannot cycle.
/// Dantzig (1951); Bland (1977). Rows should be scaled to about 1.
class Simplex {
 public:
  explicit Simplex(const LinearProgram& program)
      : rows_(program.rows.size()), columns_(program.value.size()) {
    // Columns: unknowns, slacks, the artificial one, the right side. The last row is the objective.
    const std::size_t width = columns_ + rows_ + 2;
    table_.assign(rows_ + 1, std::vector<double>(width, 0.0));
    for (std::size_t r = 0; r < rows_; ++r) {
      for (std::size_t c = 0; c < columns_; ++c) table_[r][c] = program.rows[r][c];
      table_[r][columns_ + r] = 1;
      table_[r][artificial()] = -1;
      table_[r][right()] = program.most[r];
      basis_.push_back(columns_ + r);
    }
  }

  LinearSolution solve(const std::vector<double>& value) {
    LinearSolution out;
    std::size_t worst = 0;
    for (std::size_t r = 1; r < rows_; ++r) {
      if (table_[r][right()] < table_[worst][right()]) worst = r;
    }
    if (table_[worst][right()] < 0) {
      table_[rows_][artificial()] = 1;
      pivot(worst, artificial());
      (void)run(true);
      if (table_[rows_][right()] < -tolerance) return out;
      for (std::size_t r = 0; r < rows_; ++r) {  // out of the basis, where it stays at 0
        if (basis_[r] != artificial()) continue;
        for (std::size_t c = 0; c < artificial(); ++c) {
          if (table_[r][c] > tolerance || table_[r][c] < -tolerance) {
            pivot(r, c);
            break;
          }
        }
      }
    }
    out.feasible = true;
    std::vector<double>& objective = table_[rows_];
    objective.assign(objective.size(), 0.0);
    for (std::size_t c = 0; c < columns_; ++c) objective[c] = -value[c];
    for (std::size_t r = 0; r < rows_; ++r) {
      const double by = objective[basis_[r]];
      if (by == 0) continue;
      for (std::size_t c = 0; c < objective.size(); ++c) objective[c] -= by * table_[r][c];
    }
    out.bounded = run(false);
    out.x.assign(columns_, 0.0);
    for (std::size_t r = 0; r < rows_; ++r) {
      if (basis_[r] < columns_) out.x[basis_[r]] = table_[r][right()] > 0 ? table_[r][right()] : 0;
    }
    return out;
  }

 private:
  static constexpr double tolerance = 1e-11;

  [[nodiscard]] std::size_t artificial() const noexcept { return columns_ + rows_; }
  [[nodiscard]] std::size_t right() const noexcept { return columns_ + rows_ + 1; }

  void pivot(std::size_t row, std::size_t column) {
    std::vector<double>& line = table_[row];
    const double by = line[column];
    for (double& cell : line) cell /= by;
    for (std::size_t r = 0; r <= rows_; ++r) {
      const double factor = table_[r][column];
      if (r == row || factor == 0) continue;
      for (std::size_t c = 0; c < line.size(); ++c) table_[r][c] -= factor * line[c];
      table_[r][column] = 0;
    }
    basis_[row] = column;
  }

  /// False where the objective has no bound.
  bool run(bool with_artificial) {
    while (true) {
      std::size_t entering = right();
      const std::size_t last = with_artificial ? right() : artificial();
      for (std::size_t c = 0; c < last && entering == right(); ++c) {
        if (table_[rows_][c] < -tolerance) entering = c;
      }
      if (entering == right()) return true;
      std::size_t leaving = rows_;
      double least = std::numeric_limits<double>::infinity();
      for (std::size_t r = 0; r < rows_; ++r) {
        if (!(table_[r][entering] > tolerance)) continue;
        const double ratio = table_[r][right()] / table_[r][entering];
        if (ratio < least || (ratio == least && basis_[r] < basis_[leaving])) {
          least = ratio;
          leaving = r;
        }
      }
      if (leaving == rows_) return false;
      pivot(leaving, entering);
    }
  }

  std::size_t rows_, columns_;
  std::vector<std::vector<double>> table_;
  std::vector<std::size_t> basis_;
};

inline LinearSolution solve_linear(const LinearProgram& program) {
  return Simplex(program).solve(program.value);
}

}  // namespace funnelgraph::inline v0::detail
