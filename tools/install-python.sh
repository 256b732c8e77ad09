#!/bin/sh
# tools/install-python.sh PYTHON: installs this tree for an interpreter that tools/venv.sh gave, without isolation,
# against the system's Eigen and Boost, so that a second run only builds what changed. Does nothing where
# FUNNELGRAPH_PYTHON names an interpreter in which this very tree is installed already.
set -eu
cd "$(dirname "$0")/.."
[ -z "${FUNNELGRAPH_PYTHON:-}" ] || exit 0
"$1" -m pip install -q --disable-pip-version-check --no-build-isolation --no-deps --force-reinstall \
  -C build-dir=build/python .
