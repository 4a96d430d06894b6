# shellcheck shell=sh
# SPDX-License-Identifier: EUPL-1.2
# The private PostgreSQL and Kafka that make run and make test stand on; sourced by both. The caller
# sets STATE (a folder below build/), PG_PORT, KAFKA_PORT, CONTROLLER_PORT and VARIANT; ADVERTISED_PORT if
# clients shall come to Kafka through another door; PG_TLS (a folder with server.pem and server.key) and KAFKA_TLS
# (a file of properties, which win) if nobody shall come without TLS.

say() { printf 'tillit: %s\n' "$*"; }
die() { printf 'tillit: %s\n' "$*" >&2; exit 1; }

# The programs that run (with COMMAND: those at the command line), or of each the PORT of its health and metrics.
programs() { sed -nE "s/^${1:-PROGRAM}\\(([a-z]+),.*/\\1/p" common/program/programs.def; }
program_ports() { sed -nE 's/^PROGRAM\([^,]*,[^,]*, *([0-9]+),.*/\1/p' common/program/programs.def; }

port_is_free() { ! /usr/bin/python3 -c "import socket,sys; s=socket.socket(); s.settimeout(1); sys.exit(0 if s.connect_ex(('127.0.0.1', $1)) == 0 else 1)"; }
free_ports() { /usr/bin/python3 deploy/local/ports.py "$1"; } # N -> N free ports

fetch_kafka() {
    [ -f build/kafka/fetched-4.3.1 ] && return
    say "fetching Apache Kafka 4.3.1 (44 MB, once)"
    mkdir -p build/kafka
    mvn -q -B -f deploy/local/pom.xml dependency:copy-dependencies -DoutputDirectory="$PWD/build/kafka/libs" ||
        die "Kafka could not be fetched with Maven"
    touch build/kafka/fetched-4.3.1
}

fetch_verapdf() {
    [ -f build/verapdf/fetched-1.28.2 ] && return
    say "fetching veraPDF 1.28.2 (19 MB, once)"
    mvn -q -B -f deploy/local/verapdf.xml dependency:copy-dependencies -DoutputDirectory="$PWD/build/verapdf/libs" ||
        die "veraPDF could not be fetched with Maven"
    touch build/verapdf/fetched-1.28.2
}

fetch_issuer() {
    [ -f build/issuer/fetched-2.3.0 ] && return
    say "fetching NAV's mock-oauth2-server 2.3.0 (29 MB, once)"
    mvn -q -B -f deploy/local/issuer.xml dependency:copy-dependencies -DoutputDirectory="$PWD/build/issuer/libs" ||
        die "NAV's mock-oauth2-server could not be fetched with Maven"
    touch build/issuer/fetched-2.3.0
}

make_venv() { # requirements file...
    mark=build/venv/$(cat "$@" | cksum | tr ' ' -)
    [ -f "$mark" ] && return
    say "fetching Python packages (once): $*"
    [ -x build/venv/bin/python ] || /usr/bin/python3 -m venv build/venv
    for file in "$@"; do build/venv/bin/python -m pip install -q --disable-pip-version-check -r "$file"; done
    touch "$mark"
}

# PostgreSQL refuses to run as root: then it runs as the package's own user, in a folder of its own.
pg_setup() {
    PG_BIN=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
    if [ "$(id -u)" = 0 ]; then
        as_pg="setpriv --reuid=postgres --regid=postgres --init-groups"
        PG_HOME=$STATE/postgres
        if ! mkdir -p "$PG_HOME" || ! chown postgres "$PG_HOME" || ! $as_pg test -w "$PG_HOME"; then
            PG_HOME=/var/lib/tillit-$(printf %s "$STATE" | cksum | cut -d' ' -f1)
            mkdir -p "$PG_HOME" && chown postgres "$PG_HOME"
        fi
    else
        as_pg=
        PG_HOME=$STATE/postgres
        mkdir -p "$PG_HOME"
    fi
}

postgres_by_tls() {
    for file in server.pem server.key; do $as_pg sh -c "umask 077 && cat >'$PG_HOME/data/$file'" <"$PG_TLS/$file"; done
    $as_pg sh -c "cat >>'$PG_HOME/data/postgresql.conf'" <<CONF
ssl = on
ssl_cert_file = 'server.pem'
ssl_key_file = 'server.key'
CONF
    echo 'hostssl all all 127.0.0.1/32 trust' | $as_pg sh -c "cat >'$PG_HOME/data/pg_hba.conf'"
}

# trust is all right here: it listens on loopback only, holds synthetic people only, and whoever can
# connect could read the files of a trial as well.
start_postgres() {
    pg_setup
    if [ ! -f "$PG_HOME/data/PG_VERSION" ]; then
        $as_pg "$PG_BIN/initdb" -D "$PG_HOME/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 >/dev/null
        $as_pg sh -c "cat >>'$PG_HOME/data/postgresql.conf'" <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
shared_buffers = 128MB
min_wal_size = 1GB
max_wal_size = 4GB
log_error_verbosity = terse
log_parameter_max_length_on_error = 0
log_min_error_statement = panic
client_connection_check_interval = 1s
CONF
        [ -z "${PG_TLS:-}" ] || postgres_by_tls
    fi
    $as_pg "$PG_BIN/pg_ctl" -D "$PG_HOME/data" -o "-p $PG_PORT" -l "$PG_HOME/log" -w -t 60 start >/dev/null ||
        die "PostgreSQL did not start: see $PG_HOME/log"
    psql -qAt "postgresql://postgres@127.0.0.1:$PG_PORT/postgres" -c "SELECT 'CREATE DATABASE tillit' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'tillit')" |
        psql -q "postgresql://postgres@127.0.0.1:$PG_PORT/postgres"
}
stop_postgres() { $as_pg "$PG_BIN/pg_ctl" -D "$PG_HOME/data" -m fast -w stop >/dev/null 2>&1 || true; }

