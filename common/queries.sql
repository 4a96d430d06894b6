-- SPDX-License-Identifier: EUPL-1.2
-- What every program may run: the spine (cases, events, inbox, parked events, heartbeats).

-- name: schema_version :maybe
SELECT max(version) AS version FROM schema_migrations;

-- name: case_lock :maybe
SELECT id, municipality, reference, status, last_seq, received_at, shielded
  FROM cases WHERE id = $1 FOR NO KEY UPDATE;

-- Locked one after another in the order of the ids given: the inner query is no join, so no plan can
-- choose another order, or read the table through.
-- name: cases_lock :any
SELECT locked.* FROM unnest($1::uuid[]) AS wanted (id), LATERAL (
    SELECT id, municipality, reference, status, last_seq, received_at, shielded
      FROM cases WHERE cases.id = wanted.id FOR NO KEY UPDATE) locked;

-- One event of a kind for each of the cases, which may move them all to one status. The number is taken under
-- the case's row lock, and the position behind it: within a case both are commit order.
-- name: events_append :any
WITH said AS (
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[]) AS t (case_id, data, traceparent)
), numbered AS (
    UPDATE cases SET last_seq = last_seq + 1, last_event_at = greatest(last_event_at, $6::timestamptz),
                     status = coalesce($7::text, status)
      FROM said WHERE cases.id = said.case_id
    RETURNING cases.id, cases.municipality, cases.last_seq, cases.last_event_at, said.data, said.traceparent
), logged AS (
    INSERT INTO events (case_id, case_seq, municipality, type, source, data, occurred_at, traceparent)
    SELECT id, last_seq, municipality, $4::text, $5::text, data::json, last_event_at, traceparent FROM numbered
), told AS (
    INSERT INTO unsent (case_id, case_seq) SELECT id, last_seq FROM numbered
)
SELECT last_seq FROM numbered;

-- name: heartbeat :none
INSERT INTO heartbeats (program, instance, beat_at, ready, why_not, lag_events, lag_seconds)
VALUES ($1, $2, $3::timestamptz, $4::boolean, $5, $6::bigint, $7::bigint)
ON CONFLICT (program, instance) DO UPDATE
   SET beat_at = excluded.beat_at, ready = excluded.ready, why_not = excluded.why_not,
       lag_events = excluded.lag_events, lag_seconds = excluded.lag_seconds;

-- name: heartbeat_gone :none
DELETE FROM heartbeats WHERE program = $1 AND instance = $2;

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

-- What was looked at, and that the chain does not hold it yet.
-- name: access_add :none
WITH input AS (
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
                         $10::timestamptz[], $11::uuid[], $12::bytea[], $13::uuid[], $14::bytea[])
      AS t (id, municipality, kind, who, name, unit, role, what, act, at, case_id, reason, request_id, mac)
), queued AS (
    INSERT INTO access_unchained (municipality, access_id) SELECT municipality, id FROM input
)
INSERT INTO access_log (id, municipality, kind, who, name, unit, role, what, act, at, case_id, reason, request_id, mac)
SELECT * FROM input;

-- The case that an id stands for: its own, or its application's.
-- name: access_find :maybe
SELECT id AS case_id, municipality FROM cases WHERE id = $1::uuid
UNION ALL SELECT case_id, municipality FROM applications WHERE id = $1::uuid LIMIT 1;

-- What the transaction's user may see (row-level security); NULL = every municipality that is served.
-- name: tenants_set :any
SELECT set_config('tillit.municipalities', coalesce($1, (SELECT string_agg(number, ',') FROM municipalities)), true);

-- Indicators: shielded cases are counted nowhere; what is forwarded is promised no talk.
-- What is neither met nor due on the day $3 is open: it belongs to no cohort yet.
-- name: indicator_i4 :one
SELECT count(*) FILTER (WHERE met OR due) AS n, count(*) FILTER (WHERE met) AS met,
       count(*) FILTER (WHERE NOT met AND NOT due) AS open
  FROM (SELECT coalesce((first_contact_at AT TIME ZONE 'Europe/Oslo')::date <= dialogue_day, false) AS met,
               dialogue_day < $3::date AS due
          FROM case_facts JOIN cases ON cases.id = case_facts.case_id AND NOT cases.shielded
         WHERE dialogue_day >= $1::date AND dialogue_day < $2::date
           AND case_facts.department IS DISTINCT FROM 'forward') talks;

