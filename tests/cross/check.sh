#!/usr/bin/env bash
# The same bits on another architecture: builds the workspace for aarch64, runs it under QEMU and holds what it prints to
# what the same sources print on x86-64. Builds for wasm32 the crates that go there.
#
#   tests/cross/check.sh             check; changes nothing of the system but rustup's targets
#   tests/cross/check.sh --install   install with apt-get what the check lacks (as root), and stop
#
# CROSS_STD=rustup or CROSS_STD=debian forces one of the two origins of the standard library, see toolchain.sh.
#
# Everything is built in the dev profile: what computes is as optimised as in a release, and `make test` has built the
# x86-64 half already.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
source tests/cross/toolchain.sh
source tests/cross/compare.sh

readonly WASM_CRATES=(numerics theory mlp-scratch kernels cnn data stats reader)
# Tests that say nothing about the processor, and that `make test` has run: those that start processes, because QEMU's user mode may
# hang where one thread of several forks, and those that read the records again and again, evaluate all digits, or answer each topic
# three times, which takes long there.
readonly NOT_EMULATED=(isolated:: limits:: manifest:: proofs:: verify::recompute digits:: answers:: weights_that_are_not_those)

# Crates that read files, judge and draw, and compute no number of a record: `make test` has run their tests.
readonly NO_NUMBERS=(acceptance coursework exchange grading report untrusted)

say() { printf '%s\n' "$*"; }
fail() { printf 'cross-check: %s\n' "$*" >&2; exit 1; }

native() { target/debug/coursework "$@"; }
emulated() { "${RUNNER[@]}" "$(target_dir)/$ARM/debug/coursework" "$@"; }

build() {
  say "build for x86-64"
  # The same selection as for aarch64: with it, all that `make test` built is used again.
  cargo build --quiet --locked --target-dir target --workspace --lib --bins --test same_bits
  say "build for aarch64: the workspace, with the standard library from $(std_origin)"
  cross_cargo "$ARM" build --workspace --lib --bins --test same_bits
  say "build for wasm32: ${WASM_CRATES[*]}, with the standard library from $(std_origin)"
  cross_cargo "$WASM" build --lib "${WASM_CRATES[@]/#/--package=}"
}

# The checks below must be able to fail.
controls() {
  local one other
  one=$(native iris --epochs 2 --seed 1)
  other=$(emulated iris --epochs 2 --seed 2)
  refused "another seed" "$one" "$other"
  refused "another last digit of the hash" "$one" "${one%?}$(tr 0-9a-f 1-9a-f0 <<<"${one: -1}")"
  refused "no output" "" ""
  refused "output without a hash" "$one"$'\nand more' "$one"$'\nand more'
  # What runs under QEMU is aarch64: it knows NEON and refuses AVX2.
  if emulated iris --epochs 1 --isa avx2 >/dev/null 2>&1; then fail "the emulated program runs AVX2: it is not aarch64"; fi
  say "controls: what differs is refused"
}

# alike LABEL ARGUMENT...: one run on x86-64 is what aarch64 gives with NEON and with scalar code, whatever the threads.
alike() {
  local label=$1 expected
  shift
  expected=$(native "$@" --threads 2)
  same "$label, neon" "$expected" "$(emulated "$@" --isa neon --threads 3)"
  same "$label, scalar" "$expected" "$(emulated "$@" --isa scalar --threads 2)"
  say "$label: $(hash_of "$expected")"
}

runs() {
  local activation optimiser
  for activation in relu sigmoid tanh prelu; do
    for optimiser in sgd momentum adam; do
      alike "iris $activation $optimiser" iris --epochs 20 --activation "$activation" --optimiser "$optimiser"
    done
  done
  alike "iris by hand" iris --network scratch --epochs 20
  # Two full batches and a cut one; all 10,000 test pictures, twice, would take QEMU a quarter of an hour.
  alike "mnist" mnist --epochs 1 --limit 150 --test-limit 50
  emulated verify theory >/dev/null || fail "aarch64 does not recompute results/theory.json"
  say "theory: the submitted record is recomputed"
}

unit_tests() {
  local module crate skipped=() others=()
  for module in "${NOT_EMULATED[@]}"; do skipped+=(--skip "$module"); done
  for crate in "${NO_NUMBERS[@]}"; do others+=(--exclude "$crate"); done
  say "tests under QEMU: every library that computes, and the same bits with every instruction set of aarch64"
  cross_cargo "$ARM" test --workspace "${others[@]}" --lib --test same_bits -- "${skipped[@]}"
}

case "${1-}" in
  --install) install_tools ;;
  "")
    require_tools
    build
    controls
    runs
    unit_tests
    say "held in $SECONDS s: aarch64 gives the bits of x86-64"
    ;;
  *) fail "unknown argument \`$1\`: give none, or --install" ;;
esac
