-- SPDX-License-Identifier: EUPL-1.2
-- The event log, and what Kafka does not have of it yet.
-- migrate:up
SET ROLE tillit_owner;

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
COMMENT ON TABLE events IS 'Append-only, kept for good: outbox, record of what happened and source of every indicator.';
-- The log grows at its end only: a BRIN index finds the last minutes and costs the writers next to nothing.
CREATE INDEX events_by_time ON events USING brin (occurred_at) WITH (pages_per_range = 16, autosummarize = on);
SELECT keep_tenants_apart('events');
CREATE POLICY operator ON events FOR SELECT TO tillit_ops USING (true);

CREATE TABLE unsent (
    position bigint GENERATED ALWAYS AS IDENTITY (CACHE 1) PRIMARY KEY,
    case_id  uuid NOT NULL,
    case_seq integer NOT NULL
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
        autovacuum_vacuum_insert_threshold = 10000);
COMMENT ON TABLE unsent IS 'A row is here until Kafka has the event; drawn under the case''s row lock, so within a case position order is '
    'commit order.';

CREATE TABLE relay_epoch (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    epoch  bigint NOT NULL
);
COMMENT ON TABLE relay_epoch IS 'The fence of the one active relay.';
INSERT INTO relay_epoch (epoch) VALUES (0);
RESET ROLE;

-- migrate:down
