#!/bin/sh
# Benchmarks: builds the bench preset and runs every program and script of benchmarks/, one after another.
set -eu
cd "$(dirname "$0")/.."

tools/install-deps.sh
cmake --preset bench
cmake --build --preset bench
for program in build/bench/benchmarks/*; do
  name=$(basename "$program")
  # A program that a script drives runs below.
  if [ -f "$program" ] && [ -x "$program" ] && [ ! -e "benchmarks/$name.py" ]; then
    echo "== $name"
    "$program"
  fi
done

python=$(tools/venv.sh build test)
tools/install-python.sh "$python"
for script in benchmarks/[!_]*.py; do
  echo "== $(basename "$script")"
  "$python" "$script"
done
echo "== consumer cost"
"$python" tools/consumer_cost.py --build build/bench
