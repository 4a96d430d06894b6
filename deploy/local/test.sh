#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# make test: unit tests, then plays and letters against a private PostgreSQL and Kafka on free ports,
# then lint. The last line counts everything.
set -u
cd "$(dirname "$0")/../.." || exit 1
export SAN=1
STATE=$PWD/build/test.$$
VARIANT=san
. deploy/local/stack.sh
sh deploy/local/install.sh test || exit 1
say "building with the sanitizers"
make -s -j"$(nproc)" build $(for f in tests/unit/*_test.c; do echo "build/san/test/$(basename "$f" .c)"; done) || exit 1
fetch_kafka
fetch_verapdf
fetch_issuer
make_venv deploy/local/requirements.txt tests/requirements.txt

stop() {
    trap - EXIT INT TERM
    [ -z "${PG_HOME:-}" ] || stop_postgres
    stop_kafka
    [ -n "${KEEP:-}" ] || rm -rf "$STATE" "${PG_HOME:-$STATE}"
}
trap stop EXIT
trap 'exit 1' INT TERM

unit=$(sh deploy/local/unit.sh build/san/test/*_test | tee -a /dev/stderr | tail -n 1)

mkdir -p "$STATE"
read -r PG_PORT KAFKA_PORT CONTROLLER_PORT <<PORTS
$(free_ports 3)
PORTS
say "starting PostgreSQL on $PG_PORT and Kafka on $KAFKA_PORT"
start_postgres
start_kafka
export TILLIT_MIGRATE_URL="postgresql://postgres@127.0.0.1:$PG_PORT/tillit?sslmode=disable"
sh deploy/migrate.sh || exit 1
psql -q -v ON_ERROR_STOP=1 "$TILLIT_MIGRATE_URL" -f deploy/local/askoy.sql || exit 1
sh deploy/local/keyring.sh "$STATE/keyring"
export TILLIT_TEST_STATE=$STATE TILLIT_TEST_BIN=$PWD/build/san/bin TILLIT_TEST_KAFKA_PID=$KAFKA_PID
export DATABASE_URL="postgresql://127.0.0.1:$PG_PORT/tillit?sslmode=disable" KAFKA_BOOTSTRAP="127.0.0.1:$KAFKA_PORT"
export TILLIT_KEYRING=$STATE/keyring TILLIT_SYNTHETIC=on TILLIT_CLOCK_FILE=$STATE/clock
build/venv/bin/python -m pytest -q -p no:cacheprovider tests/plays "$@" 2>&1 | tee "$STATE/plays.txt"
plays=$(grep -E '^(=+ )?[0-9]+ (passed|failed|error)' "$STATE/plays.txt" | tail -n 1)

stop
trap - EXIT INT TERM
faults="0 applications, 0 faults, 0 violations"
if [ $# = 0 ]; then
    say "crash points and broker errors, each once"
    faults=$(env -u SAN -u TILLIT_CLOCK_FILE bash tests/faults/run.sh points broker-errors | tee -a /dev/stderr | tail -n 1)
fi

lint_failed=0
sh deploy/build/lint.sh || lint_failed=1

count() { printf '%s' "$1" | grep -oE "[0-9]+ $2" | head -n 1 | cut -d' ' -f1 | grep . || echo 0; }
passed=$(($(count "$unit" passed) + $(count "$plays" passed) + $(count "$faults" faults) + 1 - lint_failed))
failed=$(($(count "$unit" failed) + $(count "$plays" failed) + $(count "$plays" error) + $(count "$faults" violations) + lint_failed))
skipped=$(count "$plays" skipped)
[ -n "$plays" ] || failed=$((failed + 1))
[ -n "$faults" ] || failed=$((failed + 1))
if [ "$skipped" != 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
    [ -z "${CI:-}" ] || exit 1
else
    echo "$passed passed, $failed failed"
fi
[ "$failed" = 0 ]
