-- SPDX-License-Identifier: EUPL-1.2
-- What a municipality brings with it, taken in by tillit-ops: how it looks, its rules, its own words in letters, and where its
-- staff log in.
-- migrate:up
SET ROLE tillit_owner;
ALTER TABLE municipalities ADD COLUMN organisation text UNIQUE CHECK (organisation ~ '^[0-9]{9}$'),
                           ADD COLUMN web text,
                           ADD COLUMN accent text CHECK (accent ~ '^#[0-9a-f]{6}$');

-- Who has left has no login any more; the row stays, for what they did names them.
DROP INDEX staff_by_subject;
ALTER TABLE staff ADD COLUMN named boolean NOT NULL DEFAULT false, -- by its municipality's pack; else they came by their login
                  ADD UNIQUE (municipality, name),
                  ADD UNIQUE (municipality, subject) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE teams ADD COLUMN closed boolean NOT NULL DEFAULT false; -- gets no more cases

-- What the municipality has set, for applications received from a time on; NULL = as the house has it (common/case/rules.c). Rows
-- stay: an old case keeps its rules, whoever counts and whenever.
CREATE TABLE municipality_rules (
    municipality           text NOT NULL REFERENCES municipalities,
    since                  timestamptz NOT NULL,
    first_talk_days        integer CHECK (first_talk_days BETWEEN 1 AND 10),
    first_talk_urgent_days integer CHECK (first_talk_urgent_days BETWEEN 1 AND 3),
    team_services          integer CHECK (team_services BETWEEN 2 AND 10),
    team_step              integer CHECK (team_step BETWEEN 2 AND 6),
    PRIMARY KEY (municipality, since)
);
-- Its own words in place of ours; the latest is in use, NULL = ours again. A letter names its template by hash: rows stay.
CREATE TABLE letter_templates (
    municipality text NOT NULL REFERENCES municipalities,
    kind         text NOT NULL,
    language     text NOT NULL,
    since        timestamptz NOT NULL,
    text         text,               -- Markdown
    PRIMARY KEY (municipality, kind, language, since)
);
SELECT keep_tenants_apart(name::regclass) FROM unnest(ARRAY['municipality_rules', 'letter_templates']) name;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['staff', 'teams', 'team_members', 'municipality_rules', 'letter_templates', 'staff_logins'] LOOP
        EXECUTE format('CREATE POLICY operator ON %I TO tillit_ops USING (true) WITH CHECK (true)', name);
    END LOOP;
END
$$;
INSERT INTO role_grants (role, "table", privilege, columns)
SELECT 'tillit_ops', "table", privilege, NULL::text[]
  FROM (VALUES ('municipalities', 'INSERT'),
               ('staff', 'SELECT'), ('staff', 'INSERT'), ('teams', 'SELECT'), ('teams', 'INSERT'),
               ('team_members', 'SELECT'), ('team_members', 'INSERT'), ('team_members', 'DELETE'),
               ('municipality_rules', 'SELECT'), ('municipality_rules', 'INSERT'), ('municipality_rules', 'UPDATE'),
               ('letter_templates', 'SELECT'), ('letter_templates', 'INSERT'), ('letter_templates', 'UPDATE'),
               ('staff_logins', 'SELECT'), ('staff_logins', 'INSERT'), ('staff_logins', 'UPDATE'), ('staff_logins', 'DELETE')) t ("table", privilege)
UNION ALL
SELECT 'tillit_' || worker, 'municipality_rules', 'SELECT', NULL FROM unnest(ARRAY['triage', 'scheduling', 'letters', 'metrics']) worker;
INSERT INTO role_grants (role, "table", privilege, columns) VALUES
    ('tillit_ops', 'municipalities', 'UPDATE', ARRAY['name', 'organisation', 'phone', 'address', 'web', 'accent']),
    ('tillit_ops', 'staff',          'UPDATE', ARRAY['role', 'subject', 'named']),
    ('tillit_ops', 'teams',          'UPDATE', ARRAY['name', 'department', 'weekday', 'starts', 'slots', 'slot_minutes', 'closed']),
    ('tillit_ops', 'team_members',   'UPDATE', ARRAY['profession']),
    ('tillit_letters',    'letter_templates', 'SELECT', NULL),
    ('tillit_scheduling', 'meetings',         'DELETE', NULL);
RESET ROLE;

-- migrate:down
SET ROLE tillit_owner;
REVOKE INSERT, UPDATE ON municipalities FROM tillit_ops;
REVOKE ALL ON staff, teams, team_members, staff_logins FROM tillit_ops;
REVOKE DELETE ON meetings FROM tillit_scheduling;
DELETE FROM role_grants
 WHERE "table" IN ('municipality_rules', 'letter_templates') OR (role, "table", privilege) = ('tillit_scheduling', 'meetings', 'DELETE')
    OR role = 'tillit_ops' AND ("table" IN ('staff', 'teams', 'team_members', 'staff_logins') OR "table" = 'municipalities' AND privilege <> 'SELECT');
DROP POLICY operator ON staff;
DROP POLICY operator ON teams;
DROP POLICY operator ON team_members;
DROP POLICY operator ON staff_logins;
DROP TABLE letter_templates, municipality_rules;
ALTER TABLE teams DROP COLUMN closed;
ALTER TABLE staff DROP CONSTRAINT staff_municipality_name_key, DROP CONSTRAINT staff_municipality_subject_key, DROP COLUMN named;
CREATE UNIQUE INDEX staff_by_subject ON staff (municipality, subject);
ALTER TABLE municipalities DROP COLUMN organisation, DROP COLUMN web, DROP COLUMN accent;
RESET ROLE;
