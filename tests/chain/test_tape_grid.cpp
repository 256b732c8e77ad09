// Rows and cells of a grid against the same tape run on every pair.
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <funnelgraph/chain/tape.hpp>
#include <funnelgraph/chain/tape_grid.hpp>
#include <random>
#include <vector>

namespace fg = funnelgraph;

namespace {

struct Recorded {
  fg::TapeBuilder tape{4};
  std::vector<fg::TapeValue> results;
};

/// Values of columns 0 and 1 alone, of 2 and 3 alone, of both, of none; one of two outputs of a map.
Recorded recorded() {
  Recorded made;
  fg::TapeBuilder& tape = made.tape;
  const fg::TapeValue a = tape.column(0), b = tape.column(1), c = tape.column(2), d = tape.column(3);
  const fg::TapeTerm of_cells[] = {{a, b}, {a, 3.0}};
  const fg::TapeValue cell = tape.sum(1.0, of_cells);
  const fg::TapeValue in[] = {c, d};
  const auto mapped = tape.map(in, 2, [](std::span<const double> x, std::span<double> y) {
    y[0] = std::pow(x[0], x[1]);
    y[1] = x[0] - x[1];
  });
  const fg::TapeValue row = tape.quotient(c, tape.sum(0.5, {{{d, d}}}));
  const fg::TapeTerm of_both[] = {{cell, row}, {b, d}};
  const fg::TapeValue both = tape.sum(0.25, of_both);
  const fg::TapeValue missing_of[] = {a, d};
  const fg::TapeValue missing = tape.missing(missing_of);
  tape.check(b, 0, 0.97);
  tape.check(d, 0.02);
  tape.check(both, 0, 9);
  const fg::TapeBuilder::Difference guarded[] = {{a, 0, -1}, {c, 0, -1}};
  const fg::TapeValue guard = tape.guarded_sum(2, guarded, 0.1);
  made.results = {both, tape.product(cell, both), cell, row, mapped[1], missing, guard, 7.0};
  return made;
}

std::vector<double> drawn(std::mt19937_64& bits, std::size_t count) {
  std::vector<double> out(count);
  for (double& x : out) x = static_cast<double>(bits() >> 11U) * 0x1p-53;
  return out;
}

}  // namespace

TEST_CASE("a grid has the bits of every pair, and doubts the rows that have one in doubt") {
  for (const auto& [rows, cells] : {std::pair<std::size_t, std::size_t>{1, 1}, {5, 31}, {300, 700}}) {
    std::mt19937_64 bits(23);
    const std::vector<std::vector<double>> columns = {drawn(bits, cells), drawn(bits, cells),
                                                      drawn(bits, rows), drawn(bits, rows)};
    const Recorded made = recorded();
    const std::vector<std::uint8_t> of_cells = {1, 1, 0, 0};
    for (const bool calm : {true, false}) {
      std::vector<std::vector<double>> used = columns;
      if (calm) {
        for (auto& column : used) {
          for (double& x : column) x = 0.1 + 0.8 * x;
        }
      }
      const fg::TapeGrid grid(made.tape, made.results, of_cells);
      const fg::Tape tape(made.tape, made.results);
      std::vector<const double*> in;
      for (const auto& column : used) in.push_back(column.data());
      const fg::TapeGrid::Side of_row = grid.rows(in, rows), of_cell = grid.cells(in, cells);
      fg::TapeGrid::Workspace work;
      fg::Tape::Workspace plain;
      std::size_t sure_rows = 0;
      for (std::size_t row = 0; row < rows; ++row) {
        std::vector<std::vector<double>> out(made.results.size(), std::vector<double>(cells));
        auto expected = out;
        std::vector<double*> results;
        for (auto& result : out) results.push_back(result.data());
        const bool sure = grid.run(of_row, row, of_cell, results, work);
        bool all = true;
        std::vector<std::vector<double>> pairs = used;
        for (const std::size_t k : {std::size_t{2}, std::size_t{3}}) pairs[k].assign(cells, used[k][row]);
        std::vector<const double*> pair_in;
        for (const auto& column : pairs) pair_in.push_back(column.data());
        for (std::size_t first = 0; first < cells; first += fg::Tape::block) {
          std::vector<double*> to;
          for (auto& result : expected) to.push_back(result.data() + first);
          all = tape.run(pair_in, first, std::min(fg::Tape::block, cells - first), cells, to, plain) && all;
        }
        // A cell in doubt by itself leaves every row in doubt.
        if (calm) REQUIRE(sure == all);
        REQUIRE((!sure || all));
        if (!sure) continue;
        ++sure_rows;
        for (std::size_t r = 0; r < out.size(); ++r)
          REQUIRE(std::memcmp(out[r].data(), expected[r].data(), cells * sizeof(double)) == 0);
      }
      if (calm) CHECK(sure_rows == rows);
      if (!calm && cells == 700) CHECK(sure_rows == 0);
    }
  }
}

TEST_CASE("a grid works out a pair's part alone") {
  const Recorded made = recorded();
  const std::vector<std::uint8_t> none = {0, 0, 0, 0}, cells = {1, 1, 0, 0};
  CHECK(fg::TapeGrid(made.tape, made.results, none).terms() == 0);
  CHECK(fg::TapeGrid(made.tape, made.results, cells).terms() < fg::Tape(made.tape, made.results).terms());
}

TEST_CASE("cells get the groups that leave them the least work") {
  // A chain v0 = c0 v1, v1 = c1 v2, ...: what varies late in it touches little.
  constexpr std::uint32_t length = 8;
  fg::TapeBuilder tape(length);
  fg::TapeValue value = tape.column(length - 1);
  for (std::uint32_t k = length - 1; k-- > 0;) value = tape.product(tape.column(k), value);
  std::vector<fg::TapeGroup> groups;
  for (std::uint32_t k = 0; k < length; ++k) groups.push_back({{k}, 1});
  CHECK(fg::cell_groups(tape, groups, 3) == std::vector<std::uint8_t>{1, 1, 1, 0, 0, 0, 0, 0});
  groups[1].size = 3;  // alone it touches two products for three places
  CHECK(fg::cell_groups(tape, groups, 3) == std::vector<std::uint8_t>{0, 1, 0, 0, 0, 0, 0, 0});
  CHECK(fg::cell_groups(tape, groups, 2) == std::vector<std::uint8_t>{1, 0, 1, 0, 0, 0, 0, 0});
  CHECK(fg::cell_groups(tape, groups, 0) == std::vector<std::uint8_t>(length, 0));
}
