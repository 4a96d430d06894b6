#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# A PostgreSQL and a Kafka that speak TLS alone, until it is told to stop: says "postgres" and "kafka" as each answers.
# The caller sets what deploy/local/stack.sh needs, PG_TLS and KAFKA_TLS among it.
cd "$(dirname "$0")/.." || exit 1
. deploy/local/stack.sh
stop() {
    trap - EXIT TERM
    stop_kafka
    stop_postgres
    rm -rf "$PG_HOME"
}
pg_setup
trap stop EXIT
trap 'exit 0' TERM
start_postgres && echo postgres &
start_kafka && echo kafka
wait
