-- SPDX-License-Identifier: EUPL-1.2
-- One role per program, none of which owns a table or may bypass row-level security, and the
-- table of what each may do (filled by the later files, compared with the database by a test).
-- migrate:up
CREATE EXTENSION IF NOT EXISTS btree_gist;

DO $$
DECLARE
    program text;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tillit_owner') THEN
        CREATE ROLE tillit_owner NOLOGIN NOBYPASSRLS;
    END IF;
    FOREACH program IN ARRAY ARRAY['tillit_api', 'tillit_intake', 'tillit_relay', 'tillit_triage',
                                   'tillit_scheduling', 'tillit_letters', 'tillit_metrics'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = program) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOBYPASSRLS', program);
        END IF;
        EXECUTE format('ALTER ROLE %I SET statement_timeout = ''5s''', program);
        EXECUTE format('ALTER ROLE %I SET lock_timeout = ''2s''', program);
        EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = ''10s''', program);
        EXECUTE format('ALTER ROLE %I SET synchronous_commit = on', program);
        EXECUTE format('GRANT SELECT ON schema_migrations TO %I', program);
    END LOOP;
END
$$;
GRANT tillit_owner TO CURRENT_USER;
GRANT USAGE, CREATE ON SCHEMA public TO tillit_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

SET ROLE tillit_owner;

-- What a program may do with a table; columns NULL = all of them.
CREATE TABLE role_grants (
    role      text NOT NULL,
    "table"   text NOT NULL,
    privilege text NOT NULL CHECK (privilege IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')),
    columns   text[],
    PRIMARY KEY (role, "table", privilege)
);

CREATE FUNCTION grant_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('GRANT %s %s ON %I TO %I', NEW.privilege,
                   CASE WHEN NEW.columns IS NULL THEN ''
                        ELSE '(' || (SELECT string_agg(quote_ident(c), ', ') FROM unnest(NEW.columns) c) || ')'
                   END, NEW."table", NEW.role);
    RETURN NEW;
END
$$;
CREATE TRIGGER grant_row AFTER INSERT ON role_grants FOR EACH ROW EXECUTE FUNCTION grant_row();

-- The municipalities that the transaction's user may see: SET LOCAL tillit.municipalities = '4627,4601'.
CREATE FUNCTION seen_municipalities() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT string_to_array(current_setting('tillit.municipalities', true), ',')
$$;

-- Forced row-level security for a table with a municipality column: staff see their own, workers
-- and the owner see all, intake may insert and see nothing.
CREATE FUNCTION keep_tenants_apart(tenants regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', tenants);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', tenants);
    EXECUTE format('CREATE POLICY owner ON %s TO tillit_owner USING (true) WITH CHECK (true)', tenants);
    EXECUTE format('CREATE POLICY worker ON %s TO tillit_relay, tillit_triage, tillit_scheduling,'
                   ' tillit_letters, tillit_metrics USING (true) WITH CHECK (true)', tenants);
    EXECUTE format('CREATE POLICY staff ON %s TO tillit_api'
                   ' USING (municipality = ANY (seen_municipalities()))'
                   ' WITH CHECK (municipality = ANY (seen_municipalities()))', tenants);
    EXECUTE format('CREATE POLICY intake ON %s FOR INSERT TO tillit_intake WITH CHECK (true)', tenants);
END
$$;
RESET ROLE;

-- migrate:down
SET ROLE tillit_owner;
DROP FUNCTION keep_tenants_apart(regclass);
DROP FUNCTION seen_municipalities();
DROP TABLE role_grants;
DROP FUNCTION grant_row();
RESET ROLE;
