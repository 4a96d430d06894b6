-- SPDX-License-Identifier: EUPL-1.2
-- What opens a person's case to staff, and what keeps it closed.
-- migrate:up
SET ROLE tillit_owner;

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
    key_id       bytea GENERATED ALWAYS AS (substring(sealed FROM 2 FOR 4)) STORED,
    CHECK ((reviewed_at IS NULL) = (finding IS NULL)),
    CHECK (reviewed_by <> staff_id)
);
COMMENT ON TABLE case_openings IS 'Staff open a case for a reason, for a while. What they wrote about it is sealed.';
CREATE INDEX case_openings_by_staff ON case_openings (staff_id, case_id, until);
CREATE INDEX case_openings_to_review ON case_openings (municipality, opened_at) WHERE emergency AND reviewed_at IS NULL;
CREATE INDEX case_openings_by_key ON case_openings (municipality, key_id) WHERE key_id IS NOT NULL;

CREATE TABLE case_workers (
    case_id      uuid PRIMARY KEY REFERENCES cases,
    municipality text NOT NULL REFERENCES municipalities,
    staff_id     uuid NOT NULL REFERENCES staff,
    since        timestamptz NOT NULL
);
COMMENT ON TABLE case_workers IS 'Who has taken the case on.';
CREATE INDEX case_workers_by_staff ON case_workers (staff_id);

CREATE TABLE shielded_readers (
    staff_id     uuid PRIMARY KEY REFERENCES staff,
    municipality text NOT NULL REFERENCES municipalities
);
COMMENT ON TABLE shielded_readers IS 'The named few who may see shielded cases.';

CREATE TABLE staff_relations (
    id           uuid PRIMARY KEY,
    staff_id     uuid NOT NULL REFERENCES staff,
    municipality text NOT NULL REFERENCES municipalities,
    sealed       bytea NOT NULL,
    since        timestamptz NOT NULL,
    key_id       bytea NOT NULL GENERATED ALWAYS AS (substring(sealed FROM 2 FOR 4)) STORED
);
COMMENT ON TABLE staff_relations IS 'Whom staff stand too near to: they say so themselves. The national id is sealed.';
CREATE INDEX staff_relations_by_staff ON staff_relations (staff_id);
CREATE INDEX staff_relations_by_key ON staff_relations (municipality, key_id);

SELECT keep_tenants_apart(name::regclass)
  FROM unnest(ARRAY['case_openings', 'case_workers', 'shielded_readers', 'staff_relations']) name;
RESET ROLE;

-- migrate:down
