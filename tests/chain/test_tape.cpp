// The tape against the same numbers one at a time, and its kernels against each other.
#include <algorithm>
#include <bit>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <funnelgraph/chain/tape.hpp>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace fg = funnelgraph;

namespace {

struct Ran {
  std::vector<std::vector<double>> results;
  std::vector<bool> doubt;
};

/// Block by block; `asked`: every block as one after a doubt, which kernels run one operation at a time.
Ran run_one_way(const fg::Tape& tape, const std::vector<std::vector<double>>& columns, std::size_t results,
                bool asked) {
  const std::size_t count = columns.front().size();
  Ran ran{.results = std::vector(results, std::vector<double>(count)), .doubt = std::vector<bool>(count)};
  std::vector<const double*> in;
  for (const auto& column : columns) in.push_back(column.data());
  fg::Tape::Workspace work;
  for (std::size_t first = 0; first < count; first += fg::Tape::block) {
    const std::size_t lanes = std::min(fg::Tape::block, count - first);
    std::vector<double*> out;
    for (auto& result : ran.results) out.push_back(result.data() + first);
    work.doubted = work.doubted || asked;
    if (tape.run(in, first, lanes, count, out, work)) continue;
    for (std::size_t i = 0; i < lanes; ++i) ran.doubt[first + i] = work.ok[i] == 0;
  }
  return ran;
}

/// As it comes, after a look that the kernels alone say the same of the same variants, to the bit.
Ran run(const fg::Tape& tape, const std::vector<std::vector<double>>& columns, std::size_t results) {
  const Ran ran = run_one_way(tape, columns, results, false);
  const Ran asked = run_one_way(tape, columns, results, true);
  REQUIRE(ran.doubt == asked.doubt);
  std::size_t off = 0;
  for (std::size_t r = 0; r < results; ++r) {
    for (std::size_t v = 0; v < ran.doubt.size(); ++v) {
      const double one = ran.results[r][v], other = asked.results[r][v];
      const bool same = std::isnan(one)
                            ? std::isnan(other)
                            : std::bit_cast<std::uint64_t>(one) == std::bit_cast<std::uint64_t>(other);
      off += same || ran.doubt[v] ? 0 : 1;
    }
  }
  REQUIRE(off == 0);
  return ran;
}

std::vector<std::vector<double>> drawn(std::size_t columns, std::size_t count) {
  std::mt19937_64 bits(11);
  std::vector<std::vector<double>> all(columns, std::vector<double>(count));
  for (auto& column : all) {
    for (double& x : column) x = static_cast<double>(bits() >> 11U) * 0x1p-53;
  }
  return all;
}

}  // namespace

TEST_CASE("every operation does what it says, in whole blocks and at the end of a last one") {
  for (const std::size_t count : {std::size_t{1}, std::size_t{31}, std::size_t{32}, std::size_t{700}}) {
    auto columns = drawn(4, count);
    columns[3][count / 2] = 0;
    fg::TapeBuilder tape(4);
    const fg::TapeValue a = tape.column(0), b = tape.column(1), c = tape.column(2), d = tape.column(3);
    const fg::TapeTerm terms[] = {{a, b}, {c, 2.5}, {0.0, d}, {3.0, 4.0}};
    const fg::TapeBuilder::Difference differences[] = {{a, 0.5, 3}, {1.0, 0.25, 2}};
    const fg::TapeValue parts[] = {a, b};
    const fg::TapeTerm limits[] = {{a, 0.9}, {b, c}};
    const fg::TapeValue in[] = {a, b};
    const auto mapped = tape.map(in, 2, [](std::span<const double> x, std::span<double> y) {
      y[0] = std::pow(x[0], x[1]);
      y[1] = x[0] - x[1];
    });
    const fg::TapeValue results[] = {tape.sum(1.0, terms),
                                     tape.sum_of_differences(2, differences),
                                     tape.quotient(a, b),
                                     tape.ratio(a, d),
                                     tape.missing(parts),
                                     tape.at_least(a, 0.5),
                                     tape.unless(a, d),
                                     tape.within(limits),
                                     mapped[0],
                                     mapped[1],
                                     tape.sum(tape.product(a, a), terms),
                                     7.0};
    const fg::Tape made(tape, results);
    const Ran ran = run(made, columns, std::size(results));
    for (std::size_t v = 0; v < count; ++v) {
      const double x = columns[0][v], y = columns[1][v], z = columns[2][v], w = columns[3][v];
      INFO(count << " variants, variant " << v);
      // The same operations in the same order: the same bits.
      CHECK(ran.results[0][v] == ((1.0 + 3.0 * 4.0) + z * 2.5) + x * y);
      CHECK(ran.results[1][v] == (2 + (1.0 - 0.25) * 2) + (x - 0.5) * 3);
      CHECK(ran.results[2][v] == x / y);
      if (w == 0) {
        CHECK(std::isnan(ran.results[3][v]));
        CHECK(ran.results[6][v] == x);
      } else {
        CHECK(ran.results[3][v] == x / w);
        CHECK(std::isnan(ran.results[6][v]));
      }
      CHECK(ran.results[4][v] == static_cast<double>(1.0L - x - y));
      CHECK(ran.results[5][v] == (x < 0.5 ? 0 : x));
      CHECK(ran.results[7][v] == (x > 0.9 || y > z ? 0 : 1));
      CHECK(ran.results[8][v] == std::pow(x, y));
      CHECK(ran.results[9][v] == x - y);
      CHECK(ran.results[11][v] == 7);
    }
  }
}

