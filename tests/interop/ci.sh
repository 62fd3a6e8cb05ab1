#!/usr/bin/env bash
# `make interop` with onnxruntime and PyTorch from PyPI, in a folder below target/ that is removed again.
#
# PyTorch with what it names as needed is some 5 GB, most of it for graphics processors; its libraries are linked with
# those, so that it does not begin without them. Where something cannot be installed, this says loudly that it was not
# run, and does not fail: the same files are checked without Python by the tests of crates/exchange and crates/cnn. What
# was installed and does not hold fails.
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly FOLDER="${CARGO_TARGET_DIR:-target}/interop"
# Seconds for an installation and for the exchange, and the space that an installation needs in KiB.
readonly LIMIT_S=170
readonly EXCHANGE_S=900
readonly SPACE_KIB=$((8 * 1024 * 1024))

not_run() {
  printf '\n!!! NOT RUN: %s: %s\n\n' "$1" "$2"
}

trap 'rm -rf "$FOLDER"' EXIT
if ! python3 -c "import ensurepip, venv" && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  apt-get update -qq && apt-get install -y -qq python3 python3-venv || true
fi
rm -rf "$FOLDER"
if ! python3 -m venv "$FOLDER"; then
  not_run "make interop" "no virtual environment could be made: it needs Python with venv"
  exit 0
fi
for peer in onnxruntime pytorch; do
  if [ "$(df -k --output=avail . | tail -1)" -lt "$SPACE_KIB" ]; then
    not_run "make interop with $peer" "there are less than 8 GiB of space"
  elif timeout "$LIMIT_S" "$FOLDER/bin/pip" install --quiet --no-cache-dir --disable-pip-version-check \
    --requirement "tests/interop/$peer.txt"; then
    timeout --kill-after=30 "$EXCHANGE_S" make interop PYTHON="$FOLDER/bin/python" PEERS="$peer"
  else
    not_run "make interop with $peer" "tests/interop/$peer.txt could not be installed within $LIMIT_S s"
  fi
done
