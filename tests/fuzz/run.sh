#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# make fuzz: every target under libFuzzer, ASan and UBSan, FUZZ_SECONDS each (60), from the corpus that is
# kept and what earlier runs found (build/fuzz/found). FUZZ_ONLY="record_fuzz" takes some. The last line
# counts; what crashed lies in build/fuzz/crashes, and belongs into tests/fuzz/corpus/<target> once mended.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
export FUZZ=1 ASAN_OPTIONS=allow_addr2line=1:detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1
sh deploy/local/install.sh fuzz || exit 1
make -s -j"$(nproc)" fuzzers || exit 1

executed=0 crashes=0 targets=0
mkdir -p build/fuzz/crashes
export LSAN_OPTIONS=suppressions=tests/lsan.supp:print_suppressions=0
for source in tests/fuzz/*_fuzz.c; do
    target=$(basename "$source" .c)
    [ -z "${FUZZ_ONLY:-}" ] || [[ " $FUZZ_ONLY " == *" $target "* ]] || continue
    mkdir -p "build/fuzz/found/$target"
    log=build/fuzz/$target.log
    build/fuzz/test/"$target" -max_total_time="${FUZZ_SECONDS:-60}" -timeout=10 -rss_limit_mb=2048 \
        -max_len=16384 -print_final_stats=1 -artifact_prefix="build/fuzz/crashes/$target-" \
        "build/fuzz/found/$target" "tests/fuzz/corpus/$target" >"$log" 2>&1
    status=$?
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    printf '%-20s %10s executions, %s\n' "$target" "${runs:-0}" "$([ $status = 0 ] && echo "0 crashes" || echo "1 crash")"
    [ $status = 0 ] || { grep -E 'ERROR|SUMMARY|runtime error|^    #[0-9] |Test unit written' "$log" | head -30; crashes=$((crashes + 1)); }
    executed=$((executed + ${runs:-0})) targets=$((targets + 1))
done
echo "fuzz: $targets targets, $executed executions, $crashes crashes"
[ "$crashes" = 0 ]
