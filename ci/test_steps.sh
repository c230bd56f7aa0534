#!/usr/bin/env bash
# The test stage: its steps and the counts. Sourced by run.sh. If a step fails, it is counted and the other steps
# still run; the last line is "N passed, N failed".

passed=0
failed=0

# count NAME COMMAND...: runs a command that must succeed, and counts it.
count() {
  local name=$1 start=$SECONDS
  shift
  if "$@"; then
    passed=$((passed + 1))
    say "passed: $name ($((SECONDS - start)) s)"
  else
    failed=$((failed + 1))
    say "FAILED: $name ($((SECONDS - start)) s)"
  fi
}

# count_ctest PRESET: runs the build's tests and counts each.
count_ctest() {
  local preset=$1 log="build/$1/ctest.log" bad total
  say "running the tests of build/$preset"
  ctest --test-dir "build/$preset" --output-on-failure -j "$(nproc)" 2>&1 | tee "$log" || true
  total=$(sed -nE 's/.* tests failed out of ([0-9]+)$/\1/p' "$log" | tail -n 1)
  bad=$(sed -nE 's/.*, ([0-9]+) tests failed out of .*/\1/p' "$log" | tail -n 1)
  if [ -z "$total" ] || [ "$total" = 0 ]; then
    failed=$((failed + 1))
    say "FAILED: ctest of build/$preset ran no tests"
  else
    passed=$((passed + total - bad))
    failed=$((failed + bad))
  fi
}

# run_short NAME PRESET JOBS SUBJECT OPS: a short campaign whose summary is compared with another's. Without
# far sizes, which sanitizer builds do not draw.
run_short() {
  local out="build/same/$1" status=0
  rm -rf "$out"
  "build/$2/bin/faultline" run --subject "$4" --cases 3000 --seed 7 --jobs "$3" --ops "$5" --far-sizes 0 \
    --out "$out" >/dev/null 2>"$out.log" || status=$?
  [ "$status" -le 1 ] || { tail -n 3 "$out.log"; return 1; }
}

same() { /usr/bin/python3 ci/compare_summaries.py "build/same/$1" "build/same/$2"; }

engine_is_the_same_everywhere() {
  mkdir -p build/same
  run_short engine-1 release 1 engine '*' && run_short engine-2 release 2 engine '*' && same engine-1 engine-2 &&
    run_short engine-clang asan 2 engine '*' && same engine-1 engine-clang
}

# The compilers are compared on operators that stay inside their memory: if torch writes outside of it, the
# sanitizer build rightly reports a crash that the g++ build does not see.
torch_is_the_same_everywhere() {
  local sound='add,sub,mul,div,exp,sum,mean,cat,where,clamp,eq,neg,abs,transpose,select,squeeze,max_pool1d'
  mkdir -p build/same
  run_short torch-1 release 1 torch '*' && run_short torch-2 release 2 torch '*' && same torch-1 torch-2 &&
    run_short g++ release 2 torch "$sound" && run_short clang asan 2 torch "$sound" && same g++ clang
}

# Registration while other threads call. The build has few objects, so it costs little.
threads_under_tsan() {
  build_preset tsan engine_threads_test && build/tsan/bin/engine_threads_test
}

has_torch() { [ -f build/release/lib/libfaultline_torch.so ]; }

stage_test() {
  # shellcheck disable=SC2086
  install_missing $packages_test
  export ASAN_SYMBOLIZER_PATH=/usr/bin/llvm-symbolizer-19
  # The unit tests run below, under sanitizers. This build runs the laws, the command's tests and what is timed.
  # Its CUDA kernels are PTX, which any GPU from sm_80 on compiles when it loads them.
  count "build, g++" build_preset release -DFAULTLINE_UNIT_TESTS=OFF -DFAULTLINE_CUDA_ARCHITECTURES=80-virtual
  count_ctest release
  count "build, clang-19 with ASan and UBSan" build_preset asan
  count_ctest asan
  count "threads under ThreadSanitizer" threads_under_tsan
  count "the engine's findings: the same for 1 and 2 jobs, g++ and clang" engine_is_the_same_everywhere
  if has_torch; then
    count "torch's findings: the same for 1 and 2 jobs, g++ and clang" torch_is_the_same_everywhere
  fi
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ]
}
