-- SPDX-License-Identifier: EUPL-1.2
-- The event log, what Kafka does not have yet, and each worker's marks and parked events.
-- migrate:up
SET ROLE tillit_owner;

-- Append-only, kept for good: outbox, record of what happened and source of every indicator.
CREATE TABLE events (
    case_id      uuid NOT NULL,
    case_seq     integer NOT NULL CHECK (case_seq > 0),
    municipality text NOT NULL,
    type         text NOT NULL,      -- "no.tillit.application.received.v1"
    source       text NOT NULL,      -- "tillit/api"
    data         json NOT NULL,
    occurred_at  timestamptz NOT NULL,
    traceparent  text,
    PRIMARY KEY (case_id, case_seq)
);
SELECT keep_tenants_apart('events');

-- A row is here until Kafka has the event; drawn under the case's row lock, so within a case
-- position order is commit order.
CREATE TABLE unsent (
    position bigint GENERATED ALWAYS AS IDENTITY (CACHE 1) PRIMARY KEY,
    case_id  uuid NOT NULL,
    case_seq integer NOT NULL
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
        autovacuum_vacuum_insert_threshold = 10000);

-- The fence of the one active relay.
CREATE TABLE relay_epoch (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    epoch  bigint NOT NULL
);
INSERT INTO relay_epoch (epoch) VALUES (0);

-- All of the case's events of the consumer's types at or under the mark are handled.
CREATE TABLE inbox (
    consumer text NOT NULL,
    case_id  uuid NOT NULL,
    mark     integer NOT NULL,
    PRIMARY KEY (consumer, case_id)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);

-- What each worker takes, written by it at start.
CREATE TABLE consumer_types (
    consumer text NOT NULL,
    type     text NOT NULL,
    PRIMARY KEY (consumer, type)
);

-- What a worker can't handle. A culprit of the log makes its case wait; a record that the log
-- lacks (case_id NULL) makes no one wait.
CREATE TABLE parked_events (
    id         uuid PRIMARY KEY,
    consumer   text NOT NULL,
    case_id    uuid,
    case_seq   integer,
    type       text NOT NULL,
    topic      text,
    partition  integer,
    "offset"   bigint,
    problem    text NOT NULL,        -- a row of common/problem/problem.def
    detail     text,                 -- names and codes, never values
    attempts   integer NOT NULL,
    sealed     bytea NOT NULL,       -- the event's bytes as they came
    parked_at  timestamptz NOT NULL,
    closed_at  timestamptz,
    closed_how text CHECK (closed_how IN ('redriven', 'given_up')),
    CHECK ((case_id IS NULL) = (case_seq IS NULL)),
    CHECK (case_id IS NOT NULL OR topic IS NOT NULL),
    UNIQUE (consumer, case_id, case_seq),
    UNIQUE (consumer, topic, partition, "offset")
);
CREATE INDEX parked_events_open ON parked_events (consumer, case_id) WHERE closed_at IS NULL;

-- Whether the instance's last run ended cleanly; if not it takes singles and counts tries.
CREATE TABLE worker_runs (
    consumer text NOT NULL,
    instance text NOT NULL,
    running  boolean NOT NULL,
    PRIMARY KEY (consumer, instance)
);
CREATE TABLE worker_tries (
    consumer text NOT NULL,
    case_id  uuid NOT NULL,
    case_seq integer NOT NULL,
    tries    integer NOT NULL,
    PRIMARY KEY (consumer, case_id, case_seq)
);

-- How each program is, said by itself every second; the API's readiness and /drift read it.
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
CREATE TABLE tick_runs (
    tick         text PRIMARY KEY,
    succeeded_at timestamptz NOT NULL
) WITH (fillfactor = 50);
RESET ROLE;

-- migrate:down
SET ROLE tillit_owner;
DROP TABLE tick_runs, heartbeats, worker_tries, worker_runs, parked_events, consumer_types, inbox,
           relay_epoch, unsent, events;
RESET ROLE;
