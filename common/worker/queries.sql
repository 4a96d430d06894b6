-- SPDX-License-Identifier: EUPL-1.2

-- name: tick_succeeded :none
INSERT INTO tick_runs (tick, succeeded_at) VALUES ($1, $2::timestamptz)
ON CONFLICT (tick) DO UPDATE SET succeeded_at = excluded.succeeded_at, tries = 0;

-- After an unclean end: before it is run.
-- name: tick_try :one
INSERT INTO tick_runs (tick, succeeded_at, tries) VALUES ($1, 'epoch', 1)
ON CONFLICT (tick) DO UPDATE SET tries = tick_runs.tries + 1
RETURNING tries;

-- name: consumer_types_clear :none
DELETE FROM consumer_types WHERE consumer = $1 AND type <> ALL ($2::text[]);

-- name: consumer_types_set :none
INSERT INTO consumer_types (consumer, type) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING;

-- Whether this instance's last run ended without saying so; says that it runs again.
-- name: worker_run_begin :one
WITH before AS (SELECT running FROM worker_runs WHERE consumer = $1 AND instance = $2),
     begun AS (INSERT INTO worker_runs (consumer, instance, running) VALUES ($1, $2, true)
               ON CONFLICT (consumer, instance) DO UPDATE SET running = true)
SELECT coalesce((SELECT running FROM before), false) AS unclean;

-- name: worker_run_end :none
UPDATE worker_runs SET running = false WHERE consumer = $1 AND instance = $2;

-- name: worker_try_note :one
INSERT INTO worker_tries (consumer, case_id, case_seq, tries) VALUES ($1, $2::uuid, $3::integer, 1)
ON CONFLICT (consumer, case_id, case_seq) DO UPDATE SET tries = worker_tries.tries + 1
RETURNING tries;

-- name: worker_tries_clear :none
DELETE FROM worker_tries USING unnest($2::uuid[], $3::bigint[]) AS raised (case_id, mark)
 WHERE worker_tries.consumer = $1 AND worker_tries.case_id = raised.case_id AND case_seq <= raised.mark;

-- Before a record is looked at: where we are, and how often we were here without a good end. What a crash of PostgreSQL
-- could take back is no more than a try, so nobody waits for the disk.
-- name: worker_place_note :one
WITH quick AS (SELECT set_config('synchronous_commit', 'off', true))
INSERT INTO worker_places AS place (consumer, topic, partition, "offset", tries)
SELECT $1, $2, $3::integer, $4::bigint, 1 FROM quick
ON CONFLICT (consumer, topic, partition) DO UPDATE
   SET "offset" = excluded."offset",
       tries    = CASE WHEN place."offset" = excluded."offset" THEN place.tries + 1 ELSE 1 END,
       case_id  = CASE WHEN place."offset" = excluded."offset" THEN place.case_id END,
       case_seq = CASE WHEN place."offset" = excluded."offset" THEN place.case_seq END,
       type     = CASE WHEN place."offset" = excluded."offset" THEN place.type END
RETURNING tries, case_id, case_seq, type;

-- The log has what it rings for: a third unclean end parks the event itself, and its case waits.
-- name: worker_place_known :none
WITH quick AS (SELECT set_config('synchronous_commit', 'off', true))
UPDATE worker_places SET case_id = $4::uuid, case_seq = $5::integer, type = $6 FROM quick
 WHERE consumer = $1 AND topic = $2 AND partition = $3::integer;

-- We are past it: it is answered, or its events' own tries are counted from here on.
-- name: worker_place_past :none
WITH quick AS (SELECT set_config('synchronous_commit', 'off', true))
UPDATE worker_places SET tries = 0 FROM quick WHERE consumer = $1 AND topic = $2 AND partition = $3::integer;

-- The marks of the cases that bells rang for, made where missing and locked in case order (as cases_lock).
-- name: inbox_make :none
INSERT INTO inbox (consumer, case_id, mark)
SELECT $1, id, 0 FROM cases WHERE id = ANY ($2::uuid[]) ORDER BY id
ON CONFLICT DO NOTHING;

-- name: inbox_lock :any
SELECT locked.* FROM unnest($2::uuid[]) AS wanted (case_id), LATERAL (
    SELECT case_id, mark FROM inbox
     WHERE inbox.consumer = $1 AND inbox.case_id = wanted.case_id FOR NO KEY UPDATE) locked;