-- Who has no receipt and has not waited for a day is open; who has waited longer counts as the longest wait of all.
-- name: indicator_i5 :one
SELECT count(*) FILTER (WHERE receipt_at IS NOT NULL OR late) AS n, count(receipt_at) AS answered,
       count(*) FILTER (WHERE receipt_at IS NULL AND NOT late) AS open,
       count(*) FILTER (WHERE CASE WHEN receipt_at IS NULL THEN late ELSE receipt_at - received_at > interval '24 hours' END) AS none
  FROM (SELECT case_facts.received_at, receipt_at, $3::timestamptz - case_facts.received_at > interval '24 hours' AS late
          FROM case_facts JOIN cases ON cases.id = case_facts.case_id AND NOT cases.shielded
         WHERE case_facts.received_at >= $1::timestamptz AND case_facts.received_at < $2::timestamptz
           AND channel IN ('web', 'api')) receipts;

-- name: indicator_i5_rank :one
SELECT round(extract(epoch FROM receipt_at - case_facts.received_at))::bigint AS seconds
  FROM case_facts JOIN cases ON cases.id = case_facts.case_id AND NOT cases.shielded
 WHERE case_facts.received_at >= $1::timestamptz AND case_facts.received_at < $2::timestamptz
   AND channel IN ('web', 'api') AND receipt_at IS NOT NULL
 ORDER BY receipt_at - case_facts.received_at OFFSET $3::bigint LIMIT 1;

-- name: indicator_i6 :one
SELECT count(*) AS n, count(*) FILTER (WHERE channel IN ('web', 'api')) AS digital
  FROM case_facts JOIN cases ON cases.id = case_facts.case_id AND NOT cases.shielded
 WHERE case_facts.received_at >= $1::timestamptz AND case_facts.received_at < $2::timestamptz;

-- A page of the log, in order, from a time or of one case; the last key of the page comes back.
-- name: replay_page :any
WITH page AS (
    SELECT case_id, case_seq FROM events
     WHERE (case_id, case_seq) > ($1::uuid, $2::integer)
       AND ($3::timestamptz IS NULL OR occurred_at >= $3::timestamptz)
       AND ($4::uuid IS NULL OR case_id = $4::uuid)
     ORDER BY case_id, case_seq LIMIT $5::integer
), told AS (
    INSERT INTO unsent (case_id, case_seq) SELECT case_id, case_seq FROM page ORDER BY case_id, case_seq
)
SELECT case_id, case_seq FROM page ORDER BY case_id, case_seq;

-- Operators. What is parked and open: one, or all of a cause, oldest first.
-- name: parked_choose :any
SELECT id, municipality, consumer, case_id FROM parked_events
 WHERE closed_at IS NULL AND (id = $1::uuid OR ($1::uuid IS NULL AND consumer = $2 AND problem = $3))
 ORDER BY parked_at, id LIMIT 1000;

-- name: act_note :none
INSERT INTO operator_acts (id, municipality, act, consumer, parked_id, target, who, sealed, asked_at, not_before, done_at, outcome,
                           detail)
VALUES ($1::uuid, $2, $3, $4, $5::uuid, $6, $7, $8::bytea, $9::timestamptz, $10::timestamptz, $11::timestamptz,
        CASE WHEN $11::timestamptz IS NOT NULL THEN 'OK' END, $12);

-- name: consumer_known :any
SELECT DISTINCT consumer FROM consumer_types WHERE consumer = $1;

-- name: worker_pause :none
INSERT INTO worker_pauses (consumer, who, since) VALUES ($1, $2, $3::timestamptz) ON CONFLICT (consumer) DO NOTHING;

-- name: worker_resume :none
DELETE FROM worker_pauses WHERE consumer = $1;

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

-- Where the operators look: causes, one parked event, its case's other events, the acts.
-- name: parked_causes :any
SELECT consumer, problem, count(*) AS parked, min(parked_at) AS since FROM parked_events
 WHERE closed_at IS NULL GROUP BY consumer, problem ORDER BY count(*) DESC, consumer, problem;

