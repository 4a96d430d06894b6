#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# Handlers on a real database (tests/handler): that of DATABASE_URL, migrated, or a private one, started for them.
# usage: handler.sh PROGRAM...
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
export LEVEL=handler
[ -z "${DATABASE_URL:-}" ] || exec sh deploy/local/unit.sh "$@"
STATE=$PWD/build/handler.$$
VARIANT=plain
. deploy/local/stack.sh
sh deploy/local/install.sh test || exit 1
make_venv deploy/local/requirements.txt # dbmate
trap 'stop_postgres; rm -rf "$STATE" "$PG_HOME"' EXIT
trap 'exit 1' INT TERM
mkdir -p "$STATE"
PG_PORT=$(free_ports 1)
start_postgres
export TILLIT_MIGRATE_URL="postgresql://postgres@127.0.0.1:$PG_PORT/tillit?sslmode=disable"
sh deploy/migrate.sh >"$STATE/migrate" 2>&1 || { cat "$STATE/migrate"; exit 1; }
export DATABASE_URL="postgresql://127.0.0.1:$PG_PORT/tillit?sslmode=disable"
sh deploy/local/unit.sh "$@"
