#!/usr/bin/env bash
# Installs the Debian package in a bare Debian 12, and checks the example kernel there: debian.sh PACKAGE KERNEL
# Needs root, as every chroot does. Counts what it tested.
set -euo pipefail
package=$(readlink -f "$1")
kernel=$(readlink -f "$2")
if [ "$(id -u)" != 0 ]; then
  echo "attest test package: 0 of 5 tests run: a chroot needs root" >&2
  exit 77
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp "$package" "$scratch/attest.deb"
cp "$kernel" "$scratch/kernel.so"
cat >"$scratch/tests.sh" <<'TESTS'
set -eu
cd "$(dirname "$0")"
passed=0
pass() { passed=$((passed + 1)); echo "ok $passed   $1"; }
fail() { echo "failed: $1"; exit 1; }
apt-get install -y --no-install-recommends "$PWD/attest.deb" >install.log 2>&1 || { tail -n 20 install.log; exit 1; }
pass "the package installs with what it depends on"
attest --version
attest check ./kernel.so --quiet
pass "attest check finds the example kernel conforming"
said=$(attest check ggml:f16 2>&1) && fail "attest check ggml:f16 should not succeed"
test "$(echo "$said" | wc -l)" = 1
echo "$said" | grep -q "is not installed"
pass "kernels of npm are said to be missing in one line"
attest space --generate "And God" --characters 3 --quiet >/dev/null
test -s /usr/share/man/man1/attest-check.1.gz || test -s /usr/share/man/man1/attest-check.1
test -s /usr/include/attest/kernel.h
pass "the trained model, the manual and the header are where they belong"
apt-get remove -y attest >remove.log 2>&1 || { tail -n 20 remove.log; exit 1; }
test ! -e /usr/share/attest || fail "/usr/share/attest is left after the package was removed"
pass "nothing is left after the package is removed"
echo "$passed of 5 tests passed"
TESTS
mmdebstrap --quiet --variant=apt --format=null \
  --customize-hook='mkdir "$1/opt/check"' \
  --customize-hook="copy-in $scratch/attest.deb $scratch/kernel.so $scratch/tests.sh /opt/check" \
  --customize-hook='chroot "$1" sh /opt/check/tests.sh' \
  bookworm - http://deb.debian.org/debian
