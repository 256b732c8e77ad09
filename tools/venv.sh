#!/bin/sh
# tools/venv.sh GROUP...: makes build/venv with these dependency groups of pyproject.toml and prints its
# interpreter. Quick when nothing changed. FUNNELGRAPH_VENV names another folder than venv within build, for groups
# that do not go together; FUNNELGRAPH_PYTHON names another interpreter to use instead.
set -eu
cd "$(dirname "$0")/.."
if [ -n "${FUNNELGRAPH_PYTHON:-}" ]; then
  python=$FUNNELGRAPH_PYTHON
  folder=$(dirname "$(dirname "$python")")
else
  folder=$PWD/build/${FUNNELGRAPH_VENV:-venv}
  python=$folder/bin/python
  [ -x "$python" ] || "${PYTHON:-python3}" -m venv "$folder" >&2
fi
stamp="$folder/.groups-$(echo "$*" | tr ' ' '-')"
if [ ! -e "$stamp" ] || [ pyproject.toml -nt "$stamp" ]; then
  "$python" -m pip install -q --disable-pip-version-check 'pip>=25.1' >&2
  groups=""
  for group in "$@"; do groups="$groups --group $group"; done
  # shellcheck disable=SC2086
  "$python" -m pip install -q --disable-pip-version-check $groups >&2
  touch "$stamp"
fi
echo "$python"
