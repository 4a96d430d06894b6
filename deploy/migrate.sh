#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# One migration at a time: 75 = someone else is migrating. Status of dbmate otherwise.
set -eu
status=$(mktemp)
trap 'rm -f "$status"' EXIT
export status DATABASE_URL="$TILLIT_MIGRATE_URL"
PATH=$PWD/build/venv/bin:$PATH
psql -qAtX -v ON_ERROR_STOP=1 "$DATABASE_URL" >/dev/null <<'SQL'
select pg_try_advisory_lock(hashtext('tillit:migrate')) as got \gset
\if :got
\! dbmate -d migrations --no-dump-schema up >&2; echo $? >"$status"
\else
\! echo 75 >"$status"
\endif
SQL
exit "$(cat "$status")"
