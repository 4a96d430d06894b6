-- SPDX-License-Identifier: EUPL-1.2
-- Who a case is about and who acts in it: a row per person and municipality, and a row per person of a case with the parts they
-- hold there together. Applications come in without seeing anything, so a case's people are named by their blind index and no
-- person's id need be known; who has no national id is a row of the case's own.
-- migrate:up
SET ROLE tillit_owner;
CREATE TABLE persons (
    id           uuid PRIMARY KEY,
    municipality text NOT NULL,
    person_index bytea,             -- blind index of the national id; NULL = has none
    sealed       bytea NOT NULL,    -- national id, name, phone, email, address, interpreter (common/case/people.h)
    own          boolean NOT NULL,  -- they have said it of themself; else another has
    said_at      timestamptz NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    UNIQUE (municipality, person_index)
);
ALTER TABLE persons ALTER COLUMN sealed SET STORAGE EXTERNAL;

-- Parts end together or one by one: then the row ends, and another begins with what is left.
CREATE TABLE case_parties (
    case_id      uuid NOT NULL,
    n            smallint NOT NULL,
    municipality text NOT NULL,
    person_index bytea,
    person_id    uuid,              -- of a person without national id
    parts        text[] NOT NULL CHECK (cardinality(parts) > 0 AND parts <@ ARRAY['submitter', 'applicant', 'party', 'recipient']),
    role         text CHECK (role IN ('relative', 'guardian', 'attorney', 'parent', 'health_worker', 'municipal', 'hospital')),
    basis        text CHECK (basis IN ('attached', 'later', 'certificate', 'parental', 'none')),
    since        timestamptz NOT NULL,
    until        timestamptz CHECK (until >= since),
    PRIMARY KEY (case_id, n),
    CHECK (num_nonnulls(person_index, person_id) = 1)
);
CREATE INDEX case_parties_by_person ON case_parties (person_index) WHERE person_index IS NOT NULL;

-- Who writes here may not see cases: the function looks as the owner.
ALTER FUNCTION cases_are_there() SECURITY DEFINER SET search_path = public, pg_temp;
CREATE TRIGGER case_parties_cases_are_there AFTER INSERT ON case_parties REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION cases_are_there();
CREATE TRIGGER case_parties_case_stays BEFORE UPDATE OF case_id ON case_parties FOR EACH ROW EXECUTE FUNCTION case_stays();
SELECT keep_tenants_apart(name::regclass) FROM unnest(ARRAY['persons', 'case_parties']) name;

INSERT INTO role_grants (role, "table", privilege, columns) VALUES
    ('tillit_intake',  'persons',      'INSERT', NULL),
    ('tillit_intake',  'case_parties', 'INSERT', NULL),
    ('tillit_api',     'case_parties', 'SELECT', NULL),
    ('tillit_letters', 'persons',      'SELECT', NULL),
    ('tillit_letters', 'persons',      'INSERT', NULL),
    ('tillit_letters', 'persons',      'UPDATE', ARRAY['sealed', 'own', 'said_at', 'updated_at']),
    ('tillit_letters', 'case_parties', 'SELECT', NULL),
    ('tillit_letters', 'case_parties', 'INSERT', NULL);

-- Whose an application is, case_parties says; the columns stay for programs of the version before.
DROP INDEX applications_by_applicant;
RESET ROLE;

-- migrate:down
SET ROLE tillit_owner;
CREATE INDEX applications_by_applicant ON applications (municipality, applicant_index);
DELETE FROM role_grants WHERE "table" IN ('persons', 'case_parties');
DROP TABLE case_parties, persons;
ALTER FUNCTION cases_are_there() SECURITY INVOKER RESET search_path;
RESET ROLE;
