#!/bin/sh
# Formatting, style and types of everything; --fix mends what can be mended by itself.
set -eu
cd "$(dirname "$0")/.."
fix=""
[ "${1:-}" != "--fix" ] || fix=1

python=$(tools/venv.sh build test lint)
bin=$(dirname "$python")
cpp=$(git ls-files '*.hpp' '*.cpp')
# shellcheck disable=SC2086
if [ -n "$fix" ]; then
  "$bin/clang-format" -i $cpp
  "$bin/ruff" format -q
  "$bin/ruff" check -q --fix
fi
# shellcheck disable=SC2086
"$bin/clang-format" --dry-run --Werror $cpp
"$bin/ruff" format --check
"$bin/ruff" check
"$bin/mypy"
