#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# make bench: ours beside the yardstick in one run on one PostgreSQL and one Kafka. Ratios count, times do
# not.   make bench ONLY="accepts drains" runs a part; TILLIT_BENCH_SECONDS=3 shortens each load.
set -eu
cd "$(dirname "$0")/../.."
STATE=$PWD/build/bench.$$ VARIANT=plain
. deploy/local/stack.sh
sh deploy/local/install.sh run
command -v wrk >/dev/null && PATH=$PATH:/usr/sbin command -v nginx >/dev/null || die "make bench needs wrk and nginx: apt-get install wrk nginx"
say "building"
make -s -j"$(nproc)" build build/plain/test/letters_bench build/plain/test/nothing_bench
gcc -O2 -o build/plain/naive tests/bench/peers/naive.c -I"$(pg_config --includedir)" -lcivetweb -lpq -lpthread
fetch_kafka
make_venv deploy/local/requirements.txt tests/requirements.txt
mkdir -p "$STATE" build/bench
read -r PG_PORT KAFKA_PORT CONTROLLER_PORT <<PORTS
$(free_ports 3)
PORTS
stop() {
    trap - EXIT INT TERM
    stop_kafka
    stop_postgres
    rm -rf "$STATE" "$PG_HOME"
}
trap stop EXIT
trap 'exit 1' INT TERM
start_postgres
start_kafka
export DATABASE_URL="postgresql://127.0.0.1:$PG_PORT/tillit?sslmode=disable" KAFKA_BOOTSTRAP="127.0.0.1:$KAFKA_PORT"
export TILLIT_MIGRATE_URL="postgresql://postgres@127.0.0.1:$PG_PORT/tillit?sslmode=disable"
psql -q "$TILLIT_MIGRATE_URL" -c 'ALTER SYSTEM SET track_commit_timestamp = on' -c "ALTER SYSTEM SET shared_buffers = '512MB'"
stop_postgres
start_postgres
sh deploy/migrate.sh 2>/dev/null
sh deploy/local/keyring.sh "$STATE/keyring"
export TILLIT_KEYRING=$STATE/keyring TILLIT_SYNTHETIC=on TILLIT_BENCH_STATE=$STATE
add_askoy build/plain/bin >/dev/null
build/venv/bin/python tests/bench/bench.py ${ONLY:-}
