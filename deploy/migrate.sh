#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# One migration at a time: 75 = someone else is migrating. Status of dbmate otherwise; 1, with what is to be set right,
# where PostgreSQL does not let TILLIT_MIGRATE_URL's role in or it may not do what migrations do. TRIAL: the folders of a
# trial whose database it is.
set -eu
status=$(mktemp)
trap 'rm -f "$status"' EXIT
export status DATABASE_URL="$TILLIT_MIGRATE_URL"
PATH=$PWD/build/venv/bin:$PATH

ask() { psql -qAtX -v ON_ERROR_STOP=1 "$DATABASE_URL" -c "$1" 2>&1; }
name_in() { printf '%s\n' "$said" | sed -n "s/.*$1 \"\([^\"]*\)\".*/\1/p" | head -n 1; }
refuse() { printf 'tillit: %s (TILLIT_MIGRATE_URL)\n' "$1" >&2; exit 1; }

# What psql says of a server that does not let it in, and what to do.
explain() {
    case $said in
    *'database "'*'does not exist'*) refuse "PostgreSQL has no database $(name_in database). Make it there as its superuser (CREATE DATABASE $(name_in database);), then come back" ;;
    *'role "'*'does not exist'*) refuse "PostgreSQL has no role $(name_in role). Name one that may make roles and owns the database: postgres, as a rule" ;;
    *'is not permitted to log in'*) refuse "PostgreSQL does not let $(name_in role) log in. As its superuser: ALTER ROLE $(name_in role) LOGIN;" ;;
    *'password authentication failed'*) refuse "PostgreSQL does not take the password of $(name_in user)" ;;
    *'no password supplied'*) refuse "PostgreSQL wants a password, and there is none: postgresql://ROLE:PASSWORD@..., PGPASSWORD or ~/.pgpass" ;;
    *pg_hba.conf*) refuse "PostgreSQL lets nobody in from here as that role: its pg_hba.conf" ;;
    *'too many'* | *'reserved for'*) refuse "PostgreSQL has no connection left: its max_connections" ;;
    *'starting up'* | *'shutting down'* | *'recovery'*) refuse "PostgreSQL is starting or stopping: try again in a moment" ;;
    *'Connection refused'* | *'translate host name'* | *'No such file'* | *timeout*) refuse "PostgreSQL does not answer there" ;;
    *) refuse "PostgreSQL does not let us in: $said" ;;
    esac
}
said=$(ask "SELECT current_setting('server_version_num')::integer >= 150000") || explain
[ "$said" = t ] || refuse "PostgreSQL is older than 15, which is the least that Tillit runs on"
said=$(ask "SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean") || explain
[ "$said" = f ] || refuse "PostgreSQL can only be read there: it is a standby, or default_transaction_read_only is on"
said=$(ask "SELECT (rolsuper OR rolcreaterole) AND has_database_privilege(current_database(), 'CREATE') FROM pg_roles WHERE rolname = current_user") || explain
[ "$said" = t ] || refuse "the role may not make roles, or does not own the database: name one that does: postgres, as a rule"

# The table in which migrations kept what they granted is of before they were made anew, and of no database since.
said=$(ask "SELECT to_regclass('public.role_grants') IS NULL, current_database()") || explain
anew=${TRIAL:+rm -r $TRIAL}
[ "${said%%|*}" = t ] || refuse "this database is of a trial before 1 December 2026, and nothing leads on from there: make a new one, ${anew:-DROP DATABASE ${said#*|}; CREATE DATABASE ${said#*|};}"

# dbmate asks for TLS unless it is told not to; psql takes what the server has, and so does dbmate then.
said=$(ask "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()") || explain
case $DATABASE_URL in *sslmode=*) ;; *) [ "$said" = t ] || export PGSSLMODE=disable ;; esac

psql -qAtX -v ON_ERROR_STOP=1 "$DATABASE_URL" >/dev/null <<'SQL'
select pg_try_advisory_lock(hashtext('tillit:migrate')) as got \gset
\if :got
\! dbmate -d migrations --no-dump-schema up >&2; echo $? >"$status"
\else
\! echo 75 >"$status"
\endif
SQL
exit "$(cat "$status")"
