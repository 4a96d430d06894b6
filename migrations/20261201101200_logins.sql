-- SPDX-License-Identifier: EUPL-1.2
-- Who logs in: citizens at the nation's issuer, staff at their municipality's own. What opens a login or a session is a
-- secret of the browser's; its hash alone is kept. Rows are gone when they have ended: who logged in, and what they did,
-- is the access log's to keep.
-- migrate:up
SET ROLE tillit_owner;

CREATE TABLE staff_logins (
    municipality text PRIMARY KEY REFERENCES municipalities,
    issuer       text NOT NULL,      -- iss, byte by byte
    client       text NOT NULL,      -- what we are called there
    roles_claim  text NOT NULL DEFAULT 'roles',  -- members below one another with dots between
    role_map     json NOT NULL       -- {"what the claim says": "caseworker"}
);
COMMENT ON TABLE staff_logins IS 'Where a municipality''s staff log in, and which role is whose there.';

CREATE TABLE logins (
    secret_hash  bytea PRIMARY KEY CHECK (length(secret_hash) = 32),
    begun_at     timestamptz NOT NULL,
    municipality text                -- whose staff; NULL = a citizen
);
COMMENT ON TABLE logins IS 'Begun, and not yet come back from the issuer; each is good once. Where it leads is kept by the browser that '
    'began it, for as long as somebody may come back late.';
CREATE INDEX logins_by_age ON logins (begun_at);

CREATE TABLE sessions (
    id           uuid PRIMARY KEY,
    secret_hash  bytea NOT NULL UNIQUE CHECK (length(secret_hash) = 32),
    sealed       bytea,              -- the national id; staff's issuer may name none
    issuer_hash  bytea CHECK (length(issuer_hash) = 32), -- of the issuer's own session (sid), which logs out by it; NULL = it named none
    begun_at     timestamptz NOT NULL,
    seen_at      timestamptz NOT NULL,
    staff_id     uuid,               -- NULL = a citizen
    municipality text,
    name         text,
    unit         text,
    roles        text[] NOT NULL DEFAULT '{}',
    CHECK ((staff_id IS NULL) = (municipality IS NULL)),
    CHECK (staff_id IS NOT NULL OR sealed IS NOT NULL)
);
COMMENT ON TABLE sessions IS 'Who is logged in.';
CREATE INDEX sessions_by_issuer ON sessions (issuer_hash);
CREATE INDEX sessions_by_age ON sessions (begun_at);

-- Who logs in is looked for before it is known whose they are: the API sees these rows of all.
DO $$
DECLARE
    door text;
BEGIN
    FOREACH door IN ARRAY ARRAY['staff_logins', 'logins', 'sessions'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', door);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', door);
        EXECUTE format('CREATE POLICY owner ON %I TO tillit_owner USING (true) WITH CHECK (true)', door);
        EXECUTE format('CREATE POLICY door ON %I TO tillit_api USING (true) WITH CHECK (true)', door);
    END LOOP;
END
$$;
CREATE POLICY operator ON staff_logins TO tillit_ops USING (true) WITH CHECK (true);
RESET ROLE;

-- migrate:down
