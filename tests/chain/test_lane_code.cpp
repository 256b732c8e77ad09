// Machine code of tapes against the same steps taken one number at a time.
#include <algorithm>
#include <bit>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <funnelgraph/chain/detail/lane_code.hpp>
#include <funnelgraph/chain/detail/tape_operation.hpp>
#include <limits>
#include <memory>
#include <random>
#include <vector>

namespace fg = funnelgraph;
using fg::detail::LaneCode;
using Step = fg::detail::TapeOperation;

namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

fg::TapeValue value(std::uint32_t number) {
  fg::TapeValue made;
  made.column = number;
  return made;
}

/// One step for one variant; false where it puts the variant in doubt.
bool take(const Step& step, std::vector<double>& numbers) {
  const auto set = [&](double number) { numbers[step.out.front()] = number; };
  double sum = step.start;
  bool sure = true;
  switch (step.kind) {
    case Step::Kind::dot:
    case Step::Kind::guard:
      for (const fg::TapeDifference& term : step.scaled) {
        const double x = numbers[term.a.column];
        sum += (x - term.shift) * term.scale;
        if (step.kind == Step::Kind::guard) sure = sure && x >= 0;
      }
      for (std::size_t k = 0; k < step.a.size(); ++k) sum += numbers[step.a[k]] * numbers[step.b[k]];
      set(sum);
      return sure && (step.kind == Step::Kind::dot || sum >= step.least);
    case Step::Kind::divide:
      set(numbers[step.a[0]] / numbers[step.b[0]]);
      return true;
    case Step::Kind::ratio:
      set(numbers[step.b[0]] == 0 ? nothing : numbers[step.a[0]] / numbers[step.b[0]]);
      return true;
    case Step::Kind::missing: {
      double rest = 1, carry = 0;
      for (const std::uint32_t part : step.a) {
        const double next = rest - numbers[part], back = next - rest;
        carry += (rest - (next - back)) - (numbers[part] + back);
        rest = next;
      }
      set(rest + carry);
      return true;
    }
    case Step::Kind::at_least:
      set(numbers[step.a[0]] < step.start ? 0 : numbers[step.a[0]]);
      return true;
    case Step::Kind::unless:
      set(numbers[step.b[0]] > 0 ? nothing : numbers[step.a[0]]);
      return true;
    case Step::Kind::within:
      set(1);
      for (std::size_t k = 0; k < step.a.size(); ++k) {
        if (numbers[step.a[k]] > numbers[step.b[k]]) set(0);
      }
      return true;
    case Step::Kind::check:
      for (std::size_t k = 0; k < step.a.size(); ++k) {
        const double x = numbers[step.a[k]];
        sure = sure && x >= step.scaled[k].scale && (k >= step.function || x <= step.scaled[k].shift);
      }
      return sure;
    case Step::Kind::map:
      break;
  }
  return false;
}

struct Program {
  std::uint32_t columns = 0;
  std::vector<Step> steps;
  std::vector<std::uint32_t> results;

  [[nodiscard]] std::size_t values() const {
    std::size_t made = columns;
    for (const Step& step : steps) made += step.out.size();
    return made;
  }
};

/// Steps of all kinds over a few columns, many of their values alive until the end.
Program drawn(std::mt19937_64& bits, std::uint32_t columns, std::size_t steps) {
  Program program{.columns = columns, .steps = {}, .results = {}};
  std::uint32_t values = columns;
  const auto below = [&](std::uint32_t limit) { return static_cast<std::uint32_t>(bits() % limit); };
  const double scales[] = {1, -1, 0.5, -2.5}, shifts[] = {0, 0, 0.25, 0.7}, starts[] = {-0.0, 0, 1, 3.5};
  for (std::size_t s = 0; s < steps; ++s) {
    Step step;
    const auto difference = [&] {
      return fg::TapeDifference{value(below(values)), shifts[below(4)], scales[below(4)]};
    };
    const std::uint32_t kind = below(12);
    const std::size_t terms = 1 + below(below(8) == 0 ? 40 : 4);
    if (kind < 6) {
      step.kind = kind == 5 ? Step::Kind::guard : Step::Kind::dot;
      step.start = step.kind == Step::Kind::guard ? 1e3 : starts[below(4)];
      step.least = -1e6;
      for (std::size_t k = 0; k < terms; ++k) {
        if (step.kind == Step::Kind::guard) {
          const double down = scales[below(4)];
          step.scaled.push_back({value(below(columns)), 0.25, s % 2 == 0 ? -std::abs(down) : down});
        } else if (below(2) == 0) {
          step.scaled.push_back(difference());
        } else {
          step.a.push_back(below(values));
          step.b.push_back(below(values));
        }
      }
    } else {
      static constexpr Step::Kind kinds[] = {Step::Kind::divide,   Step::Kind::ratio,  Step::Kind::missing,
                                             Step::Kind::at_least, Step::Kind::unless, Step::Kind::within};
      step.kind = kinds[kind - 6];
      if (step.kind == Step::Kind::at_least) step.start = 0.5;
      const bool many = step.kind == Step::Kind::missing || step.kind == Step::Kind::within;
      for (std::size_t k = 0; k < (many ? terms : 1); ++k) {
        step.a.push_back(below(values));
        step.b.push_back(below(values));
      }
      if (step.kind == Step::Kind::missing || step.kind == Step::Kind::at_least) step.b.clear();
    }
    step.out = {values++};
    program.steps.push_back(step);
  }
  for (std::uint32_t number = 0; number < values; ++number) {
    if (below(3) == 0 || number + 1 == values) program.results.push_back(number);
  }
  program.results.push_back(program.results.front());  // twice, and a column perhaps
  return program;
}