-- name: inbox_look :any
SELECT found.* FROM unnest($2::uuid[]) AS wanted (case_id), LATERAL (
    SELECT case_id, mark FROM inbox WHERE inbox.consumer = $1 AND inbox.case_id = wanted.case_id OFFSET 0) found;

-- Which of the bells, by place, the log knows.
-- name: bells_known :any
SELECT bell.place FROM unnest($1::uuid[], $2::bigint[]) WITH ORDINALITY AS bell (case_id, n, place)
  JOIN events ON events.case_id = bell.case_id AND events.case_seq = bell.n;

-- Which of the cases wait behind a parked event.
-- name: cases_waiting :any
SELECT DISTINCT case_id FROM parked_events
 WHERE consumer = $1 AND case_id = ANY ($2::uuid[]) AND closed_at IS NULL;

-- name: events_read :any
SELECT events.case_id, events.case_seq, events.type, events.data, events.occurred_at, events.traceparent
  FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS bell (case_id, mark, n)
  JOIN events ON events.case_id = bell.case_id AND events.case_seq > bell.mark AND events.case_seq <= bell.n
 WHERE events.type = ANY ($4::text[])
 ORDER BY events.case_id, events.case_seq;

-- The rows are there (inbox_make): what would be a conflict finds each by its key.
-- name: inbox_raise :none
INSERT INTO inbox (consumer, case_id, mark) SELECT $1, * FROM unnest($2::uuid[], $3::bigint[])
ON CONFLICT (consumer, case_id) DO UPDATE SET mark = excluded.mark WHERE inbox.mark < excluded.mark;

-- name: event_park :none
INSERT INTO parked_events (id, municipality, consumer, case_id, case_seq, type, topic, partition, "offset", problem,
                           detail, attempts, sealed, parked_at)
VALUES ($1::uuid, (SELECT municipality FROM events WHERE case_id = $3::uuid AND case_seq = $4::integer), $2, $3::uuid,
        $4::integer, $5, $6, $7::integer, $8::bigint, $9, $10, $11::integer, $12::bytea, $13::timestamptz)
ON CONFLICT DO NOTHING;

-- name: parked_count :any
SELECT problem, count(*) AS parked FROM parked_events
 WHERE consumer = $1 AND closed_at IS NULL GROUP BY problem;

-- name: worker_paused :maybe
SELECT who, since FROM worker_pauses WHERE consumer = $1;

-- The next due request of a worker, taken by one instance, with its try; one that was taken and not done comes
-- back after a minute.
-- name: request_take :maybe
UPDATE operator_acts SET taken_at = $2::timestamptz, tries = tries + 1
 WHERE id = (SELECT id FROM operator_acts
              WHERE consumer = $1 AND done_at IS NULL AND not_before <= $2::timestamptz
                AND (taken_at IS NULL OR taken_at < $2::timestamptz - interval '1 minute')
              ORDER BY not_before, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, act, parked_id, tries;

-- Of the minute after which a request is taken again, five seconds are left.
-- name: request_try_take_back :none
UPDATE operator_acts SET tries = tries - 1, taken_at = $2::timestamptz - interval '55 seconds'
 WHERE id = $1::uuid AND done_at IS NULL;

-- name: request_done :none
UPDATE operator_acts SET done_at = $2::timestamptz, outcome = $3, detail = $4, says = $5::text[], then_types = $6::text[]
 WHERE id = $1::uuid;

-- name: parked_load :maybe
SELECT case_id, case_seq, attempts FROM parked_events WHERE id = $1::uuid AND closed_at IS NULL;

-- name: parked_close :none
UPDATE parked_events SET closed_at = $2::timestamptz, closed_how = $3 WHERE id = $1::uuid AND closed_at IS NULL;

-- name: parked_failed_again :none
UPDATE parked_events SET attempts = attempts + 1, problem = $2, detail = $3 WHERE id = $1::uuid AND closed_at IS NULL;

-- The types that the case has said since a number, of all or of a worker's types.
-- name: types_since :any
SELECT type, case_seq FROM events
 WHERE case_id = $1::uuid AND case_seq > $2::integer AND ($3::text[] IS NULL OR type = ANY ($3::text[]))
 ORDER BY case_seq;
