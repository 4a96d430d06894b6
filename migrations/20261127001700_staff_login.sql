-- SPDX-License-Identifier: EUPL-1.2
-- Staff who log in at their municipality's own issuer, and what opens a person's case to them.
-- migrate:up
SET ROLE tillit_owner;
ALTER TABLE staff ADD COLUMN subject text,  -- what their issuer calls them (sub)
                  ADD COLUMN unit text;
CREATE UNIQUE INDEX staff_by_subject ON staff (municipality, subject);
CREATE TABLE staff_logins (
    municipality text PRIMARY KEY REFERENCES municipalities,
    issuer       text NOT NULL,      -- iss, byte by byte
    client       text NOT NULL,      -- what we are called there
    roles_claim  text NOT NULL DEFAULT 'roles',  -- members below one another with dots between
    role_map     json NOT NULL       -- {"what the claim says": "caseworker"}
);

ALTER TABLE logins ADD COLUMN municipality text;   -- whose staff; NULL = a citizen
ALTER TABLE sessions
    ALTER COLUMN sealed DROP NOT NULL,             -- staff's issuer may name no national id
    ADD COLUMN staff_id uuid,                      -- NULL = a citizen
    ADD COLUMN municipality text,
    ADD COLUMN name text,
    ADD COLUMN unit text,
    ADD COLUMN roles text[] NOT NULL DEFAULT '{}',
    ADD CHECK ((staff_id IS NULL) = (municipality IS NULL)),
    ADD CHECK (staff_id IS NOT NULL OR sealed IS NOT NULL);

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

-- Staff open a case for a reason, for a while. What they wrote about it is sealed.
CREATE TABLE case_openings (
    id           uuid PRIMARY KEY,
    municipality text NOT NULL REFERENCES municipalities,
    case_id      uuid NOT NULL REFERENCES cases,
    staff_id     uuid NOT NULL REFERENCES staff,
    reason       text NOT NULL,      -- a row of services/api/case/standing.c
    sealed       bytea,
    emergency    boolean NOT NULL,   -- not theirs to see, and looked at by another afterwards
    opened_at    timestamptz NOT NULL,
    until        timestamptz NOT NULL,
    reviewed_at  timestamptz,
    reviewed_by  uuid REFERENCES staff,
    finding      text CHECK (finding IN ('fitting', 'unfitting')),
    CHECK ((reviewed_at IS NULL) = (finding IS NULL)),
    CHECK (reviewed_by <> staff_id)
);
CREATE INDEX case_openings_by_staff ON case_openings (staff_id, case_id, until);
CREATE INDEX case_openings_to_review ON case_openings (municipality, opened_at) WHERE emergency AND reviewed_at IS NULL;

-- Who has taken the case on.
CREATE TABLE case_workers (
    case_id      uuid PRIMARY KEY REFERENCES cases,
    municipality text NOT NULL REFERENCES municipalities,
    staff_id     uuid NOT NULL REFERENCES staff,
    since        timestamptz NOT NULL
);
CREATE INDEX case_workers_by_staff ON case_workers (staff_id);

-- The named few who may see shielded cases.
CREATE TABLE shielded_readers (
    staff_id     uuid PRIMARY KEY REFERENCES staff,
    municipality text NOT NULL REFERENCES municipalities
);

-- Whom staff stand too near to: they say so themselves. The national id is sealed.
CREATE TABLE staff_relations (
    id           uuid PRIMARY KEY,
    staff_id     uuid NOT NULL REFERENCES staff,
    municipality text NOT NULL REFERENCES municipalities,
    sealed       bytea NOT NULL,
    since        timestamptz NOT NULL
);
CREATE INDEX staff_relations_by_staff ON staff_relations (staff_id);

SELECT keep_tenants_apart(name::regclass)
  FROM unnest(ARRAY['case_openings', 'case_workers', 'shielded_readers', 'staff_relations']) name;

INSERT INTO role_grants (role, "table", privilege, columns) VALUES
    ('tillit_api', 'staff_logins',     'SELECT', NULL),
    ('tillit_api', 'staff',            'INSERT', NULL),
    ('tillit_api', 'staff',            'UPDATE', ARRAY['unit']),
    ('tillit_api', 'case_openings',    'SELECT', NULL),
    ('tillit_api', 'case_openings',    'INSERT', NULL),
    ('tillit_api', 'case_openings',    'UPDATE', ARRAY['reviewed_at', 'reviewed_by', 'finding']),
    ('tillit_api', 'case_workers',     'SELECT', NULL),
    ('tillit_api', 'case_workers',     'INSERT', NULL),
    ('tillit_api', 'case_workers',     'UPDATE', ARRAY['staff_id', 'since']),
    ('tillit_api', 'shielded_readers', 'SELECT', NULL),
    ('tillit_api', 'staff_relations',  'SELECT', NULL),
    ('tillit_api', 'staff_relations',  'INSERT', NULL);
RESET ROLE;

-- migrate:down
SET ROLE tillit_owner;
DROP TABLE staff_relations, shielded_readers, case_workers, case_openings;
DROP POLICY owner ON logins;
DROP POLICY door ON logins;
DROP POLICY owner ON sessions;
DROP POLICY door ON sessions;
ALTER TABLE logins NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
ALTER TABLE sessions NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
DELETE FROM sessions WHERE staff_id IS NOT NULL;
ALTER TABLE sessions DROP COLUMN staff_id, DROP COLUMN municipality, DROP COLUMN name, DROP COLUMN unit, DROP COLUMN roles,
                     ALTER COLUMN sealed SET NOT NULL;
ALTER TABLE logins DROP COLUMN municipality;
DROP TABLE staff_logins;
REVOKE INSERT, UPDATE (unit) ON staff FROM tillit_api;
ALTER TABLE staff DROP COLUMN subject, DROP COLUMN unit;
DELETE FROM role_grants WHERE "table" IN ('staff_logins', 'case_openings', 'case_workers', 'shielded_readers', 'staff_relations')
                           OR ("table" = 'staff' AND role = 'tillit_api' AND privilege <> 'SELECT');
RESET ROLE;
