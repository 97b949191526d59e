#!/usr/bin/env bash
# prove.sh OUT: compiles the proofs of this folder under OUT, asks Coq's kernel what each theorem of theorems.txt
# rests on, and prints a line a theorem.
#
# Exit 0: every theorem is proved from the axioms of axioms.txt at most. Exit 2: some theorem is not, or Coq is missing.
set -euo pipefail
source=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$1

if ! command -v coqc >/dev/null || ! [ -d "$(coqc -where)/user-contrib/Flocq" ]; then
  echo "coq: not available, nothing is proved (./attest setup --coq installs Coq and Flocq)"
  exit 2
fi

# Only what changed is copied, so that make compiles only that.
mkdir -p "$out"
# One at a time: a report and a test may ask at once.
exec 9>"$out/lock"
flock 9
for file in "$out"/*.v; do
  [ -e "$source/$(basename "$file")" ] || rm -f "$file"
done
for file in "$source"/*.v; do
  cmp -s "$file" "$out/$(basename "$file")" || cp "$file" "$out/"
done

cd "$out"
coqdep -Q . Attest *.v >depend
# A compiled file of an earlier version must not outlive a proof that fails.
printf '%%.vo: %%.v\n\trm -f $@ && nice coqc -q -Q . Attest $<\n-include depend\n' >Makefile
start=$SECONDS
# Goes on after an error: theorems of other files stay proved.
make -k -s $(printf '%so ' *.v) >make.log 2>&1 || { grep -A 12 '^File' make.log || cat make.log; } >&2

entries() { sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$1"; }

# One question for all: Print Assumptions, each answer to a file of its own. coqtop goes on where there is no such theorem.
rm -rf answers && mkdir answers
{
  for file in *.vo; do printf 'From Attest Require %s.\n' "${file%.vo}"; done
  while IFS='| ' read -r name _; do
    printf 'Redirect "answers/%s" Print Assumptions %s.\n' "$name" "$name"
  done < <(entries "$source/theorems.txt")
} >question.v
nice coqtop -q -Q . Attest <question.v >question.log 2>&1

# The axioms that a theorem rests on, a line each; fails if it is not proved.
axioms_of() {
  [ -s "answers/$1.out" ] || return 1
  # A name stands at the start of a line; its type may go on, indented.
  sed -n -e '/^Axioms:$/d' -e '/^Fetching opaque proofs /d' -e '/^Closed under the global context$/d' -e 's/^\([^ ][^ ]*\).*/\1/p' "answers/$1.out"
}

proved=0
all=0
while IFS='|' read -r name _ sentence; do
  name=${name// /}
  all=$((all + 1))
  if ! axioms=$(axioms_of "$name"); then
    verdict="not proved"
  elif extra=$(grep -vxF -f <(entries "$source/axioms.txt") <<<"$axioms") && [ -n "$extra" ]; then
    verdict="not proved: rests on $(tr '\n' ' ' <<<"$extra")"
  else
    verdict=proved
    proved=$((proved + 1))
  fi
  printf '%-11s %-43s%s\n' "$verdict" "$name" "$sentence"
done < <(entries "$source/theorems.txt")

echo "coq: $proved of $all theorems proved by $(coqc --version | sed -n 's/.*version /Coq /p'), from the axioms of its real numbers at most; $((SECONDS - start)) s"
[ "$proved" = "$all" ] || exit 2
