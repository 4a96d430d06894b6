-- SPDX-License-Identifier: EUPL-1.2
-- One role per program, none of which owns a table or may bypass row-level security, and the group that
-- every worker is of: what a worker lives by is granted to that, and to each what is its own.
-- migrate:up
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- A program's role; a later migration that brings a program calls it too, before SET ROLE.
CREATE FUNCTION program_role(program text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = program) THEN
        EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOBYPASSRLS', program);
    END IF;
    EXECUTE format('ALTER ROLE %I SET statement_timeout = ''5s''', program);
    EXECUTE format('ALTER ROLE %I SET lock_timeout = ''2s''', program);
    EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = ''10s''', program);
    EXECUTE format('ALTER ROLE %I SET synchronous_commit = on', program);
    EXECUTE format('GRANT SELECT ON schema_migrations TO %I', program);
END
$$;
COMMENT ON FUNCTION program_role IS 'Makes a program''s role, if it is not there, and sets how long it may wait.';

DO $$
DECLARE
    no_login text;
BEGIN
    FOREACH no_login IN ARRAY ARRAY['tillit_owner', 'tillit_worker'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = no_login) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN NOBYPASSRLS', no_login);
        END IF;
    END LOOP;
END
$$;
SELECT program_role('tillit_' || program)
  FROM unnest(ARRAY['api', 'intake', 'relay', 'triage', 'scheduling', 'letters', 'metrics', 'upkeep', 'ops']) program;
GRANT tillit_worker TO tillit_triage, tillit_scheduling, tillit_letters, tillit_metrics, tillit_upkeep;

GRANT tillit_owner TO CURRENT_USER;
GRANT USAGE, CREATE ON SCHEMA public TO tillit_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

SET ROLE tillit_owner;
CREATE FUNCTION seen_municipalities() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT string_to_array(current_setting('tillit.municipalities', true), ',')
$$;
COMMENT ON FUNCTION seen_municipalities IS
    'Those that the transaction''s user may see: SET LOCAL tillit.municipalities = ''4627,4601''.';

CREATE FUNCTION keep_tenants_apart(tenants regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', tenants);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', tenants);
    EXECUTE format('CREATE POLICY owner ON %s TO tillit_owner USING (true) WITH CHECK (true)', tenants);
    EXECUTE format('CREATE POLICY worker ON %s TO tillit_relay, tillit_worker USING (true) WITH CHECK (true)', tenants);
    EXECUTE format('CREATE POLICY staff ON %s TO tillit_api'
                   ' USING (municipality = ANY (seen_municipalities()))'
                   ' WITH CHECK (municipality = ANY (seen_municipalities()))', tenants);
    EXECUTE format('CREATE POLICY intake ON %s FOR INSERT TO tillit_intake WITH CHECK (true)', tenants);
END
$$;
COMMENT ON FUNCTION keep_tenants_apart IS 'Forced row-level security for a table with a municipality: staff see their own, '
    'workers and the owner all, intake may insert and see nothing.';
RESET ROLE;

-- migrate:down
