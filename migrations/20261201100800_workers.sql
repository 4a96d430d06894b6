-- SPDX-License-Identifier: EUPL-1.2
-- What a worker lives by: what it takes, how far it is, what it can't handle, and how it is.
-- migrate:up
SET ROLE tillit_owner;

CREATE TABLE inbox (
    consumer text NOT NULL,
    case_id  uuid NOT NULL,
    mark     integer NOT NULL,
    PRIMARY KEY (consumer, case_id)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
COMMENT ON TABLE inbox IS 'All of the case''s events of the consumer''s types at or under the mark are handled.';

CREATE TABLE consumer_types (
    consumer text NOT NULL,
    type     text NOT NULL,
    PRIMARY KEY (consumer, type)
);
COMMENT ON TABLE consumer_types IS 'What each worker takes, written by it at start.';

CREATE TABLE parked_events (
    id           uuid PRIMARY KEY,
    consumer     text NOT NULL,
    case_id      uuid,
    case_seq     integer,
    type         text NOT NULL,
    topic        text,
    partition    integer,
    "offset"     bigint,
    problem      text NOT NULL,      -- a row of common/problem/problem.def
    detail       text,               -- names and codes, never values
    attempts     integer NOT NULL,
    sealed       bytea NOT NULL,     -- the event's bytes as they came
    parked_at    timestamptz NOT NULL,
    closed_at    timestamptz,
    closed_how   text CHECK (closed_how IN ('redriven', 'given_up')),
    key_id       bytea NOT NULL GENERATED ALWAYS AS (substring(sealed FROM 2 FOR 4)) STORED,
    municipality text,               -- NULL: a record that the log lacks
    CHECK ((case_id IS NULL) = (case_seq IS NULL)),
    CHECK (case_id IS NOT NULL OR topic IS NOT NULL),
    CHECK ((case_id IS NULL) = (municipality IS NULL)),
    UNIQUE (consumer, case_id, case_seq),
    UNIQUE (consumer, topic, partition, "offset")
);
COMMENT ON TABLE parked_events IS 'What a worker can''t handle. A culprit of the log makes its case wait; a record that the log lacks '
    '(case_id NULL) makes no one wait. A municipality''s operators see and drive their own, and those of nobody.';
CREATE INDEX parked_events_open ON parked_events (consumer, case_id) WHERE closed_at IS NULL;
CREATE INDEX parked_events_by_key ON parked_events (key_id);
SELECT keep_tenants_apart('parked_events');
ALTER POLICY staff ON parked_events USING (municipality IS NULL OR municipality = ANY (seen_municipalities()))
                               WITH CHECK (municipality IS NULL OR municipality = ANY (seen_municipalities()));
CREATE POLICY operator ON parked_events TO tillit_ops USING (true) WITH CHECK (true);

CREATE TABLE worker_runs (
    consumer text NOT NULL,
    instance text NOT NULL,
    running  boolean NOT NULL,
    PRIMARY KEY (consumer, instance)
);
COMMENT ON TABLE worker_runs IS 'Whether the instance''s last run ended cleanly; if not it takes singles and counts tries.';

CREATE TABLE worker_tries (
    consumer text NOT NULL,
    case_id  uuid NOT NULL,
    case_seq integer NOT NULL,
    tries    integer NOT NULL,
    PRIMARY KEY (consumer, case_id, case_seq)
);
COMMENT ON TABLE worker_tries IS 'How often an event was begun on after an unclean end.';

CREATE TABLE worker_places (
    consumer  text NOT NULL,
    topic     text NOT NULL,
    partition integer NOT NULL,
    "offset"  bigint NOT NULL,
    tries     integer NOT NULL,   -- of this offset, that have no good end yet
    case_id   uuid,               -- what the record rings for, once the log was found to have it
    case_seq  integer,
    type      text,
    PRIMARY KEY (consumer, topic, partition),
    CHECK ((case_id IS NULL) = (case_seq IS NULL) AND (case_id IS NULL) = (type IS NULL))
) WITH (fillfactor = 50);
COMMENT ON TABLE worker_places IS 'Where in each partition a worker is that goes on after an unclean end: it says so before it looks at '
    'the record.';

CREATE TABLE heartbeats (
    program     text NOT NULL,
    instance    text NOT NULL,
    beat_at     timestamptz NOT NULL,
    ready       boolean NOT NULL,
    why_not     text,
    lag_events  bigint,
    lag_seconds bigint,
    PRIMARY KEY (program, instance)
) WITH (fillfactor = 50);
COMMENT ON TABLE heartbeats IS 'How each program is, said by itself every second; the API''s readiness and /drift read it.';

CREATE TABLE tick_runs (
    tick         text PRIMARY KEY,
    succeeded_at timestamptz NOT NULL,
    tries        integer NOT NULL DEFAULT 0  -- begun since it last went well
) WITH (fillfactor = 50);
COMMENT ON TABLE tick_runs IS 'When each timed work last went well.';
RESET ROLE;

-- migrate:down