std::vector<std::vector<double>> numbers(std::mt19937_64& bits, std::size_t columns, std::size_t lanes) {
  std::vector<std::vector<double>> made(columns, std::vector<double>(lanes));
  for (auto& column : made) {
    for (double& x : column) x = bits() % 16 == 0 ? 0 : static_cast<double>(bits() >> 11U) * 0x1p-53;
  }
  return made;
}

bool run(const LaneCode& code, const std::vector<std::vector<double>>& columns,
         std::vector<std::vector<double>>& results) {
  std::vector<const double*> in;
  std::vector<double*> out;
  for (const auto& column : columns) in.push_back(column.data());
  for (auto& result : results) out.push_back(result.data());
  return code.run(in.data(), out.data(), results.front().size());
}

std::shared_ptr<const LaneCode> compiled(const Program& program, std::size_t width) {
  return LaneCode::compile(program.columns, program.steps, program.results, width);
}

std::vector<std::size_t> widths() {
  std::vector<std::size_t> all;
  for (const std::size_t width : {std::size_t{4}, std::size_t{8}}) {
    if (width <= LaneCode::widest()) all.push_back(width);
  }
  if (all.empty()) SKIP("no machine code here");
  return all;
}

}  // namespace

TEST_CASE("machine code gives the bits of one operation after another, of any program") {
  std::mt19937_64 bits(2026);
  constexpr std::size_t lanes = 64;
  for (const std::size_t width : widths()) {
    for (std::size_t turn = 0; turn < 300; ++turn) {
      INFO("registers of " << width << ", program " << turn);
      const auto columns = static_cast<std::uint32_t>(1 + turn % 40);
      const Program program = drawn(bits, columns, 1 + turn % 60);
      const auto code = compiled(program, width);
      REQUIRE(code != nullptr);
      const auto in = numbers(bits, columns, lanes);
      std::vector<std::vector<double>> results(program.results.size(), std::vector<double>(lanes));
      bool sure = true;
      std::vector<std::vector<double>> expected = results;
      for (std::size_t v = 0; v < lanes; ++v) {
        std::vector<double> values(program.values());
        for (std::size_t k = 0; k < columns; ++k) values[k] = in[k][v];
        for (const Step& step : program.steps) sure = take(step, values) && sure;
        for (std::size_t r = 0; r < results.size(); ++r) expected[r][v] = values[program.results[r]];
      }
      CHECK(run(*code, in, results) == sure);
      std::size_t off = 0;
      for (std::size_t r = 0; r < results.size(); ++r) {
        for (std::size_t v = 0; v < lanes; ++v) {
          const double one = results[r][v], other = expected[r][v];
          const bool same = std::isnan(one)
                                ? std::isnan(other)
                                : std::bit_cast<std::uint64_t>(one) == std::bit_cast<std::uint64_t>(other);
          off += same ? 0 : 1;
        }
      }
      CHECK(off == 0);
    }
  }
}

TEST_CASE("machine code doubts a block for any of its variants, and never misses one") {
  constexpr std::size_t lanes = 32;
  for (const std::size_t width : widths()) {
    for (std::size_t terms = 1; terms <= 5; ++terms) {
      for (const bool read : {false, true}) {
        for (const double other : {-0.7, 0.7}) {
          INFO("registers of " << width << ", " << terms << " terms, read " << read << ", scale " << other);
          Step guard{.kind = Step::Kind::guard, .start = 2, .least = 0.5};
          for (std::uint32_t k = 0; k < terms; ++k)
            guard.scaled.push_back({value(k), 0.125, k % 2 == 0 ? -1.0 : other});
          const auto columns = static_cast<std::uint32_t>(terms);
          guard.out = {columns};
          const Program program{columns, {guard}, {read ? columns : 0}};
          const auto code = compiled(program, width);
          REQUIRE(code != nullptr);
          std::vector<std::vector<double>> results(1, std::vector<double>(lanes));
          for (std::size_t at = 0; at < lanes; at += 5) {
            std::vector<std::vector<double>> in(terms, std::vector<double>(lanes, 0.25));
            CHECK(run(*code, in, results));
            const std::size_t k = at % terms;
            for (const double bad :
                 {-0.25, nothing, -nothing, -1e-300, -std::numeric_limits<double>::infinity()}) {
              in[k][at] = bad;
              CHECK_FALSE(run(*code, in, results));
            }
            in[k][at] = 0.25;
            in[0][at] = 40;  // the sum is too low
            CHECK_FALSE(run(*code, in, results));
          }
        }
      }
    }
    const Step check{.kind = Step::Kind::check,
                     .scaled = {{0.0, 0.75, 0.25}, {0.0, 0.0, 0.5}},
                     .a = {0, 1},
                     .function = 1};
    const Program program{2, {check}, {0}};
    const auto code = compiled(program, width);
    REQUIRE(code != nullptr);
    const auto sure = [&](double first, double second) {
      std::vector<std::vector<double>> in(2, std::vector<double>(lanes, 0.5)),
          out(1, std::vector<double>(lanes));
      in[0][lanes - 1] = first;
      in[1][lanes - 1] = second;
      return run(*code, in, out);
    };
    CHECK(sure(0.25, 0.5));
    CHECK(sure(0.75, 1e300));
    CHECK_FALSE(sure(std::nextafter(0.25, 0), 0.5));
    CHECK_FALSE(sure(std::nextafter(0.75, 1), 0.5));
    CHECK_FALSE(sure(0.5, std::nextafter(0.5, 0)));
    CHECK_FALSE(sure(nothing, 0.5));
    CHECK_FALSE(sure(0.5, nothing));
  }
}

