-- SPDX-License-Identifier: EUPL-1.2
-- Operators' acts: asked for here, done by the workers, and kept for good with who and why.
-- migrate:up
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tillit_ops') THEN
        CREATE ROLE tillit_ops LOGIN NOSUPERUSER NOBYPASSRLS;
    END IF;
    ALTER ROLE tillit_ops SET statement_timeout = '5s';
    ALTER ROLE tillit_ops SET lock_timeout = '2s';
    ALTER ROLE tillit_ops SET idle_in_transaction_session_timeout = '10s';
    ALTER ROLE tillit_ops SET synchronous_commit = on;
    GRANT SELECT ON schema_migrations TO tillit_ops;
END
$$;
SET ROLE tillit_owner;

-- A row is the log of an act and, until it is done, the request for it.
CREATE TABLE operator_acts (
    id         uuid PRIMARY KEY,
    act        text NOT NULL,      -- a row of common/operator/operator.c
    consumer   text,               -- the worker that does it; NULL: done when it was asked for
    parked_id  uuid REFERENCES parked_events,
    target     text,               -- "all", a time or a case id, of a replay
    who        text NOT NULL,
    why        text NOT NULL CHECK (length(why) BETWEEN 3 AND 500),
    asked_at   timestamptz NOT NULL,
    not_before timestamptz NOT NULL,
    taken_at   timestamptz,
    tries      integer NOT NULL DEFAULT 0,
    done_at    timestamptz,
    outcome    text,               -- a problem's name, or OK
    detail     text,               -- names and codes, never values
    says       text[] NOT NULL DEFAULT '{}',  -- the events that it said, or would have said
    then_types text[] NOT NULL DEFAULT '{}'   -- what waited behind it
);
CREATE INDEX operator_acts_open ON operator_acts (consumer, not_before) WHERE done_at IS NULL;
CREATE INDEX operator_acts_by_time ON operator_acts (asked_at);
CREATE INDEX operator_acts_by_parked ON operator_acts (parked_id, asked_at);

-- A paused worker keeps its place in the group and handles nothing.
CREATE TABLE worker_pauses (
    consumer text PRIMARY KEY,
    who      text NOT NULL,
    why      text NOT NULL,
    since    timestamptz NOT NULL
);

INSERT INTO role_grants (role, "table", privilege, columns)
SELECT 'tillit_' || worker, 'operator_acts', privilege, columns
  FROM unnest(ARRAY['triage', 'scheduling', 'letters', 'metrics']) worker,
       (VALUES ('SELECT', NULL::text[]),
               ('UPDATE', ARRAY['taken_at', 'tries', 'done_at', 'outcome', 'detail', 'says', 'then_types'])) t (privilege, columns)
UNION ALL
SELECT 'tillit_' || worker, 'worker_pauses', 'SELECT', NULL
  FROM unnest(ARRAY['triage', 'scheduling', 'letters', 'metrics']) worker
UNION ALL
SELECT role, "table", privilege, NULL
  FROM unnest(ARRAY['tillit_api', 'tillit_ops']) role,
       (VALUES ('operator_acts', 'SELECT'), ('operator_acts', 'INSERT'), ('worker_pauses', 'SELECT'), ('worker_pauses', 'INSERT'),
               ('worker_pauses', 'DELETE'), ('inbox', 'SELECT')) t ("table", privilege)
UNION ALL
SELECT 'tillit_ops', "table", privilege, NULL
  FROM (VALUES ('parked_events', 'SELECT'), ('consumer_types', 'SELECT'), ('heartbeats', 'SELECT'), ('unsent', 'SELECT'), ('unsent', 'INSERT'),
               ('events', 'SELECT'), ('cases', 'SELECT'), ('deadlines', 'SELECT')) t ("table", privilege);

-- Operators' own program sees the queues of all municipalities.
CREATE POLICY operator ON cases FOR SELECT TO tillit_ops USING (true);
CREATE POLICY operator ON events FOR SELECT TO tillit_ops USING (true);
CREATE POLICY operator ON deadlines FOR SELECT TO tillit_ops USING (true);
RESET ROLE;

-- migrate:down
SET ROLE tillit_owner;
DROP POLICY operator ON deadlines;
DROP POLICY operator ON events;
DROP POLICY operator ON cases;
REVOKE SELECT ON inbox FROM tillit_api;
REVOKE ALL ON parked_events, consumer_types, heartbeats, unsent, events, cases, deadlines, inbox FROM tillit_ops;
DROP TABLE worker_pauses, operator_acts;
DELETE FROM role_grants WHERE role = 'tillit_ops' OR "table" IN ('operator_acts', 'worker_pauses') OR (role = 'tillit_api' AND "table" = 'inbox');
RESET ROLE;
REVOKE ALL ON schema_migrations FROM tillit_ops;
