#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Runs cmocka test programs; the last line counts them.   usage: unit.sh PROGRAM...
passed=0 failed=0
for program in "$@"; do
    output=$(LSAN_OPTIONS=suppressions=tests/lsan.supp:print_suppressions=0 "$program" 2>&1)
    status=$?
    ok=$(printf '%s\n' "$output" | sed -n 's/^\[  PASSED  \] \([0-9]*\) test.*/\1/p' | tail -n 1)
    bad=$(printf '%s\n' "$output" | sed -n 's/^\[  FAILED  \] \([0-9]*\) test.*/\1/p' | tail -n 1)
    [ "$status" = 0 ] || [ "${bad:-0}" -gt 0 ] || bad=1
    if [ "${bad:-0}" -gt 0 ]; then printf '%s\n' "$output"; fi
    printf '%-40s %s passed, %s failed\n' "$(basename "$program")" "${ok:-0}" "${bad:-0}"
    passed=$((passed + ${ok:-0})) failed=$((failed + ${bad:-0}))
done
echo "unit: $passed passed, $failed failed"
[ "$failed" = 0 ]
