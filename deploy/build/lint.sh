#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Where we stand against our own bar; exits non-zero on what is never right.
set -u
cd "$(dirname "$0")/../.." || exit 1
sources=$(find common services deploy -name '*.c' | LC_ALL=C sort)
bad=0
fault() { echo "lint: $1"; bad=1; }

# shellcheck disable=SC2086
{
    echo "files      median / max lines:  $(wc -l $sources | grep -v total | awk '{print $1}' | sort -n | awk '{a[NR]=$1} END {print a[int((NR+1)/2)] " / " a[NR]}')"
    if command -v ctags >/dev/null && ctags --version | grep -q Universal; then
        ctags -x --_xformat='%{end} %n %F %N' --kinds-c=f $sources | awk '{ print $1 - $2 + 1, $3, $4 }' | sort -n >build/functions.txt
        awk '{a[NR]=$1} $1 > 60 {long++} END {printf "functions  median / p90 / max:    %d / %d / %d, %d of %d over 60\n", a[int((NR+1)/2)], a[int(NR*0.9)], a[NR], long, NR}' build/functions.txt
        awk '$1 > 60 {print "           " $3 " in " $2 ": " $1 " lines"}' build/functions.txt
    fi
    echo "comments:                       $(cat $sources | awk '/^ *\/?\*/ || /\/\*/ {c++} END {printf "%d %%\n", 100 * c / NR}')"
}
# shellcheck disable=SC2086
{
    grep -nE '\bgoto\b' $sources && fault "goto"
    grep -nE '[^_a-z](malloc|calloc|realloc|free)\(' $sources | grep -v '^common/base/arena.c' && fault "memory outside the arena"
    grep -nE 'PQexec\(|PQexecParams\(' $sources && fault "a statement outside queries.sql"
    find common services -name queries.sql -print0 | xargs -0 grep -n 'no\.tillit\.' && fault "a type of event that is no row of events.def"
    find common services -name queries.sql -print0 | xargs -0 grep -nE 'now\(\)|current_timestamp' && fault "time that does not come from the clock"
    grep -nE 'CLOCK_REALTIME|[^_a-z](time|gettimeofday|localtime|localtime_r|mktime)\(|cond_timedwait' $sources | grep -v '^common/time/clock.c' && fault "a wait or a time that moves with the machine's clock"
    # shellcheck disable=SC2016
    git ls-files 'tests/*.py' 'deploy/local/*.py' | grep -vxE 'tests/clock.py|tests/bench/.*' | xargs grep -nE '\btime\.(time|localtime|gmtime|strftime|ctime)\(|\b(datetime\.(now|today|utcnow)|date\.today|clock_timestamp|now)\(\)|current_(date|timestamp)' |
        grep -v 'clock\.now()' && fault "a test or harness that asks another clock than tests/clock.py"
}
twice=$(ls migrations | sed 's/_.*//' | uniq -d)
[ -z "$twice" ] || fault "migrations of the same version: $twice"
writable=$(find build -path '*/plain/common/*.o' -o -path '*/plain/services/*.o' 2>/dev/null | xargs -r objdump -t 2>/dev/null |
    awk '$4 ~ /^\.(data|bss)$/ && $3 == "O" {print $NF}')
grep -lq TILLIT_FAULT build/plain/bin/* build/san/bin/* 2>/dev/null && fault "a crash point in a release build"
python3 deploy/build/walls.py || bad=1
python3 deploy/build/security.py || bad=1
python3 deploy/build/crypto.py || bad=1
python3 deploy/build/outside.py || bad=1
python3 tests/faults/mutants.py check || bad=1
[ -z "$writable" ] || fault "writable file-scope objects: $writable"
[ "$bad" = 0 ] && echo "lint: nothing that is never right"
exit "$bad"
