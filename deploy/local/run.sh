#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# make run: everything on this machine, in the foreground, until Ctrl-C.
set -eu
cd "$(dirname "$0")/../.."
STATE=${TILLIT_RUN_STATE:-$PWD/build/local}
VARIANT=${SAN:+san} VARIANT=${VARIANT:-plain} BIN=$PWD/build/$VARIANT/bin
PG_PORT=15432 KAFKA_PORT=19092 CONTROLLER_PORT=19093 ISSUER_PORT=${TILLIT_RUN_ISSUER:-18090}
. deploy/local/stack.sh
PORTS=${TILLIT_RUN_PORTS:-$(program_ports | xargs)} # of health and metrics, in the programs' order: the API's first

own_database=$([ -z "${DATABASE_URL:-}" ] && echo yes || true)
own_kafka=$([ -z "${KAFKA_BOOTSTRAP:-}" ] && echo yes || true)
own_issuer=$([ -z "${TILLIT_CITIZEN_ISSUER:-}" ] && [ "${TILLIT_SYNTHETIC:-on}" = on ] && echo yes || true)

sh deploy/local/install.sh run
check_port() { port_is_free "$1" || die "port $1 is taken, and $2 needs it: stop what uses it (another make run?)${3:+, or $3}"; }
[ -z "$own_database" ] || check_port $PG_PORT "the private PostgreSQL" "name one of your own in DATABASE_URL"
[ -z "$own_kafka" ] || for port in $KAFKA_PORT $CONTROLLER_PORT; do check_port $port "the private Kafka" "name one of your own in KAFKA_BOOTSTRAP"; done
[ -z "$own_issuer" ] || check_port $ISSUER_PORT "the trial's issuer"
public=${TILLIT_PUBLIC:-127.0.0.1:8080}
case $public in
\[* | *:*:*) die "TILLIT_PUBLIC=$public: a trial's API listens on IPv4, host:port" ;;
*:*[!0-9]* | *: | :*) die "TILLIT_PUBLIC=$public: must be host:port" ;;
*:*) ;;
*) die "TILLIT_PUBLIC=$public: must be host:port" ;;
esac
check_port "${public##*:}" "the API" "choose another: TILLIT_PUBLIC=127.0.0.1:8088 make run"
for port in $PORTS; do check_port $port "the programs' health and metrics"; done

say "building"
make -s -j"$(nproc)" build
mkdir -p "$STATE/run"
[ -z "$own_kafka" ] || fetch_kafka
[ -z "$own_issuer" ] || fetch_issuer
make_venv deploy/local/requirements.txt

stop() {
    trap - EXIT INT TERM
    [ -z "${SUPERVISOR:-}" ] || { kill -TERM "$SUPERVISOR" 2>/dev/null && wait "$SUPERVISOR" 2>/dev/null; } || true
    stop_issuer
    [ -z "$own_kafka" ] || stop_kafka
    [ -z "$own_database" ] || stop_postgres
    say "stopped"
}
trap stop EXIT
trap 'exit 0' INT TERM

if [ -n "$own_database" ]; then
    say "starting PostgreSQL on 127.0.0.1:$PG_PORT"
    start_postgres
    export DATABASE_URL="postgresql://127.0.0.1:$PG_PORT/tillit?sslmode=disable"
    export TILLIT_MIGRATE_URL="postgresql://postgres@127.0.0.1:$PG_PORT/tillit?sslmode=disable"
fi
if [ -n "$own_kafka" ]; then
    say "starting Kafka on 127.0.0.1:$KAFKA_PORT"
    start_kafka
    export KAFKA_BOOTSTRAP="127.0.0.1:$KAFKA_PORT"
fi
export TILLIT_MIGRATE_URL="${TILLIT_MIGRATE_URL:-${DATABASE_URL:-}}" TILLIT_KEYRING="${TILLIT_KEYRING:-$STATE/keyring}"
export TILLIT_SYNTHETIC="${TILLIT_SYNTHETIC:-on}"
prepare "$BIN"
[ "$TILLIT_SYNTHETIC" != on ] || add_askoy "$BIN"
if [ -n "$own_issuer" ]; then
    say "starting the trial's issuer on 127.0.0.1:$ISSUER_PORT"
    start_issuer $ISSUER_PORT
    export TILLIT_PUBLIC_URL="${TILLIT_PUBLIC_URL:-http://$public}" TILLIT_INTERNAL_URL="${TILLIT_INTERNAL_URL:-http://127.0.0.1:${PORTS%% *}}" TILLIT_CITIZEN_CLIENT=tillit
    export TILLIT_CITIZEN_ISSUER="http://127.0.0.1:$ISSUER_PORT/idporten" TILLIT_SYSTEM_ISSUER="http://127.0.0.1:$ISSUER_PORT/maskinporten"
    export TILLIT_LOGIN_KEY="$STATE/citizen-key.pem" TILLIT_LOGIN_KEY_ID=trial
    [ -f "$TILLIT_LOGIN_KEY" ] || (umask 077 && openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$TILLIT_LOGIN_KEY")
fi
set -- $PORTS
for program in $(programs); do
    echo "$program env TILLIT_INTERNAL=127.0.0.1:$1 $BIN/tillit-$program"
    shift
done >"$STATE/programs"
"$BIN/tillit-supervise" "$STATE/run" "$STATE/programs" &
SUPERVISOR=$!

tries=0
internal=127.0.0.1:${PORTS%% *}
until curl -sf -o "$STATE/ready" "http://$internal/healthz/ready"; do
    kill -0 $SUPERVISOR 2>/dev/null || die "the supervisor ended: see $STATE/run"
    tries=$((tries + 1))
    [ $tries -lt 300 ] || die "not ready within a minute: $(curl -s "http://$internal/healthz/ready"); see $STATE/run/*.log"
    sleep 0.2
done
cat <<TEXT

  Tillit is running.

${own_issuer:+    whom you may be       http://$public/prov}
    the citizen's form    http://$public/soknad
    the API's contract    http://$public/openapi.json
    the operators' page   http://$internal/drift
    who has seen what     http://$internal/logg
    logs                  ${STATE#"$PWD/"}/run/*.log
    all that it keeps     ${STATE#"$PWD/"}${own_database:+, $PG_HOME}: without them it begins anew

  make demo (in another window) sends 25 synthetic applications. Ctrl-C stops everything; make run goes on where it stopped.

TEXT
wait $SUPERVISOR
