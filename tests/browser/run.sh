#!/usr/bin/env bash
# Runs the tests of the page in Debian's Chromium: run.sh TEST.mjs... Playwright's client is installed from npm, with the
# versions of package-lock.json, into the folder $CLIPSEEK_BROWSER_PACKAGES. Exits with status 77 (skipped) where a
# program or package is missing.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
packages=${CLIPSEEK_BROWSER_PACKAGES:?must name the folder for the npm packages}
export CLIPSEEK_CHROMIUM=${CLIPSEEK_CHROMIUM:-/usr/bin/chromium}

skip() {
  echo "SKIPPED: $*"
  exit 77
}

command -v node >/dev/null || skip "there is no node (Debian's package nodejs)"
command -v npm >/dev/null || skip "there is no npm (Debian's package npm)"
[[ -x $CLIPSEEK_CHROMIUM ]] || skip "there is no $CLIPSEEK_CHROMIUM (Debian's package chromium)"

mkdir -p "$packages"
exec 9>"$packages/.lock"
flock 9
if ! cmp -s "$here/package-lock.json" "$packages/installed"; then
  cp "$here/package.json" "$here/package-lock.json" "$packages"
  # Both timeouts are set, because npm rejects a maximum below its default minimum.
  if ! (cd "$packages" && npm ci --ignore-scripts --no-audit --no-fund --fetch-retries=1 --fetch-retry-mintimeout=1000 \
    --fetch-retry-maxtimeout=3000 >npm.log 2>&1); then
    tail -n 5 "$packages/npm.log"
    skip "npm could not fetch playwright-core: is its registry reachable?"
  fi
  cp "$packages/package-lock.json" "$packages/installed"
fi
exec 9>&-

cd "$here"
exec node --test --test-concurrency=1 --test-reporter=spec "$@"
