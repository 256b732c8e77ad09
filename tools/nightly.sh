#!/bin/sh
# What takes longer than every push can wait for: thread sanitizer, fuzzing, clang-tidy, the peers.
# FUZZ_SECONDS (default 60) is the time for each fuzz target. Needs clang-19 for the fuzz targets
# (apt: clang-19 libclang-rt-19-dev) and leaves them out, saying so, where it is missing.
set -eu
cd "$(dirname "$0")/.."
if command -v ccache >/dev/null; then export CMAKE_CXX_COMPILER_LAUNCHER="${CMAKE_CXX_COMPILER_LAUNCHER:-ccache}"; fi
tools/install-deps.sh
left_out=""

echo "== thread sanitizer"
cmake --preset tsan
cmake --build --preset tsan
ctest --preset tsan

echo "== fuzzing"
if command -v clang++-19 >/dev/null; then
  cmake --preset fuzz
  cmake --build --preset fuzz
  for target in build/fuzz/fuzz/fuzz_*; do
    [ -f "$target" ] && [ -x "$target" ] || continue
    name=$(basename "$target")
    corpus=build/fuzz/corpus/$name
    mkdir -p "$corpus"
    seeds=""
    [ ! -d "fuzz/seeds/$name" ] || seeds="fuzz/seeds/$name"
    echo "-- $name"
    # shellcheck disable=SC2086
    "$target" -max_total_time="${FUZZ_SECONDS:-60}" -max_len=8192 -timeout=10 -print_final_stats=1 "$corpus" $seeds
  done
else
  left_out="$left_out fuzzing (no clang++-19)"
fi

cmake --preset dev
echo "== every header alone, header-only"
eigen=$(sed -n 's/^Eigen3_DIR:PATH=//p' build/dev/CMakeCache.txt)/../../../include/eigen3
git ls-files 'include/*.hpp' | grep -v '_inl\.hpp$' | sed 's|^include/||' | xargs -P "$(nproc)" -I '{}' sh -c '
  echo "#include <{}>" | "${CXX:-c++}" -std=c++20 -DFUNNELGRAPH_HEADER_ONLY -fsyntax-only -Iinclude -isystem "$0" -x c++ - ||
    { echo "{} does not compile alone" >&2; exit 255; }' "$eigen"

echo "== every header together, header-only, in both orders: one name means one thing"
for order in cat tac; do
  git ls-files 'include/*.hpp' | grep -v -e '_inl\.hpp$' -e '_body\.hpp$' | sed 's|^include/\(.*\)|#include <\1>|' | "$order" |
    "${CXX:-c++}" -std=c++20 -DFUNNELGRAPH_HEADER_ONLY -fsyntax-only -Iinclude -isystem "$eigen" -x c++ -
done

echo "== clang-tidy"
python=$(tools/venv.sh tidy)
"$python" "$(dirname "$python")/run-clang-tidy.py" -quiet -extra-arg=-Wno-unknown-warning-option -clang-tidy-binary "$(dirname "$python")/clang-tidy" -p build/dev "$PWD/src/"

echo "== planted effects, 500 runs"
cmake --build --preset dev --target test_explain
FUNNELGRAPH_NIGHTLY=1 build/dev/tests/test_explain "planted effects*"

echo "== coverage of the maturity intervals"
cmake --preset bench
cmake --build --preset bench --target maturity_coverage
build/bench/benchmarks/maturity_coverage

echo "== peers"
python=$(FUNNELGRAPH_PYTHON="" FUNNELGRAPH_VENV=peers tools/venv.sh build peers)
FUNNELGRAPH_PYTHON="" tools/install-python.sh "$python"
for script in tools/compare_*.py; do
  echo "-- $(basename "$script")"
  "$python" "$script"
done
echo "-- SALib's Sobol indices"
"$python" -m pytest -q -rs tests/python/test_monte_carlo.py -k salib

[ -z "$left_out" ] || echo "left out:$left_out"
echo "nightly: passed"
