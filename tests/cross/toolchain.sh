# Compiler, linker, emulator and standard library for the other targets. Sourced by check.sh.
# shellcheck shell=bash
#
# The standard library of a target has one of two origins:
#   rustup   rustup adds the target to the pinned toolchain.
#   debian   where rustup cannot: Debian's rustc-web compiles its own standard library (rust-web-src) along with the
#            workspace. It is another compiler than the pinned one; the bits must not depend on that either. What it builds
#            lies in a folder of its own below target/.

readonly ARM=aarch64-unknown-linux-gnu
readonly WASM=wasm32-unknown-unknown
readonly ARM_ROOT=/usr/aarch64-linux-gnu
readonly RUNNER=(qemu-aarch64 -L "$ARM_ROOT")
readonly PACKAGES=(gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user)
readonly DEBIAN_RUST=(rustc-web rust-web-src)

has() { command -v "$1" >/dev/null 2>&1; }

# Asks rustup for both targets once; where they are there already, it is not asked.
rustup_has_std() {
  local target
  for target in "$ARM" "$WASM"; do
    [ -d "$(rustc --print target-libdir --target "$target")" ] && continue
    has rustup && timeout 120 rustup target add "$target" >/dev/null 2>&1 || return 1
  done
}

debian_rustc() { command -p -v rustc; }

# The Debian compiler is there, with its sources, and new enough for the workspace.
debian_has_std() {
  local rustc needed version
  rustc=$(debian_rustc) && [ -f "$("$rustc" --print sysroot)/lib/rustlib/src/rust/library/Cargo.lock" ] || return 1
  needed=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
  version=$("$rustc" --version | cut -d ' ' -f 2)
  [ "$(printf '%s\n' "$needed" "$version" | sort -V | head -n 1)" = "$needed" ]
}

# Sets `origin`, or fails.
find_std() {
  origin=
  if [ "${CROSS_STD-rustup}" = rustup ] && rustup_has_std; then
    origin=rustup
  elif [ "${CROSS_STD-debian}" = debian ] && debian_has_std; then
    origin=debian
  fi
  [ -n "$origin" ]
}

has_packages() { has qemu-aarch64 && has aarch64-linux-gnu-gcc && [ -d "$ARM_ROOT/lib" ]; }

require_tools() {
  [ "$(uname -m)" = x86_64 ] || fail "this compares x86-64 with aarch64: run it on x86-64"
  has cargo || fail "cargo is missing: install rustup (https://rustup.rs)"
  has_packages || fail "QEMU or the aarch64 linker is missing: apt-get install ${PACKAGES[*]}"
  find_std || fail "the standard library of $ARM or $WASM is missing: rustup target add $ARM $WASM; where that" \
    "cannot be: apt-get install ${DEBIAN_RUST[*]} (at least the rust-version of Cargo.toml)"
}

install_tools() {
  has_packages || install_packages "${PACKAGES[@]}"
  find_std || install_packages "${DEBIAN_RUST[@]}"
}

install_packages() {
  { has apt-get && [ "$(id -u)" = 0 ]; } || fail "installing $* needs root and apt-get"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

std_origin() {
  case $origin in
    rustup) printf 'rustup' ;;
    debian) printf "Debian's %s" "$("$(debian_rustc)" --version | cut -d ' ' -f 1,2)" ;;
  esac
}

target_dir() {
  case $origin in
    rustup) printf 'target' ;;
    debian) printf 'target/cross' ;;
  esac
}

# cross_cargo TARGET COMMAND ARGUMENT...: cargo for another target.
cross_cargo() {
  local target=$1 command=$2
  shift 2
  local std=()
  (
    export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
    export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER="${RUNNER[*]}"
    export CARGO_PROFILE_DEV_DEBUG=0 CARGO_PROFILE_TEST_DEBUG=0
    if [ "$origin" = debian ]; then
      RUSTC=$(debian_rustc)
      # The one way to let a released compiler build its own standard library.
      export RUSTC RUSTC_BOOTSTRAP=1
      std=('-Zbuild-std=std,panic_abort')
    fi
    cargo "$command" --quiet --locked --target-dir "$(target_dir)" --target "$target" "${std[@]}" "$@"
  )
}
