#!/usr/bin/env bash
# The torch stage: Faultline on a PyTorch from pip, in a virtual environment of its own; and the same build for
# the demonstration. Sourced by run.sh. Environments and builds stay in build/torch-VERSION.

# make_environment [VERSION]: sets `environment`, with torch VERSION ("2.15", "2.15.0") or the newest one in it.
make_environment() {
  local version=${1:-newest} wanted=torch
  [[ "$version" =~ ^(newest|[0-9]+\.[0-9]+(\.[0-9]+)?)$ ]] ||
    { echo "ci/run.sh: '$version' is not a version of PyTorch, such as 2.15 or 2.15.0" >&2; return 2; }
  # shellcheck disable=SC2086
  install_missing $packages_build $packages_python
  torch_build=build/torch-$version
  environment=$PWD/$torch_build/environment
  [ "$version" = newest ] || wanted="torch==$version.*"
  if ! "$environment/bin/python" -c 'import torch' 2>/dev/null; then
    say "installing $wanted with pip in $environment"
    mkdir -p "$torch_build"
    /usr/bin/python3 -m venv --clear "$environment"
    "$environment/bin/pip" install --quiet --disable-pip-version-check "$wanted" numpy pytest pytest-xdist \
      scikit-build-core nanobind
  fi
  say "PyTorch $("$environment/bin/python" -c 'import torch; print(torch.__version__)')"
}

# build_on_environment TARGET...: the release build, on the environment's PyTorch.
build_on_environment() {
  local prefix
  prefix=$("$environment/bin/python" -c 'import torch; print(torch.utils.cmake_prefix_path)')
  say "building on that PyTorch in $torch_build"
  cmake --preset release -B "$torch_build" -DFAULTLINE_CUDA=OFF "-DCMAKE_PREFIX_PATH=$prefix" \
    -DFAULTLINE_PYTHON=ON "-DPython_EXECUTABLE=$environment/bin/python" \
    >"$torch_build/cmake.log" 2>&1 || { cat "$torch_build/cmake.log"; return 1; }
  grep -E '^-- libtorch' "$torch_build/cmake.log"
  cmake --build "$torch_build" --target "$@"
}

# draws_cases: 20,000 cases run to their end. New findings are expected as long as PyTorch has defects without an
# entry in corpora/known; a run that judges less than half of its cases would prove nothing.
draws_cases() {
  local status=0 out=$torch_build/run
  rm -rf "$out"
  "$torch_build/bin/faultline" run --subject torch --cases 20000 --seed 1 --out "$out" \
    >"$out.log" 2>&1 || status=$?
  grep -E 'checks per CPU second|findings? in' "$out.log" || true
  [ "$status" -le 1 ] || { tail -n 3 "$out.log"; return 1; }
  "$environment/bin/python" - "$out/summary.json" <<'PYTHON'
import json, sys
summary = json.load(open(sys.argv[1]))
enough = summary["cases"] == 20000 and summary["checks"] > summary["cases"] / 2
sys.exit(0 if enough else f"{summary['cases']} cases, {summary['checks']} checks: too few")
PYTHON
}

stage_torch() {
  make_environment "${1:-}"
  count "build on PyTorch from pip" build_on_environment faultline_command faultline_torch faultline_planted \
    torch_test properties faultline_python
  count "unit tests of the torch subject" "$torch_build/bin/torch_test" --gtest_brief=1
  count "planted bugs, known cases" "$torch_build/bin/properties" --gtest_brief=1 \
    --gtest_filter='*PlantedBug*:*IsInTheRulesOfC10*:KnownEntries.*'
  # shellcheck disable=SC2046
  count "regression cases" "$torch_build/bin/faultline" replay \
    $(grep -l '^subject torch' corpora/regressions/*.case)
  count "20,000 cases" draws_cases
  count "Python package" ctest --test-dir "$torch_build" --output-on-failure -R '^python_package$'
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ]
}
