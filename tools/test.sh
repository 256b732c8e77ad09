#!/bin/sh
# Sets up and passes all tests: C++, Python, and the projects that embed the library.
# FUNNELGRAPH_PYTHON may name an interpreter in which this very tree is installed already.
set -eu
cd "$(dirname "$0")/.."

tools/install-deps.sh
if command -v ccache >/dev/null; then export CMAKE_CXX_COMPILER_LAUNCHER="${CMAKE_CXX_COMPILER_LAUNCHER:-ccache}"; fi

echo "== C++ tests"
cmake --workflow --preset test

echo "== Python tests"
python=$(tools/venv.sh build test)
tools/install-python.sh "$python"
"$python" -m pytest --junitxml=build/results/python.xml

echo "== Projects that embed the library"
"$python" tests/consumers/run.py --build build/dev