TEST_CASE("a guard nobody reads passes what is clear of its bound and no more than what the sum allows") {
  // 1 - 3 (x - 0.2) - 0.5 (y - 0.1) >= 1e-9: the bound crossed in the last digits of x.
  std::mt19937_64 bits(7);
  for (const std::size_t width : widths()) {
    const Step guard{.kind = Step::Kind::guard,
                     .start = 1,
                     .least = 1e-9,
                     .scaled = {{value(0), 0.2, -3}, {value(1), 0.1, -0.5}},
                     .out = {2}};
    const Program program{2, {guard}, {0}};
    const auto code = compiled(program, width);
    REQUIRE(code != nullptr);
    std::vector<std::vector<double>> in(2, std::vector<double>(32, 0.1)), out(1, std::vector<double>(32));
    for (std::size_t turn = 0; turn < 2'000; ++turn) {
      const double y = static_cast<double>(bits() >> 11U) * 0x1p-53;
      const double edge = 0.2 + (1 - 1e-9 - 0.5 * (y - 0.1)) / 3;
      const double off = (static_cast<double>(turn) - 1'000) * 2e-17;
      in[0][3] = edge + off;
      in[1][3] = y;
      std::vector<double> values{in[0][3], y, 0};
      if (run(*code, in, out)) CHECK(take(guard, values));
      in[0][3] = edge - 1e-13;  // 450 units in the last place away: nothing that rounding could do
      CHECK(run(*code, in, out));
    }
  }
}

TEST_CASE("what has no code is said by none") {
  const std::size_t width = widths().back();
  const Step map{.kind = Step::Kind::map, .a = {0}, .out = {1}};
  CHECK(compiled({1, {map}, {1}}, width) == nullptr);
  CHECK(compiled({1, {}, {0}}, 0) == nullptr);
  CHECK(compiled({1, {}, {0}}, 16) == nullptr);
  Program program{1, {}, {}};
  for (std::uint32_t k = 0; k < 50'000; ++k)
    program.steps.push_back({.kind = Step::Kind::dot, .start = 1, .a = {k}, .b = {0}, .out = {k + 1}});
  program.results = {50'000};
  CHECK(compiled(program, width) == nullptr);  // longer than it may be
  // So many values alive at once, each read again at the end.
  const auto alive = [](std::uint32_t count) {
    Program many{1, {}, {}};
    Step sum{.kind = Step::Kind::dot, .start = -0.0, .out = {count + 1}};
    for (std::uint32_t k = 0; k < count; ++k) {
      many.steps.push_back(
          {.kind = Step::Kind::dot, .start = 1 + k * 0.5, .a = {0}, .b = {0}, .out = {k + 1}});
      sum.scaled.push_back({value(k + 1), 0, 1});
    }
    many.steps.push_back(sum);
    many.results = {count + 1};
    return many;
  };
  CHECK(compiled(alive(1'000), width) == nullptr);  // a frame larger than it may be
  CHECK(compiled(alive(400), width) != nullptr);
  // As many one after the other leave their places to each other.
  Program turns = alive(100);
  for (std::uint32_t turn = 0; turn < 9; ++turn) {
    const Program more = alive(100);
    const auto before = static_cast<std::uint32_t>(turns.values()) - 1;
    for (Step step : more.steps) {
      step.out.front() += before;
      for (fg::TapeDifference& term : step.scaled) term.a.column += before;
      turns.steps.push_back(step);
    }
  }
  CHECK(compiled(turns, width) != nullptr);
  const auto copy = compiled({2, {}, {1}}, width);
  REQUIRE(copy != nullptr);
  std::vector<std::vector<double>> in{std::vector<double>(32, 1), std::vector<double>(32, 2)};
  std::vector<std::vector<double>> out(1, std::vector<double>(32));
  CHECK(run(*copy, in, out));
  CHECK(out[0] == in[1]);
}
