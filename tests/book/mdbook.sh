#!/usr/bin/env bash
# mdBook's own command on the book, as a reader types it: `mdbook build book` gives the pages that `make book` gave, and
# `mdbook serve book` serves them with the program of the widgets; in the root `mdbook build` finds the book as well. Installs mdBook into target/mdbook where it is not.
#
#   tests/book/mdbook.sh    after `make book`
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"

readonly VERSION=0.5.4 PORT=${PORT:-3917}
fail() { printf 'mdbook: %s\n' "$*" >&2; exit 1; }

mdbook=$(command -v mdbook || true)
if [ -z "$mdbook" ] || [ "$("$mdbook" --version)" != "mdbook v$VERSION" ]; then
  mdbook=target/mdbook/bin/mdbook
  [ -x "$mdbook" ] || cargo install mdbook --version "$VERSION" --locked --debug --root target/mdbook --target-dir target/mdbook/build
fi

folder=$(mktemp -d)
server=
trap 'rm -rf "$folder"; [ -z "$server" ] || kill "$server"' EXIT

"$mdbook" build book --dest-dir "$folder/book"
[ -f book/book/index.html ] || fail "there is no book/book: run make book first"
# But for the search index, whose numbers mdBook's own build writes with more digits, its name in each page, and the list
# of what was resolved, which `make book` alone writes.
pages() {
  cp -r "$1" "$2"
  rm -f "$2"/searchindex-*.js "$2"/searcher-*.js "$2/resolved.json"
  find "$2" -name '*.html' -exec sed -i 's/searchindex-[0-9a-f]*\.js/searchindex.js/' {} +
}
pages book/book "$folder/ours"
pages "$folder/book" "$folder/theirs"
diff -rq "$folder/ours" "$folder/theirs" || fail "mdbook build gives other pages than make book"

# The control: one more byte in one page.
printf ' ' >> "$folder/theirs/t1.html"
if diff -rq "$folder/ours" "$folder/theirs" >/dev/null; then fail "the control: a changed page was not seen"; fi

"$mdbook" serve book --dest-dir "$folder/served" --port "$PORT" >"$folder/log" 2>&1 &
server=$!
address=http://localhost:$PORT
for _ in $(seq 600); do
  curl --silent --fail --output /dev/null "$address/t2.html" && break
  kill -0 "$server" 2>/dev/null || { cat "$folder/log" >&2; fail "mdbook serve ended"; }
  sleep 1
done
curl --silent --fail "$address/t2.html" | grep 'data-widget="std_dev"' >/dev/null || fail "the page of T2 has no widget"
curl --silent --fail "$address/widgets/compute.js" | cmp - book/book/widgets/compute.js || fail "another program is served"
kill "$server"
server=

# In the root, as one types it without naming the book's folder.
"$mdbook" build --dest-dir "$folder/root"
grep 'data-widget="std_dev"' "$folder/root/t2.html" >/dev/null || fail "mdbook build in the root: the page of T2 has no widget"
cmp "$folder/root/widgets/compute.js" book/book/widgets/compute.js || fail "mdbook build in the root: another program"
[ "$(ls "$folder/root" | grep -c '\.html$')" = "$(ls book/book | grep -c '\.html$')" ] || fail "mdbook build in the root: other pages"
echo "mdbook $VERSION: the same pages, served with their widgets, and built in the root"
