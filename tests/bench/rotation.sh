#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# The rotation drill: the play of tests/plays/test_00_rotation.py over 100,000 applications and the programs as they are released.
#   rotation.sh [ROWS]      prints values a second, what failed meanwhile, and what can't be opened afterwards
set -u
cd "$(dirname "$0")/../.." || exit 1
STATE=$PWD/build/rotation.$$
VARIANT=plain
. deploy/local/stack.sh
sh deploy/local/install.sh test || exit 1
make -s -j"$(nproc)" build || exit 1
fetch_kafka
make_venv deploy/local/requirements.txt tests/requirements.txt
stop() {
    trap - EXIT INT TERM
    stop_kafka
    [ -z "${PG_HOME:-}" ] || stop_postgres
    [ -n "${KEEP:-}" ] || rm -rf "$STATE" "${PG_HOME:-$STATE}"
}
trap stop EXIT
trap 'exit 1' INT TERM
mkdir -p "$STATE"
read -r PG_PORT KAFKA_PORT CONTROLLER_PORT <<PORTS
$(free_ports 3)
PORTS
start_postgres
start_kafka
export TILLIT_MIGRATE_URL="postgresql://postgres@127.0.0.1:$PG_PORT/tillit?sslmode=disable"
sh deploy/migrate.sh >"$STATE/migrated" 2>&1 || die "the database could not be migrated: see $STATE/migrated"
sh deploy/local/keyring.sh "$STATE/keyring"
export TILLIT_TEST_STATE=$STATE TILLIT_TEST_BIN=$PWD/build/plain/bin TILLIT_TEST_KAFKA_PID=$KAFKA_PID TILLIT_ROTATION_ROWS=${1:-100000}
export DATABASE_URL="postgresql://127.0.0.1:$PG_PORT/tillit?sslmode=disable" KAFKA_BOOTSTRAP="127.0.0.1:$KAFKA_PORT"
export TILLIT_KEYRING=$STATE/keyring TILLIT_SYNTHETIC=on TILLIT_CLOCK_FILE=$STATE/clock
add_askoy build/plain/bin
build/venv/bin/python -m pytest -q -s -p no:cacheprovider tests/plays/test_00_rotation.py -k under_traffic