-- name: parked_of_cause :any
SELECT parked.id, parked.consumer, parked.case_id, parked.case_seq, parked.type, parked.topic, parked.partition,
       parked."offset", parked.problem, parked.detail, parked.attempts, parked.parked_at, parked.municipality
  FROM parked_events AS parked
 WHERE parked.closed_at IS NULL AND parked.consumer = $1 AND parked.problem = $2
 ORDER BY parked.parked_at, parked.id LIMIT 200;

-- name: parked_show :maybe
SELECT parked.id, parked.consumer, parked.case_id, parked.case_seq, parked.type, parked.topic, parked.partition,
       parked."offset", parked.problem, parked.detail, parked.attempts, parked.parked_at, parked.closed_at,
       parked.closed_how, parked.municipality, cases.reference, cases.status, inbox.mark
  FROM parked_events AS parked LEFT JOIN cases ON cases.id = parked.case_id
  LEFT JOIN inbox ON inbox.consumer = parked.consumer AND inbox.case_id = parked.case_id
 WHERE parked.id = $1::uuid;

-- name: case_log :any
SELECT case_seq, type, source, occurred_at FROM events WHERE case_id = $1::uuid ORDER BY case_seq;

-- name: acts_list :any
SELECT id, act, consumer, parked_id, target, who, sealed, asked_at, done_at, outcome, detail, says, then_types
  FROM operator_acts WHERE ($1::uuid IS NULL OR parked_id = $1::uuid OR id = $1::uuid) ORDER BY asked_at DESC, id DESC LIMIT $2::integer;

-- Every accepted application has its outcome or a dated alarm: an open or missed deadline, or a parked event that is
-- counted by itself. One without, a minute after it came, is silent. The open ones are compared as sets, each as large as
-- what is under way; the few that are left are looked up one by one among the missed, which grow with the years.
-- name: silent_count :one
SELECT count(*) AS silent
  FROM (SELECT id FROM cases WHERE under_way AND received_at < $1::timestamptz - interval '1 minute'
        EXCEPT
        SELECT case_id FROM deadlines WHERE missed_at IS NULL AND met_at IS NULL AND void_at IS NULL
        EXCEPT
        SELECT case_id FROM parked_events WHERE case_id IS NOT NULL AND closed_at IS NULL) AS quiet
 WHERE NOT EXISTS (SELECT FROM deadlines WHERE deadlines.case_id = quiet.id
                      AND missed_at IS NOT NULL AND met_at IS NULL AND void_at IS NULL OFFSET 0);

-- name: alarms_look :one
SELECT count(*) AS missed, min(due_at) AS oldest FROM deadlines
 WHERE missed_at IS NOT NULL AND met_at IS NULL AND void_at IS NULL
   AND EXISTS (SELECT FROM cases WHERE cases.id = deadlines.case_id AND cases.under_way);

-- name: clients_all :any
SELECT organisation, name, array_to_string(municipalities, ',') AS municipalities FROM clients ORDER BY organisation;

-- name: client_let_in :any
INSERT INTO clients (organisation, name, municipalities)
SELECT $1, $2, $3::text[] WHERE NOT EXISTS (SELECT unnest($3::text[]) EXCEPT SELECT number FROM municipalities)
ON CONFLICT (organisation) DO UPDATE SET name = excluded.name, municipalities = excluded.municipalities
RETURNING organisation;

-- name: client_shut_out :any
DELETE FROM clients WHERE organisation = $1 RETURNING organisation;

-- What each case's municipality had set when the case was received.
-- name: rules_of_cases :any
SELECT wanted.place, rules.first_talk_days, rules.first_talk_urgent_days, rules.team_services, rules.team_step
  FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted (case_id, place)
  JOIN cases ON cases.id = wanted.case_id
  LEFT JOIN LATERAL (SELECT * FROM municipality_rules
                      WHERE municipality_rules.municipality = cases.municipality AND since <= cases.received_at
                      ORDER BY since DESC LIMIT 1) AS rules ON true;
