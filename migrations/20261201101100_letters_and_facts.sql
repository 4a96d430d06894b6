-- SPDX-License-Identifier: EUPL-1.2
-- Letters as metadata (their bytes are sealed documents), and the facts that indicators are made of.
-- migrate:up
SET ROLE tillit_owner;

CREATE TABLE letters (
    case_id      uuid NOT NULL REFERENCES cases,
    n            integer NOT NULL CHECK (n > 0),
    municipality text NOT NULL,
    cause_seq    integer NOT NULL,   -- the event it answers
    kind         text NOT NULL,
    template     text NOT NULL,
    version      text NOT NULL,
    hash         text NOT NULL,      -- SHA-256 of the template, hex
    language     text NOT NULL,
    pages        integer NOT NULL CHECK (pages > 0),
    document_id  uuid NOT NULL REFERENCES documents,
    ready_at     timestamptz NOT NULL,
    PRIMARY KEY (case_id, n),
    UNIQUE (case_id, kind, cause_seq)
);
COMMENT ON TABLE letters IS 'Letters that were made, one of a kind per cause; their bytes are sealed documents.';

CREATE TABLE case_facts (
    case_id          uuid PRIMARY KEY,
    municipality     text NOT NULL,
    received_at      timestamptz NOT NULL,
    channel          text NOT NULL,
    dialogue_day     date NOT NULL,      -- of the first talk's deadline
    department       text,
    receipt_at       timestamptz,        -- the first letter.ready{receipt}
    first_contact_at timestamptz,        -- the first two-way contact
    ended_at         timestamptz,
    folded_seq       integer NOT NULL    -- the last event in it
);
COMMENT ON TABLE case_facts IS 'One row per case, folded from its events alone; folding the log again gives the same row.';
CREATE INDEX case_facts_received ON case_facts (received_at);
CREATE INDEX case_facts_dialogue_day ON case_facts (dialogue_day);

SELECT keep_tenants_apart(name::regclass) FROM unnest(ARRAY['letters', 'case_facts']) name;
RESET ROLE;

-- migrate:down
