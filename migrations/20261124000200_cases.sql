-- SPDX-License-Identifier: EUPL-1.2
-- Municipalities, what was applied for, and the case that follows from it.
-- migrate:up
SET ROLE tillit_owner;

CREATE TABLE municipalities (
    number  text PRIMARY KEY CHECK (number ~ '^[0-9]{4}$'),
    name    text NOT NULL,           -- "Askøy kommune"
    phone   text,
    address text
);

-- Sealed bytes: layout in common/seal/seal.h. Ciphertext does not compress, so it is stored as it is.
CREATE TABLE documents (
    id           uuid PRIMARY KEY,
    municipality text NOT NULL REFERENCES municipalities,
    label        text NOT NULL,      -- a row of common/seal/seal.def
    sealed       bytea NOT NULL
);
ALTER TABLE documents ALTER COLUMN sealed SET STORAGE EXTERNAL;

-- The life of a case: a copy of common/case/status.def, compared by a test.
CREATE TABLE case_moves (
    from_status text NOT NULL,
    to_status   text NOT NULL,
    actor       text NOT NULL,
    PRIMARY KEY (from_status, to_status, actor)
);
INSERT INTO case_moves (from_status, to_status, actor) VALUES
    ('RECEIVED',    'TRIAGED',     'TRIAGE'),
    ('TRIAGED',     'DIALOGUE',    'SCHEDULING'),
    ('DIALOGUE',    'ASSESSMENT',  'CASEWORKER'),
    ('ASSESSMENT',  'TEAM',        'TEAM_LEADER'),
    ('ASSESSMENT',  'READY',       'CASEWORKER'),
    ('TEAM',        'READY',       'CASEWORKER'),
    ('READY',       'DECIDED',     'CASEWORKER'),
    ('DECIDED',     'NOTIFIED',    'LETTERS'),
    ('NOTIFIED',    'EFFECTUATED', 'CASEWORKER'),
    ('NOTIFIED',    'EFFECTUATED', 'SYSTEM'),
    ('NOTIFIED',    'CLOSED',      'SCHEDULING'),
    ('EFFECTUATED', 'CLOSED',      'SCHEDULING'),
    ('DECIDED',     'ASSESSMENT',  'CASEWORKER'),
    ('NOTIFIED',    'ASSESSMENT',  'CASEWORKER'),
    ('EFFECTUATED', 'ASSESSMENT',  'CASEWORKER');
INSERT INTO case_moves (from_status, to_status, actor)
SELECT status, 'WAITING', 'CASEWORKER' FROM unnest(ARRAY['TRIAGED', 'DIALOGUE', 'ASSESSMENT', 'TEAM', 'READY']) status
UNION ALL
SELECT 'WAITING', status, 'CASEWORKER' FROM unnest(ARRAY['TRIAGED', 'DIALOGUE', 'ASSESSMENT', 'TEAM', 'READY']) status
UNION ALL
SELECT undecided, ending.status, ending.actor
  FROM unnest(ARRAY['RECEIVED', 'TRIAGED', 'DIALOGUE', 'ASSESSMENT', 'TEAM', 'READY', 'WAITING']) undecided,
       (VALUES ('WITHDRAWN', 'APPLICANT'), ('DISMISSED', 'CASEWORKER'), ('FORWARDED', 'CASEWORKER')) ending (status, actor)
UNION ALL
SELECT status, 'DECEASED', 'SYSTEM'
  FROM unnest(ARRAY['RECEIVED', 'TRIAGED', 'DIALOGUE', 'ASSESSMENT', 'TEAM', 'READY', 'WAITING', 'DECIDED',
                    'NOTIFIED', 'EFFECTUATED', 'WITHDRAWN', 'DISMISSED', 'FORWARDED']) status;

