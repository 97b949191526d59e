#!/usr/bin/env bash
# The step of action.yml that checks a kernel. Inputs are variables, so that no shell reads what they hold.
set -euo pipefail
arguments=(check "$KERNEL" --effort "$EFFORT" --github)
[ -z "$REQUIRE" ] || arguments+=(--require "$REQUIRE")
[ -z "$BASELINE" ] || arguments+=(--baseline "$BASELINE")
[ -z "$SARIF" ] || arguments+=(--sarif "$SARIF")
read -r -d '' -a more <<<"$OPTIONS" || true # to the end of the input, over all its lines
exec attest "${arguments[@]}" "${more[@]}"
