-- SPDX-License-Identifier: EUPL-1.2
-- Who a case is about and who acts in it. Applications come in without seeing anything, so a case's people are named by
-- their blind index and no person's id need be known; who has no national id is a row of the case's own.
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
    key_id       bytea NOT NULL GENERATED ALWAYS AS (substring(sealed FROM 2 FOR 4)) STORED,
    UNIQUE (municipality, person_index)
);
ALTER TABLE persons ALTER COLUMN sealed SET STORAGE EXTERNAL;
COMMENT ON TABLE persons IS 'A row per person and municipality: what is known of them, sealed.';
CREATE INDEX persons_by_key ON persons (municipality, key_id);

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
    ended_by     uuid REFERENCES staff,
    ended_why    text,              -- a row of services/api/console/parts.c
    PRIMARY KEY (case_id, n),
    CHECK (num_nonnulls(person_index, person_id) = 1),
    CHECK ((ended_by IS NULL) = (ended_why IS NULL)),
    CHECK (ended_why IS NULL OR (until IS NOT NULL AND role IS NOT NULL))
);
COMMENT ON TABLE case_parties IS 'A row per person of a case, with the parts they hold there together. Parts end together or one by one: then '
    'the row ends, and another begins with what is left. Staff end the part of who acts for another (ended_by): a guardian whose mandate is '
    'over sees the case no more.';
CREATE INDEX case_parties_by_person ON case_parties (person_index) WHERE person_index IS NOT NULL;
CREATE INDEX case_parties_by_municipality ON case_parties (municipality, person_index) WHERE person_index IS NOT NULL;
CREATE TRIGGER case_parties_cases_are_there AFTER INSERT ON case_parties REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION cases_are_there();
CREATE TRIGGER case_parties_case_stays BEFORE UPDATE OF case_id ON case_parties FOR EACH ROW EXECUTE FUNCTION case_stays();

SELECT keep_tenants_apart(name::regclass) FROM unnest(ARRAY['persons', 'case_parties']) name;
RESET ROLE;

-- migrate:down
