-- SPDX-License-Identifier: EUPL-1.2

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

-- What is not yet on Kafka.
-- name: unsent_look :one
SELECT count(*) AS events,
       (SELECT events.occurred_at FROM unsent JOIN events USING (case_id, case_seq)
         ORDER BY unsent.position LIMIT 1) AS oldest
  FROM unsent;

-- Where the operators look: causes, one parked event, its case's other events, the acts.
-- name: parked_causes :any
SELECT consumer, problem, count(*) AS parked, min(parked_at) AS since FROM parked_events
 WHERE closed_at IS NULL GROUP BY consumer, problem ORDER BY count(*) DESC, consumer, problem;

-- name: parked_of_cause :any
SELECT id AS parked_id, consumer, case_id, case_seq, type, topic || '/' || partition || '/' || "offset" AS place, problem, detail,
       attempts, parked_at, closed_how, municipality, NULL AS reference, NULL AS status, NULL AS mark
  FROM parked_events WHERE closed_at IS NULL AND consumer = $1 AND problem = $2 ORDER BY parked_at, id LIMIT 200;

-- name: parked_show :maybe
SELECT parked.id AS parked_id, parked.consumer, parked.case_id, parked.case_seq, parked.type,
       parked.topic || '/' || parked.partition || '/' || parked."offset" AS place, parked.problem, parked.detail, parked.attempts,
       parked.parked_at, parked.closed_how, parked.municipality, cases.reference, cases.status, inbox.mark
  FROM parked_events AS parked LEFT JOIN cases ON cases.id = parked.case_id
  LEFT JOIN inbox ON inbox.consumer = parked.consumer AND inbox.case_id = parked.case_id
 WHERE parked.id = $1::uuid;

-- name: case_log :any
SELECT case_seq, type, source, occurred_at AS at FROM events WHERE case_id = $1::uuid ORDER BY case_seq;

-- name: acts_list :any
SELECT id AS act_id, act, consumer, parked_id, target, who, sealed, asked_at, done_at, outcome, detail, says, then_types
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

-- name: clients_all :any
SELECT organisation, name, array_to_string(municipalities, ',') AS municipalities FROM clients ORDER BY organisation;

-- name: client_let_in :any
INSERT INTO clients (organisation, name, municipalities)
SELECT $1, $2, $3::text[] WHERE NOT EXISTS (SELECT unnest($3::text[]) EXCEPT SELECT number FROM municipalities)
ON CONFLICT (organisation) DO UPDATE SET name = excluded.name, municipalities = excluded.municipalities
RETURNING organisation;

-- name: client_shut_out :any
DELETE FROM clients WHERE organisation = $1 RETURNING organisation;
