#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Runs cmocka test programs, as many at once as there are processors; the last line counts them.
# usage: [LEVEL=handler] unit.sh PROGRAM...
said=$(mktemp -d) && trap 'rm -rf "$said"' EXIT
export LSAN_OPTIONS=suppressions=tests/lsan.supp:print_suppressions=0
# shellcheck disable=SC2016
printf '%s\0' "$@" | xargs -0 -n 1 -P "$(nproc)" sh -c '"$1" >"$0/${1##*/}" 2>&1; echo $? >"$0/${1##*/}.status"' "$said"
passed=0 failed=0
for program in "$@"; do
    output=$said/$(basename "$program")
    ok=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test.*/\1/p' "$output" | tail -n 1)
    bad=$(sed -n 's/^\[  FAILED  \] \([0-9]*\) test.*/\1/p' "$output" | tail -n 1)
    [ "$(cat "$output.status")" = 0 ] || [ "${bad:-0}" -gt 0 ] || bad=1
    if [ "${bad:-0}" -gt 0 ]; then cat "$output"; fi
    printf '%-40s %s passed, %s failed\n' "$(basename "$program")" "${ok:-0}" "${bad:-0}"
    passed=$((passed + ${ok:-0})) failed=$((failed + ${bad:-0}))
done
echo "${LEVEL:-unit}: $passed passed, $failed failed"
[ "$failed" = 0 ]
