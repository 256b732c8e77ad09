// What a consumer expects to see, without a test framework.
#pragma once

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace consumer {

/// Ends the program with a message unless `got` is `expected` to 1e-9 relative.
inline void expect_near(const char* what, double got, double expected) {
  if (std::abs(got - expected) <= 1e-9 * std::abs(expected)) return;
  std::fprintf(stderr, "%s: %.17g instead of %.17g\n", what, got, expected);
  std::exit(1);
}

/// Ends the program with a message unless `holds`.
inline void expect(const char* what, bool holds) {
  if (holds) return;
  std::fprintf(stderr, "%s: does not hold\n", what);
  std::exit(1);
}

}  // namespace consumer
