#!/usr/bin/env bash
# The page in a browser: run.sh ATTEST FOLDER. Makes pages with ATTEST in FOLDER, and opens them and those that exist.
set -euo pipefail
attest=$1
folder=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
kernels=$(dirname "$attest")/kernels
rm -rf "$folder/broken" "$folder/right" "$folder/shots"
mkdir -p "$folder"
cd "$folder"
# A name with markup in it, as a file may have.
hostile="./<img src=x onerror=alert(1)>.so"
cp "$kernels/tiled_f32.so" "$hostile"
run() { # run EXIT FOLDER KERNEL...
  local expected=$1 out=$2 got=0
  shift 2
  "$attest" check "$@" --cases 60 --seed 1 --quiet --report "$out" --findings "$out/findings" >/dev/null || got=$?
  [ "$got" = "$expected" ] || { echo "attest check $*: exit $got, not $expected" >&2; exit 1; }
}
run 1 broken "$hostile:mask_one_key_too_far" "$hostile:rescale_missing" "$hostile:correct"
run 0 right "$hostile:correct"
pages=(broken/index.html right/index.html)
missing=0
# The whole report that ./attest test makes, and the one that is committed.
for page in "$(dirname "$attest")/page/report/index.html" "$root/reports/index.html"; do
  if [ -e "$page" ]; then
    pages+=("$page")
  else
    echo "MISSING ${page#"$root/"}: not opened"
    missing=$((missing + 1))
  fi
done
ATTEST_PAGE_MODULES=$folder node "$here/page_test.mjs" "$folder/shots" "${pages[@]}"
echo "${#pages[@]} pages opened, $missing missing"