# The programs' roles, as they connect: what PostgreSQL has against one of them, and what to do. The API says it when it starts: it needs
# an issuer as well.
let_in() { # FOLDER of the programs; the database is migrated, and the key ring made
    for program in $(programs COMMAND) $(programs | grep -vx api); do
        said=$("$1/tillit-$program" --check 2>&1) || case $said in
        *password* | *'log in'*)
            die "$said
  Where PostgreSQL asks for a password, the programs' roles have to have one, the one in DATABASE_URL:
    psql \"\$TILLIT_MIGRATE_URL\" -v password=... -f deploy/passwords.sql" ;;
        *) die "$said" ;;
        esac
    done
}

prepare() { # FOLDER of the programs: the schema, the keys, and whether all is in order
    case ${PG_HOME:-} in
    '') sh deploy/migrate.sh || exit ;; # a database of one's own
    "$STATE"/*) TRIAL=$STATE sh deploy/migrate.sh || exit ;;
    *) TRIAL="$STATE $PG_HOME" sh deploy/migrate.sh || exit ;;
    esac
    sh deploy/local/keyring.sh "$TILLIT_KEYRING"
    let_in "$1"
}

add_askoy() { # FOLDER of the programs; the database is migrated, and the key ring made
    DATABASE_URL="${DATABASE_URL:-postgresql://127.0.0.1:$PG_PORT/tillit?sslmode=disable}" \
        "$1/tillit-ops" municipality add deploy/local/askoy.json --who "a trial" --why "Synthetic people, to try things with" ||
        die "deploy/local/askoy.json could not be taken in"
}

kafka_id() { # a cluster id must not look like an option
    while :; do
        id=$(head -c 16 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=')
        case $id in -*) ;; *) echo "$id"; return ;; esac
    done
}

start_kafka() {
    home=$STATE/kafka
    mkdir -p "$home/tmp"
    printf '%s\n' process.roles=broker,controller node.id=1 "controller.quorum.bootstrap.servers=127.0.0.1:$CONTROLLER_PORT" \
        "listeners=PLAINTEXT://127.0.0.1:$KAFKA_PORT,CONTROLLER://127.0.0.1:$CONTROLLER_PORT" controller.listener.names=CONTROLLER \
        "advertised.listeners=PLAINTEXT://127.0.0.1:${ADVERTISED_PORT:-$KAFKA_PORT}" "log.dirs=$home/data" \
        listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT log.segment.bytes=16777216 \
        offsets.topic.num.partitions=1 offsets.topic.replication.factor=1 transaction.state.log.num.partitions=1 \
        transaction.state.log.replication.factor=1 transaction.state.log.min.isr=1 auto.create.topics.enable=false \
        share.coordinator.state.topic.replication.factor=1 share.coordinator.state.topic.min.isr=1 \
        broker.session.timeout.ms=1000 broker.heartbeat.interval.ms=200 group.min.session.timeout.ms=1000 \
        group.initial.rebalance.delay.ms=0 num.io.threads=2 num.network.threads=2 >"$home/server.properties"
    [ -z "${KAFKA_TLS:-}" ] || cat "$KAFKA_TLS" >>"$home/server.properties"
    [ -f "$home/data/meta.properties" ] || java -cp 'build/kafka/libs/*' kafka.tools.StorageTool format --standalone \
        -t "$(kafka_id)" -c "$home/server.properties" >/dev/null 2>&1 || die "Kafka's storage could not be formatted"
    setpriv --pdeathsig TERM java -Xms64m -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Djava.io.tmpdir="$home/tmp" \
        -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp 'build/kafka/libs/*' kafka.Kafka "$home/server.properties" \
        >>"$home/log" 2>&1 &
    KAFKA_PID=$!
    tries=0
    while port_is_free "$KAFKA_PORT"; do
        kill -0 "$KAFKA_PID" 2>/dev/null || die "Kafka did not start: see $home/log"
        tries=$((tries + 1))
        [ "$tries" -lt 300 ] || die "Kafka did not answer within a minute: see $home/log"
        sleep 0.2
    done
}
stop_kafka() { [ -z "${KAFKA_PID:-}" ] || { kill "$KAFKA_PID" 2>/dev/null && wait "$KAFKA_PID" 2>/dev/null; } || true; }

start_issuer() { # PORT
    sh deploy/local/issuer.sh "$1" "$STATE" "$PWD/build/$VARIANT/bin/tillit-api" >>"$STATE/issuer.log" 2>&1 &
    ISSUER_PID=$!
    tries=0
    while port_is_free "$1"; do
        kill -0 "$ISSUER_PID" 2>/dev/null || die "the trial's issuer did not start: see $STATE/issuer.log"
        tries=$((tries + 1))
        [ "$tries" -lt 300 ] || die "the trial's issuer did not answer within a minute: see $STATE/issuer.log"
        sleep 0.2
    done
}
stop_issuer() { [ -z "${ISSUER_PID:-}" ] || { kill "$ISSUER_PID" 2>/dev/null && wait "$ISSUER_PID" 2>/dev/null; } || true; }
