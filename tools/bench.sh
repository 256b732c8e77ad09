#!/bin/sh
# Benchmarks: builds the bench preset and runs every program and script of benchmarks/, one after another.
set -eu
cd "$(dirname "$0")/.."

tools/install-deps.sh
cmake --preset bench
cmake --build --preset bench
for program in build/bench/benchmarks/*; do
  [ -f "$program" ] && [ -x "$program" ] || continue
  echo "== $(basename "$program")"
  "$program"
done

python=$(tools/venv.sh build test)
if [ -z "${FUNNELGRAPH_PYTHON:-}" ]; then
  "$python" -m pip install -q --disable-pip-version-check --no-build-isolation --no-deps --force-reinstall \
    -C build-dir=build/python .
fi
for script in benchmarks/*.py; do
  [ -e "$script" ] || continue
  echo "== $(basename "$script")"
  "$python" "$script"
done
echo "== consumer cost"
"$python" tools/consumer_cost.py --build build/bench
