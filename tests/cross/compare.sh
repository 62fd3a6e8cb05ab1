# Comparing what two runs print. Sourced by check.sh.
# shellcheck shell=bash

# hash_of OUTPUT: the hash in its last line; fails when there is none.
hash_of() {
  local last=${1##*$'\n'}
  [[ $last =~ ^weights\ sha256\ ([0-9a-f]{64})$ ]] && printf '%s' "${BASH_REMATCH[1]}"
}

# equal EXPECTED ACTUAL: both end with a hash, and every line is the same.
equal() {
  hash_of "$1" >/dev/null && [[ $1 == "$2" ]]
}

# same LABEL EXPECTED ACTUAL: stops the check, showing both, unless they are equal.
same() {
  equal "$2" "$3" && return
  printf '%s: aarch64 does not print what x86-64 prints\n' "$1" >&2
  diff --label x86-64 --label aarch64 --unified <(printf '%s\n' "$2") <(printf '%s\n' "$3") >&2 || true
  exit 1
}

# refused LABEL EXPECTED ACTUAL: stops the check when the comparison takes them for equal.
refused() {
  if equal "$2" "$3"; then
    printf 'control: the comparison cannot fail, it accepts %s\n' "$1" >&2
    exit 1
  fi
}
