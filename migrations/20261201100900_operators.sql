-- SPDX-License-Identifier: EUPL-1.2
-- Operators' acts: asked for here, done by the workers, and kept for good with who and why.
-- migrate:up
SET ROLE tillit_owner;

CREATE TABLE operator_acts (
    id           uuid PRIMARY KEY,
    act          text NOT NULL,      -- a row of common/operator/operator.c
    consumer     text,               -- the worker that does it; NULL: done when it was asked for
    parked_id    uuid REFERENCES parked_events,
    target       text,               -- "all", a time or a case id, of a replay
    who          text NOT NULL,
    asked_at     timestamptz NOT NULL,
    not_before   timestamptz NOT NULL,
    taken_at     timestamptz,
    tries        integer NOT NULL DEFAULT 0,
    done_at      timestamptz,
    outcome      text,               -- a problem's name, or OK
    detail       text,               -- names and codes, never values
    says         text[] NOT NULL DEFAULT '{}',  -- the events that it said, or would have said
    then_types   text[] NOT NULL DEFAULT '{}',  -- what waited behind it
    municipality text,               -- whom it is about; NULL: an act that concerns all
    sealed       bytea NOT NULL,     -- why
    key_id       bytea NOT NULL GENERATED ALWAYS AS (substring(sealed FROM 2 FOR 4)) STORED
);
COMMENT ON TABLE operator_acts IS 'A row is the log of an act and, until it is done, the request for it. Why is sealed, as all is that '
    'somebody wrote.';
CREATE INDEX operator_acts_open ON operator_acts (consumer, not_before) WHERE done_at IS NULL;
CREATE INDEX operator_acts_by_time ON operator_acts (asked_at);
CREATE INDEX operator_acts_by_parked ON operator_acts (parked_id, asked_at);
CREATE INDEX operator_acts_by_key ON operator_acts (key_id);
SELECT keep_tenants_apart('operator_acts');
ALTER POLICY staff ON operator_acts USING (municipality IS NULL OR municipality = ANY (seen_municipalities()))
                               WITH CHECK (municipality IS NULL OR municipality = ANY (seen_municipalities()));
CREATE POLICY operator ON operator_acts TO tillit_ops USING (true) WITH CHECK (true);

CREATE TABLE worker_pauses (
    consumer text PRIMARY KEY,
    who      text NOT NULL,
    since    timestamptz NOT NULL
);
COMMENT ON TABLE worker_pauses IS 'A paused worker keeps its place in the group and handles nothing; the act says why.';
RESET ROLE;

-- migrate:down