TEST_CASE("what only shared numbers reach is not recorded, what nobody asks for is left out") {
  fg::TapeBuilder tape(2);
  const fg::TapeTerm shared[] = {{2.0, 3.0}, {4.0, 0.5}};
  const fg::TapeValue folded = tape.sum(1.0, shared);
  REQUIRE(folded.is_shared());
  CHECK(folded.number == 9);
  CHECK(tape.quotient(folded, 3.0).number == 3);
  CHECK(std::isnan(tape.ratio(1.0, 0.0).number));
  CHECK(tape.product(tape.column(0), 1.0).column == 0);
  CHECK(tape.product(tape.column(0), 0.0).is(0));
  CHECK(tape.size() == 0);
  static_cast<void>(tape.product(tape.column(0), tape.column(1)));  // asked for by nobody
  const fg::TapeValue results[] = {tape.product(tape.column(1), 2.0)};
  const fg::Tape made(tape, results);
  CHECK(made.operations() == 1);
  CHECK_FALSE(made.uses(0));
  CHECK(made.uses(1));
}

TEST_CASE("temporaries share buffers") {
  fg::TapeBuilder tape(2);
  fg::TapeValue x = tape.column(0);
  for (int i = 0; i < 100; ++i) x = tape.product(x, tape.column(1));
  const fg::TapeValue results[] = {x};
  const fg::Tape made(tape, results);
  CHECK(made.operations() == 100);
  CHECK(made.buffers() == 1);
}

TEST_CASE("a variant is in doubt where a check fails, and only there") {
  auto columns = drawn(2, 600);
  columns[0][5] = -1;
  columns[0][299] = std::numeric_limits<double>::quiet_NaN();
  columns[1][599] = 2;
  fg::TapeBuilder tape(2);
  tape.check(tape.column(0), 0);
  const fg::TapeValue twice = tape.product(tape.column(1), 2.0);
  tape.check(twice, 0, 3);
  const fg::TapeValue results[] = {tape.column(0)};
  const Ran ran = run(fg::Tape(tape, results), columns, 1);
  for (std::size_t v = 0; v < 600; ++v) {
    INFO("variant " << v);
    CHECK(ran.doubt[v] == (v == 5 || v == 299 || v == 599));
  }
  tape.check(2.0, 0, 1);  // of a number that all share
  const Ran none = run(fg::Tape(tape, results), columns, 1);
  CHECK(none.doubt[0]);
  CHECK(none.doubt[450]);
}

TEST_CASE("sums of every small shape have the bits of one addition after another") {
  constexpr std::size_t count = 300;
  const auto columns = drawn(10, count);
  for (std::size_t scaled = 0; scaled <= 4; ++scaled) {
    for (std::size_t products = 0; products <= 4; ++products) {
      for (const bool plain : {true, false}) {
        if (scaled + products == 0) continue;
        INFO(scaled << " terms, " << products << " products, plain " << plain);
        fg::TapeBuilder tape(10);
        std::vector<fg::TapeTerm> terms;
        const double factor = plain ? 1.0 : 2.5;
        for (std::size_t k = 0; k < scaled; ++k)
          terms.push_back({tape.column(static_cast<std::uint32_t>(k)), factor});
        for (std::size_t k = 0; k < products; ++k) {
          const auto at = static_cast<std::uint32_t>(k);
          terms.push_back({tape.column(at + 4), tape.column(at + 5)});
        }
        const fg::TapeValue results[] = {tape.sum(0.125, terms)};
        const Ran ran = run(fg::Tape(tape, results), columns, 1);
        std::size_t off = 0;
        for (std::size_t v = 0; v < count; ++v) {
          double sum = 0.125;
          for (std::size_t k = 0; k < scaled; ++k) sum += columns[k][v] * factor;
          for (std::size_t k = 0; k < products; ++k) sum += columns[k + 4][v] * columns[k + 5][v];
          off += ran.results[0][v] == sum ? 0 : 1;
        }
        CHECK(off == 0);
      }
    }
  }
}

TEST_CASE("guards of every length doubt the same variants in any company, and give the same bits") {
  // 1,300 variants: whole blocks that are sure, one with a doubt, one after it, and a last one that is short.
  constexpr std::size_t count = 1300;
  const double nothing = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t terms = 1; terms <= 5; ++terms) {
    for (const bool read : {true, false}) {
      INFO(terms << " terms, the sum is read: " << read);
      fg::TapeBuilder tape(5);
      std::vector<fg::TapeBuilder::Difference> differences;
      for (std::size_t k = 0; k < terms; ++k)
        differences.push_back({tape.column(static_cast<std::uint32_t>(k)), 0.2, k % 2 == 0 ? -1.0 : -0.7});
      const fg::TapeValue sum = tape.guarded_sum(6, differences, 0.5);
      const fg::TapeValue results[] = {read ? sum : tape.column(0)};
      const fg::Tape made(tape, results);
      const auto sure = drawn(5, count);
      auto columns = sure;
      columns[terms - 1][300] = -0.25;
      columns[0][301] = nothing;
      columns[0][302] = 50;    // the sum is too low
      columns[0][303] = -0.0;  // is not below 0
      columns[0][1299] = -1e-300;
      const Ran alone = run(made, sure, 1);
      const Ran ran = run(made, columns, 1);
      for (std::size_t v = 0; v < count; ++v) {
        INFO("variant " << v);
        const bool doubtful = (v >= 300 && v <= 302) || v == 1299;
        REQUIRE(ran.doubt[v] == doubtful);
        REQUIRE_FALSE(alone.doubt[v]);
        if (!doubtful && v != 303) REQUIRE(ran.results[0][v] == alone.results[0][v]);
      }
    }
  }
}

TEST_CASE("the kernels have a name") {
  const std::string name = fg::Tape::instruction_set();
  CHECK((name == "avx512" || name == "avx2" || name == "baseline"));
}
