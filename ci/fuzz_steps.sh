#!/usr/bin/env bash
# The fuzz-smoke stage: each fuzz target for FAULTLINE_FUZZ_SECONDS (60), then each again with a planted bug,
# which it must find in that time. Sourced by run.sh. The build writes build/asan/fuzz_targets: the targets,
# their seed inputs and their planted bugs. Corpora stay in build/fuzz.

fuzz_seconds=${FAULTLINE_FUZZ_SECONDS:-60}

# run_fuzzer NAME FOLDER ARGUMENT...: runs libFuzzer for the given time. All output is in FOLDER.
run_fuzzer() {
  local name=$1 folder=$2
  shift 2
  mkdir -p "$folder/corpus" "$folder/artifacts"
  "build/asan/bin/fuzz_$name" -max_total_time="$fuzz_seconds" -max_len=16384 -rss_limit_mb=0 -timeout=60 \
    -print_final_stats=1 -artifact_prefix="$folder/artifacts/" "$folder/corpus" "$@" >"$folder/log" 2>&1
}

# Prints the result of a run in one line.
print_run() {
  local folder=$1 units
  units=$(sed -nE 's/^stat::number_of_executed_units: +//p' "$folder/log")
  say "  ${units:-no} inputs, $(find "$folder/corpus" -type f | wc -l) in $folder/corpus," \
    "$(find "$folder/artifacts" -type f | wc -l) in $folder/artifacts"
  grep -E '^(engine|torch): [0-9]+ cases|^skipped: ' "$folder/log" || true
}

stays_green() {
  local name=$1 folder=build/fuzz/$1 status=0
  shift
  rm -rf "$folder/artifacts"
  run_fuzzer "$name" "$folder" "$@" || status=$?
  print_run "$folder"
  [ "$status" = 0 ] || { grep -E '^(finding|==[0-9]+==ERROR|SUMMARY)' "$folder/log" | tail -n 3; return 1; }
}

# turns_red NAME PLANT ARGUMENT...: starts without the corpus of earlier runs.
turns_red() {
  local name=$1 plant=$2 folder=build/fuzz/$1-red
  shift 2
  rm -rf "$folder"
  if FAULTLINE_PLANT=$plant run_fuzzer "$name" "$folder" "$@"; then
    grep -q '^skipped: ' "$folder/log" && { print_run "$folder"; return 0; }
    say "  not found in $fuzz_seconds s"
    return 1
  fi
  grep '^finding: ' "$folder/log" | tail -n 1
}

stage_fuzz-smoke() {
  # shellcheck disable=SC2086
  install_missing $packages_fuzz
  build_preset asan fuzz_targets
  export ASAN_SYMBOLIZER_PATH=/usr/bin/llvm-symbolizer-19
  local name plant inputs
  while IFS='|' read -r name plant inputs; do
    # A crash of PyTorch is a verdict. Symbolising each one would take longer than the cases.
    case "$name" in torch*) export ASAN_OPTIONS=symbolize=0 ;; *) unset ASAN_OPTIONS ;; esac
    # shellcheck disable=SC2086
    [ -z "$plant" ] || count "fuzz_$name for $fuzz_seconds s" stays_green "$name" $inputs
    # shellcheck disable=SC2086
    count "fuzz_$name finds ${plant:-its own planted bug}" turns_red "$name" "$plant" $inputs
  done <build/asan/fuzz_targets
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ]
}
