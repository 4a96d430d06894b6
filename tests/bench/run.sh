#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# make bench: ours beside the yardstick in one run on one PostgreSQL. Ratios count, times do not.
set -eu
cd "$(dirname "$0")/../.."
STATE=$PWD/build/bench.$$ VARIANT=plain
. deploy/local/stack.sh
command -v wrk >/dev/null || die "make bench needs wrk: apt-get install wrk"
say "building"
make -s -j"$(nproc)" build build/plain/test/letters_bench
gcc -O2 -o build/plain/naive tests/bench/peers/naive.c -I"$(pg_config --includedir)" -lcivetweb -lpq -lpthread
make_venv deploy/local/requirements.txt
mkdir -p "$STATE" build/bench
read -r PG_PORT OURS INTERNAL NAIVE <<PORTS
$(free_ports 4)
PORTS
stop() {
    trap - EXIT
    kill "${API:-}" "${PEER:-}" 2>/dev/null || true
    wait 2>/dev/null || true
    stop_postgres
    rm -rf "$STATE" "$PG_HOME"
}
trap stop EXIT
start_postgres
export DATABASE_URL="postgresql://127.0.0.1:$PG_PORT/tillit?sslmode=disable"
export TILLIT_MIGRATE_URL="postgresql://postgres@127.0.0.1:$PG_PORT/tillit?sslmode=disable"
sh deploy/migrate.sh 2>/dev/null
psql -q "$TILLIT_MIGRATE_URL" -f deploy/local/askoy.sql
sh deploy/local/keyring.sh "$STATE/keyring"
TILLIT_KEYRING=$STATE/keyring TILLIT_SYNTHETIC=on TILLIT_PUBLIC=127.0.0.1:$OURS TILLIT_INTERNAL=127.0.0.1:$INTERNAL \
    build/plain/bin/tillit-api 2>/dev/null &
API=$!
build/plain/naive "$TILLIT_MIGRATE_URL" "127.0.0.1:$NAIVE" &
PEER=$!
until curl -s -o /dev/null "http://127.0.0.1:$OURS/openapi.json"; do sleep 0.1; done
load() { wrk -t"$(($2 > 1 ? 2 : 1))" -c"$2" -d"${SECONDS_EACH:-6}s" -s tests/bench/post.lua "http://127.0.0.1:$1/api/v1/applications" | sed -n "s/^RESULT/$3 $2/p"; }
{
    for round in 1 2 3; do
        for connections in 1 64; do
            say "round $round of 3, $connections connection(s)" >&2
            load "$OURS" "$connections" ours
            load "$NAIVE" "$connections" naive
        done
    done
    build/plain/test/letters_bench | sed -n 's/^letters_per_second/letters/p'
} >"$STATE/results.txt"
/usr/bin/python3 tests/bench/table.py "$STATE/results.txt" build/bench/results.json
