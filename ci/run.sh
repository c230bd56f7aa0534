#!/usr/bin/env bash
# The entry point for people and for continuous integration: ci/run.sh STAGE.
#   demo [VERSION]  build, then find real divergences in Debian's PyTorch, or in VERSION from pip, in minutes
#   test            everything that needs Debian packages only
#   torch [VERSION] build and test on a PyTorch from pip: VERSION, or the newest
#   build [PRESET]  configure and build a preset of CMakePresets.json (release)
#   check           layering, house rules, format, clang-tidy
#   fuzz-smoke      each fuzz target for a minute, then each with a planted bug that it must find
#   bench           the dispatcher's speed compared with c10's
#   gpu             every oracle with the engine's tensors on the GPU; skipped on a machine without one
# Each stage installs the Debian packages that it lacks, as root or through sudo, and says what it does.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf -- '-- %s\n' "$*"; }

. ci/packages.sh
. ci/test_steps.sh
. ci/fuzz_steps.sh
. ci/torch_steps.sh

# build_preset PRESET [-DOPTION=VALUE...] [TARGET...]
build_preset() {
  local preset=$1 options=()
  shift
  while [[ ${1:-} == -D* ]]; do options+=("$1"); shift; done
  say "building preset $preset in build/$preset"
  cmake --preset "$preset" "${options[@]}" >build.log.$$ 2>&1 || {
    cat build.log.$$
    rm -f build.log.$$
    return 1
  }
  grep -E '^-- (libtorch|nvcc)' build.log.$$ || true
  rm -f build.log.$$
  cmake --build "build/$preset" ${1:+--target "$@"}
}

stage_build() {
  local preset=${1:-release}
  # shellcheck disable=SC2086
  if [ "$preset" = release ]; then install_missing $packages_build; else install_missing $packages_test; fi
  build_preset "$preset"
}

stage_demo() {
  local build=build/release status=0
  if [ $# = 1 ]; then
    make_environment "$1"
    build=$torch_build
    build_on_environment faultline_command faultline_torch faultline_planted
  else
    # shellcheck disable=SC2086
    install_missing $packages_demo
    build_preset release faultline_command faultline_torch faultline_planted
  fi
  say "running every oracle over our own engine for 3 seconds"
  "$build/bin/faultline" run --subject engine --time 3 --seed 0 --out faultline-demo >/dev/null || status=$?
  if [ "$status" -gt 1 ]; then return "$status"; fi
  status=0
  say "running every oracle over PyTorch for 10 seconds, then minimising what they find"
  "$build/bin/faultline" run --subject torch --time 10 --seed 0 --out faultline-demo || status=$?
  # Status 1 means new findings, which is what a demonstration should show.
  if [ "$status" -gt 1 ]; then return "$status"; fi
  "$build/bin/faultline" report faultline-demo --format html -o faultline-demo/report.html
  say "the report is $PWD/faultline-demo/report.html; each finding is a folder of faultline-demo/findings"
}

stage_check() {
  # shellcheck disable=SC2086
  install_missing $packages_check
  [ -f build/release/compile_commands.json ] || cmake --preset release >/dev/null
  local failed=0 name
  for name in layering tidy format; do
    /usr/bin/python3 "ci/check_$name.py" || failed=1
  done
  /usr/bin/python3 ci/check_clang_tidy.py build/release || failed=1
  return "$failed"
}

stage_bench() {
  # shellcheck disable=SC2086
  install_missing $packages_bench
  build_preset release bench_dispatch
  say "running each case on the engine's dispatcher and on c10, in one process"
  build/release/bin/bench_dispatch
}

# Everything that needs a GPU. Succeeds on a machine without one.
stage_gpu() {
  # shellcheck disable=SC2086
  install_missing $packages_build
  build_preset release faultline_command engine_test
  local why
  local probe=(build/release/bin/faultline run --device cuda --ops neg --cases 1 --jobs 1 --out build/gpu/probe)
  if ! why=$("${probe[@]}" 2>&1) && grep -q "'cuda' is not available" <<<"$why"; then
    say "skipped: ${why##*is not available: }"
    return 0
  fi
  say "comparing the GPU's kernels with the CPU's"
  build/release/bin/engine_test --gtest_filter='Gpu*'
  say "running every oracle with the engine's tensors on the GPU, for 30 seconds"
  build/release/bin/faultline run --device cuda --time 30 --jobs 1 --out build/gpu/run
}

main() {
  local stage=${1:-}
  case "$stage" in
    check | test | bench | fuzz-smoke | gpu)
      [ $# = 1 ] || { echo "ci/run.sh: $stage takes no arguments" >&2; exit 2; } ;;
    build) [ $# -le 2 ] || { echo "ci/run.sh: build takes one preset" >&2; exit 2; } ;;
    demo | torch) [ $# -le 2 ] || { echo "ci/run.sh: $stage takes one version of PyTorch" >&2; exit 2; } ;;
    *)
      echo "usage: ci/run.sh demo [VERSION] | test | torch [VERSION] | build [PRESET] | check | fuzz-smoke |" \
        "bench | gpu" >&2
      exit 2 ;;
  esac
  shift
  "stage_$stage" "$@"
}
main "$@"