CREATE TABLE cases (
    id             uuid PRIMARY KEY,
    municipality   text NOT NULL REFERENCES municipalities,
    reference      text NOT NULL UNIQUE,
    status         text NOT NULL,
    resume_status  text,             -- where WAITING returns to
    last_seq       integer NOT NULL, -- the number of the case's last event
    last_event_at  timestamptz NOT NULL,
    received_at    timestamptz NOT NULL,
    urgent         boolean NOT NULL DEFAULT false,
    shielded       boolean NOT NULL DEFAULT false,
    joint          boolean NOT NULL DEFAULT false,
    preliminary_reply_sent boolean NOT NULL DEFAULT false,
    department     text CHECK (department IN ('ho', 'il', 'both', 'forward')),
    path           text CHECK (path IN ('caseworker', 'team', 'urgent')),
    urgency        text CHECK (urgency IN ('p0', 'p1', 'p2', 'p3')),
    step_asked     integer CHECK (step_asked BETWEEN 0 AND 6),
    lower_services text[] NOT NULL DEFAULT '{}',
    rules          json NOT NULL DEFAULT '[]',  -- [{id, text}]: which rules fired, and why in words
    rule_set       text,
    CHECK ((status = 'WAITING') = (resume_status IS NOT NULL))
);
CREATE INDEX cases_by_municipality ON cases (municipality, received_at);

CREATE FUNCTION case_may_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status IS DISTINCT FROM OLD.status AND
       (NOT EXISTS (SELECT FROM case_moves WHERE from_status = OLD.status AND to_status = NEW.status)
        OR (OLD.status = 'WAITING' AND NEW.status IN ('TRIAGED', 'DIALOGUE', 'ASSESSMENT', 'TEAM', 'READY')
            AND NEW.status <> OLD.resume_status)) THEN
        RAISE EXCEPTION 'a case cannot move from % to %', OLD.status, NEW.status
              USING ERRCODE = 'TC001';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER case_may_move BEFORE UPDATE OF status ON cases
    FOR EACH ROW EXECUTE FUNCTION case_may_move();

CREATE TABLE applications (
    id              uuid PRIMARY KEY,
    municipality    text NOT NULL REFERENCES municipalities,
    case_id         uuid NOT NULL UNIQUE REFERENCES cases,
    document_id     uuid NOT NULL REFERENCES documents,
    applicant_index bytea,           -- blind index of the national id; NULL where there is none
    channel         text NOT NULL CHECK (channel IN ('web', 'api', 'hospital', 'phone', 'paper', 'oral')),
    language        text NOT NULL,
    submitter_role  text NOT NULL,
    services        text[] NOT NULL,
    urgency         text NOT NULL,
    in_hospital     boolean NOT NULL,
    has_what_matters boolean NOT NULL,
    household       text NOT NULL,
    received_at     timestamptz NOT NULL
);
CREATE INDEX applications_by_applicant ON applications (municipality, applicant_index);

CREATE TABLE contacts (
    id           uuid PRIMARY KEY,
    municipality text NOT NULL REFERENCES municipalities,
    case_id      uuid NOT NULL REFERENCES cases,
    case_seq     integer NOT NULL,   -- the event that told of it
    kind         text NOT NULL CHECK (kind IN ('phone', 'visit', 'meeting', 'video')),
    with_whom    text[] NOT NULL,
    two_way      boolean NOT NULL,
    at           timestamptz NOT NULL,
    UNIQUE (case_id, case_seq)
);

-- A request that creates joins its key first; kept 30 days. The answer holds ids and codes only.
CREATE TABLE idempotency_keys (
    client         text NOT NULL,
    key            text NOT NULL,
    request_hash   bytea NOT NULL,
    effect_id      uuid NOT NULL,    -- the application or contact that it made
    answer         text NOT NULL,
    location       text NOT NULL,
    etag           text,
    created_at     timestamptz NOT NULL,
    PRIMARY KEY (client, key)
) WITH (fillfactor = 70);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

SELECT keep_tenants_apart(name::regclass)
  FROM unnest(ARRAY['documents', 'cases', 'applications', 'contacts']) name;
RESET ROLE;

-- migrate:down
SET ROLE tillit_owner;
DROP TABLE idempotency_keys, contacts, applications, cases, case_moves, documents, municipalities;
DROP FUNCTION case_may_move();
RESET ROLE;
