#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# make faults: the composed system behind a proxy that misbehaves, with crash points and a shim that lies.
#   run.sh points|recovery|storm|broker-errors...     TILLIT_FAULT_SEED=n repeats a storm; TILLIT_FAULT_APPLICATIONS=n; TILLIT_FAULT_POINTS=^change takes those points alone, TILLIT_FAULT_KINDS=locked those kinds of recovery
set -u
cd "$(dirname "$0")/../.." || exit 1
STATE=${TILLIT_FAULT_STATE:-$PWD/build/faults-run.$$}
VARIANT=faults
BIN=${TILLIT_FAULT_BIN:-$PWD/build/faults/bin}
. deploy/local/stack.sh
sh deploy/local/install.sh test || exit 1
[ -n "${TILLIT_FAULT_BIN:-}" ] || { say "building with crash points"; FAULTS=1 make -s -j"$(nproc)" build || exit 1; }
[ "$*" = broker-errors ] || fetch_kafka # the mock cluster takes its place there
make_venv deploy/local/requirements.txt tests/requirements.txt
mkdir -p "$STATE"
read -r PG_PORT KAFKA_PORT CONTROLLER_PORT ADVERTISED_PORT PG_DOOR <<PORTS
$(free_ports 5)
PORTS
stop() {
    trap - EXIT INT TERM
    [ -z "${player:-}" ] || { kill "$player" 2>/dev/null && wait "$player"; }
    pid=$(cat "$STATE/kafka.pid" 2>/dev/null) && kill "$pid" 2>/dev/null
    stop_kafka
    stop_postgres
    for standby in "$PG_HOME"/standby.*; do [ ! -d "$standby" ] || $as_pg "$PG_BIN/pg_ctl" -D "$standby" -m immediate -w stop >/dev/null 2>&1; done
    [ -n "${KEEP:-}" ] || rm -rf "$STATE" "$PG_HOME"
}
trap stop EXIT
trap 'exit 1' INT TERM
start_postgres
[ "$*" = broker-errors ] || start_kafka
export TILLIT_MIGRATE_URL="postgresql://postgres@127.0.0.1:$PG_PORT/tillit?sslmode=disable"
sh deploy/migrate.sh >/dev/null 2>&1 || die "the database could not be migrated"
sh deploy/local/keyring.sh "$STATE/keyring"
export TILLIT_KEYRING=$STATE/keyring TILLIT_SYNTHETIC=on
unset DATABASE_URL
export TILLIT_CLOCK_FILE=$STATE/clock
echo "${TILLIT_TEST_OFFSET:-0}" >"$TILLIT_CLOCK_FILE"
add_askoy "$BIN"
for n in 1 2 3; do psql -q "$TILLIT_MIGRATE_URL" -c "CREATE DATABASE tillit_broker_errors_$n TEMPLATE tillit" || die "a database for the broker's errors could not be made"; done
export TILLIT_FAULT_STATE=$STATE TILLIT_FAULT_BIN=$BIN TILLIT_TEST_KAFKA_PID=${KAFKA_PID:-} TILLIT_PG_HOME=$PG_HOME TILLIT_PG_AS="$as_pg"
export TILLIT_PG_PORT=$PG_PORT TILLIT_PG_DOOR=$PG_DOOR TILLIT_KAFKA_PORT=$KAFKA_PORT TILLIT_KAFKA_DOOR=$ADVERTISED_PORT
export KAFKA_BOOTSTRAP=127.0.0.1:$ADVERTISED_PORT PG_BIN
exec 3>&2 2>/dev/null # the shell would have the last word: that a storm killed the broker which it started
build/venv/bin/python tests/faults/faults.py "$@" 2>&3 &
player=$! # waited for, so that whoever ends us ends it
wait "$player"
status=$?
player=
exec 2>&3
stop
exit $status
