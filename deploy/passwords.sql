-- SPDX-License-Identifier: EUPL-1.2
-- One password for the roles that the programs connect as, where PostgreSQL asks for it; it then stands in DATABASE_URL
-- (postgresql://HOST/tillit?password=...), in PGPASSWORD or, a line per role, in PGPASSFILE:
--     psql "$TILLIT_MIGRATE_URL" -v password=... -f deploy/passwords.sql
\set ON_ERROR_STOP on
SELECT format('ALTER ROLE %I PASSWORD %L', rolname, :'password') FROM pg_roles
 WHERE rolname LIKE 'tillit\_%' AND rolcanlogin \gexec
