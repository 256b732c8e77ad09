#!/bin/sh
# What the C++ build and the tests need from the system, on Debian and Ubuntu: a compiler, CMake, Ninja,
# Eigen, Boost >= 1.81, Catch2 >= 3 and a Python with venv and headers. Does nothing when all is there;
# installs what is missing as root or by sudo; says what to install where it may not.
set -eu
etc=/etc/apt
python=${PYTHON:-python3}

by_hand() {
  echo "Please install: a C++20 compiler (GCC 12, clang 15 or newer), CMake >= 3.25, Ninja, Eigen >= 3.4," >&2
  echo "Boost >= 1.81, Catch2 >= 3, Python >= 3.11 with venv and headers." >&2
  [ -z "$1" ] || echo "Here: $1" >&2
  exit 1
}

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  # Not a Debian: trust the tools that are on the path; CMake says which package it misses.
  for tool in c++ cmake ninja "$python"; do
    command -v "$tool" >/dev/null || by_hand "macOS: brew install cmake ninja eigen boost catch2 python"
  done
  exit 0
fi

installed() { dpkg-query -W -f='${db:Status-Status} ${Version}\n' "$1" 2>/dev/null | sed -n 's/^installed //p' | head -n1; }
candidate() { apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: //p' | grep -v '(none)' | head -n1; }
ge() { [ -n "$1" ] && dpkg --compare-versions "$1" ge "$2"; }
has() { ge "$(installed "$1")" "$2"; }

missing=""
command -v c++ >/dev/null || missing="$missing g++"
command -v ninja >/dev/null || missing="$missing ninja-build"
cmake_found=$(cmake --version 2>/dev/null | sed -n 's/^cmake version //p')
ge "$cmake_found" 3.25 || missing="$missing cmake"
has libeigen3-dev 3.4~ || missing="$missing libeigen3-dev"
command -v git >/dev/null || missing="$missing git"
if ! command -v "$python" >/dev/null; then
  missing="$missing python3 python3-venv python3-dev"
else
  "$python" -c 'import ensurepip, venv' 2>/dev/null || missing="$missing python3-venv"
  "$python" -c 'import os, sysconfig, sys; sys.exit(not os.path.exists(sysconfig.get_path("include") + "/Python.h"))' ||
    missing="$missing python3-dev"
fi
boost_ok=1
{ has libboost1.81-dev 1.81 || has libboost1.83-dev 1.83 || has libboost1.88-dev 1.88 || has libboost-dev 1.81; } || boost_ok=0
catch_ok=1
has catch2 3 || catch_ok=0
[ -n "$missing" ] || [ "$boost_ok" = 0 ] || [ "$catch_ok" = 0 ] || exit 0

sudo=""
if [ "$(id -u)" != 0 ]; then
  if [ -n "${CI:-}" ]; then sudo="sudo -n"; else sudo="sudo"; fi
  $sudo true 2>/dev/null ||
    by_hand "as root: tools/install-deps.sh (missing:$missing$([ $boost_ok = 1 ] || echo ' Boost')$([ $catch_ok = 1 ] || echo ' Catch2'))"
fi
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -q
if [ "$boost_ok" = 0 ]; then
  if ge "$(candidate libboost-dev)" 1.81; then missing="$missing libboost-dev"; else missing="$missing libboost1.81-dev"; fi
fi
if [ "$catch_ok" = 0 ]; then
  . /etc/os-release
  if ge "$(candidate catch2)" 3; then
    missing="$missing catch2"
  elif [ "${ID:-}" = debian ]; then # Debian 12 has version 3 in its backports
    bpo="$VERSION_CODENAME-backports"
    if ! grep -rqsE "^(Suites:|deb ).*$bpo" "$etc/sources.list" "$etc/sources.list.d"; then
      f=$(mktemp)
      for s in "$etc"/sources.list.d/*.sources; do # deb822: first stanza of this release, same URIs and key
        [ -e "$s" ] && [ ! -s "$f" ] && sed '/^#/d' "$s" | awk -v RS= -v r="$VERSION_CODENAME" -v b="$bpo" '
          $0 ~ "(^|\n)Suites:[^\n]*[ \t]" r "([ \t\n]|$)" { sub(/Suites:[^\n]*/, "Suites: " b); sub(/Components:[^\n]*/, "Components: main"); print; exit }' > "$f"
      done
      ext=sources
      if [ ! -s "$f" ] && [ -e "$etc/sources.list" ]; then # one-line style
        ext=list
        awk -v r="$VERSION_CODENAME" -v b="$bpo" '/^deb / { for (i = 2; i <= NF; i++) if ($i == r) { $i = b; print; exit } }' "$etc/sources.list" > "$f"
      fi
      [ -s "$f" ] || { echo "no $VERSION_CODENAME source to derive $bpo from" >&2; exit 1; }
      $sudo install -m 644 "$f" "$etc/sources.list.d/$bpo.$ext"
      rm -f "$f"
      $sudo apt-get update -q
    fi
    missing="$missing catch2/$bpo libcatch2-dev/$bpo"
  else
    by_hand "no package of Catch2 >= 3 for this release"
  fi
fi
# shellcheck disable=SC2086
$sudo apt-get install -y -q --no-install-recommends $missing
