#!/usr/bin/env bash
# cargo-deny by deny.toml: licences, sources, double versions; and advisories, where their database can be had.
set -euo pipefail
cd "$(dirname "$0")/../.."
if ! cargo deny --version 2>/dev/null; then
  echo "missing: cargo-deny; \`cargo install --locked cargo-deny\` brings it" >&2
  exit 2
fi
cargo deny --all-features check --hide-inclusion-graph licenses bans sources
# The database is a repository at github.com. That it cannot be fetched says nothing of the dependencies.
if cargo deny fetch db >/dev/null 2>&1; then
  cargo deny --all-features check --hide-inclusion-graph advisories
else
  echo "advisories: not checked, because their database (github.com/rustsec/advisory-db) cannot be fetched"
fi
