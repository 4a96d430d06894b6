#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# make test: unit tests and the kept corpus of every fuzz target, handlers on a real database, then plays and letters against a private PostgreSQL and Kafka on free ports,
# with crash points and broker errors beside them on servers of their own, then lint. The last lines name what failed, the very last counts all.
# DAY=2027-03-28 (or 2027-03-28T23:58, in Oslo): on that day, for all but the machine, its certificates and its processes.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
export SAN=1
STATE=$PWD/build/test.$$
VARIANT=san
. deploy/local/stack.sh
sh deploy/local/install.sh test || exit 1
[ -z "${DAY:-}" ] || TILLIT_TEST_OFFSET=$(/usr/bin/python3 tests/clock.py "$DAY") || die "DAY is a date (2027-03-28), or a minute of it (2027-03-28T23:58)"
export TILLIT_TEST_OFFSET=${TILLIT_TEST_OFFSET:-0}
say "building with the sanitizers"
make -s -j"$(nproc)" build tests handlers || exit 1
fetch_kafka
fetch_verapdf
fetch_issuer
make_venv deploy/local/requirements.txt tests/requirements.txt

stop() {
    trap - EXIT INT TERM
    [ -z "$aside" ] || { kill "$aside" 2>/dev/null && wait "$aside"; }
    [ -z "${PG_HOME:-}" ] || stop_postgres
    stop_kafka
    [ -n "${KEEP:-}" ] || rm -rf "$STATE" "${PG_HOME:-$STATE}"
}
trap stop EXIT
trap 'exit 1' INT TERM

mkdir -p "$STATE"
SAID=build/tested && rm -rf "$SAID" && mkdir "$SAID" # what each part said: it stays for whoever asks why
broken=0                                             # parts that ended without counting what they found
aside=                                               # the part that goes on beside the others

# part NAME COMMAND...: what it says is kept; its last line counts
part() {
    name=$1 && shift
    "$@" 2>&1 | tee "$SAID/$name"
    reckon "$name" $?
}
# reckon NAME STATUS: what a part that has ended counted, in $counts
reckon() {
    counts=$(grep -E '[0-9]+ (passed|failed|error|violations)' "$SAID/$1" | tail -n 1) || broken=$((broken + 1))
    [ "$2" = 0 ] || [ "$(failures "$counts")" != 0 ] || broken=$((broken + 1))
}
count() { printf '%s' "$1" | grep -oE "[0-9]+ $2" | head -n 1 | cut -d' ' -f1 | grep . || echo 0; }
failures() { echo $(($(count "$1" failed) + $(count "$1" error) + $(count "$1" violations))); }

part unit make -s unit
unit=$counts
read -r PG_PORT KAFKA_PORT CONTROLLER_PORT <<PORTS
$(free_ports 3)
PORTS
say "starting PostgreSQL on $PG_PORT and Kafka on $KAFKA_PORT"
start_postgres
start_kafka
export TILLIT_MIGRATE_URL="postgresql://postgres@127.0.0.1:$PG_PORT/tillit?sslmode=disable"
sh deploy/migrate.sh || exit 1
export DATABASE_URL="postgresql://127.0.0.1:$PG_PORT/tillit?sslmode=disable"
part handler make -s handler
handler=$counts
sh deploy/local/keyring.sh "$STATE/keyring"
export TILLIT_TEST_STATE=$STATE TILLIT_TEST_BIN=$PWD/build/san/bin TILLIT_TEST_KAFKA_PID=$KAFKA_PID
export KAFKA_BOOTSTRAP="127.0.0.1:$KAFKA_PORT"
export TILLIT_KEYRING=$STATE/keyring TILLIT_SYNTHETIC=on TILLIT_CLOCK_FILE=$STATE/clock
echo "$TILLIT_TEST_OFFSET" >"$TILLIT_CLOCK_FILE"
add_askoy build/san/bin
if [ $# = 0 ]; then
    say "crash points and broker errors, each once, go on beside the plays (what they say: $SAID/faults)"
    env -u SAN -u TILLIT_CLOCK_FILE bash tests/faults/run.sh points broker-errors >"$SAID/faults" 2>&1 &
    aside=$!
fi
part plays build/venv/bin/python -m pytest -q -p no:cacheprovider tests/plays "$@"
plays=$counts

faults=
if [ -n "$aside" ]; then
    wait "$aside"
    status=$?
    aside=
    cat "$SAID/faults"
    reckon faults "$status"
    faults=$counts
fi
stop

lint_failed=0
sh deploy/build/lint.sh 2>&1 | tee "$SAID/lint" || lint_failed=1

passed=$(($(count "$unit" passed) + $(count "$handler" passed) + $(count "$plays" passed) + $(count "$faults" faults) + 1 - lint_failed))
failed=$(($(failures "$unit") + $(failures "$handler") + $(failures "$plays") + $(failures "$faults") + broken + lint_failed))
skipped=$(count "$plays" skipped)
if [ "$failed" != 0 ]; then
    echo "what failed (all that was said lies in $SAID):"
    grep -hE '^(\[  FAILED  \]|FAILED |ERROR |[a-zA-Z0-9-]+ +FAIL |tillit: .* in vain|lint: |E   +[A-Za-z]|[A-Za-z.]*(Error|Exception|Expired):)' "$SAID"/* | grep -v 'nothing that is never right' | cut -c1-1000
fi
if [ "$skipped" != 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
    [ -z "${CI:-}" ] || exit 1
else
    echo "$passed passed, $failed failed"
fi
[ "$failed" = 0 ]
