#!/usr/bin/env bash
# Fuzzes the parsers of `crates/untrusted`, one after the other: tests/fuzz/run.sh SECONDS [PARSER..]
#
# A parser begins with its specimens and with what is kept in tests/fuzz/corpus. What it makes up is kept in target/fuzz/corpus;
# an input at which it fails lies in target/fuzz/artifacts, and is named.
set -euo pipefail
cd "$(dirname "$0")/../.."
readonly SECONDS_EACH=$1
shift
readonly OUT=$PWD/target/fuzz
parsers=("$@")
[ ${#parsers[@]} -gt 0 ] || mapfile -t parsers < <(cd tests/fuzz/targets && printf '%s\n' *.rs | sed 's/\.rs$//')

if ! cargo fuzz --version >/dev/null 2>&1 || ! cargo +nightly --version >/dev/null 2>&1; then
  echo "missing: cargo-fuzz and a nightly compiler; \`rustup toolchain install nightly --profile minimal\` and" >&2
  echo "\`cargo install --locked cargo-fuzz\` bring them (a C++ compiler is needed as well)" >&2
  exit 2
fi
cargo run --quiet --locked --package untrusted --bin specimens -- "$OUT/specimens"
failed=()
for parser in "${parsers[@]}"; do
  echo "== $parser, $SECONDS_EACH s"
  kept=tests/fuzz/corpus/$parser
  # What was made up so far, and behind it what is only read.
  folders=("$OUT/corpus/$parser" "$OUT/specimens/$parser")
  [ ! -d "$kept" ] || folders+=("$kept")
  mkdir -p "$OUT/corpus/$parser" "$OUT/artifacts/$parser"
  # A malloc of more than 256 MiB is a failure: no parser may ask for so much because a header says so.
  cargo +nightly fuzz run --fuzz-dir tests/fuzz --target-dir "$OUT" "$parser" "${folders[@]}" -- \
    -max_total_time="$SECONDS_EACH" -rss_limit_mb=2048 -malloc_limit_mb=256 -timeout=30 -print_final_stats=1 \
    -artifact_prefix="$OUT/artifacts/$parser/" || failed+=("$parser")
done
if [ ${#failed[@]} -gt 0 ]; then
  echo "failed: ${failed[*]}; mend the parser, and keep the input of target/fuzz/artifacts in tests/fuzz/corpus" >&2
  exit 1
fi
