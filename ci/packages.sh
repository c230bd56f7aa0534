#!/usr/bin/env bash
# The Debian packages that each stage needs, and a function that installs the missing ones. Sourced by run.sh.
# Calls apt only when something is missing, as root or through sudo.

packages_build="g++ cmake ninja-build ccache libfmt-dev nlohmann-json3-dev libcli11-dev libpugixml-dev
  libxxhash-dev librandom123-dev libboost-context-dev libgtest-dev libgmock-dev
  librapidcheck-dev libopenblas-dev libmpfr-dev libgmp-dev libtorch-dev python3"
packages_demo="$packages_build python3-torch"
packages_python="python3-venv python3-dev"
packages_bench="$packages_build libbenchmark-dev"
packages_check="python3 clang-format-19 clang-tidy-19 $packages_build"
packages_fuzz="$packages_build clang-19 libclang-rt-19-dev llvm-19"
packages_test="$packages_demo $packages_check $packages_bench $packages_fuzz valgrind chromium"

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else
    echo "ci/run.sh: packages are missing and this is neither root nor a machine with sudo" >&2
    return 1
  fi
}

is_installed() { dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed; }

# install_missing PACKAGE...: prints which packages are missing and installs them.
install_missing() {
  local missing=() package
  for package in $(printf "%s\n" "$@" | sort -u); do is_installed "$package" || missing+=("$package"); done
  [ ${#missing[@]} = 0 ] && return 0
  say "installing ${#missing[@]} Debian packages: ${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq </dev/null
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" \
    </dev/null >/dev/null
}
