-- SPDX-License-Identifier: EUPL-1.2

-- name: alarms_look :one
SELECT count(*) AS missed, min(due_at) AS oldest FROM deadlines
 WHERE missed_at IS NOT NULL AND met_at IS NULL AND void_at IS NULL
   AND EXISTS (SELECT FROM cases WHERE cases.id = deadlines.case_id AND cases.under_way);

-- Which of the programs are ready, as their heartbeats say; one of a time to come was left by a clock that was wrong.
-- name: programs_ready :any
SELECT program, bool_or(ready) AS ready, (array_agg(why_not ORDER BY ready DESC, beat_at DESC))[1] AS why_not,
       sum(lag_events) AS lag_events, max(lag_seconds) AS lag_seconds
  FROM heartbeats WHERE program = ANY ($1::text[]) AND beat_at > $2::timestamptz AND beat_at < $2::timestamptz + interval '1 minute'
 GROUP BY program;

-- Per minute since a time: applications received, and receipts finished.
-- name: drift_throughput :any
SELECT floor(extract(epoch FROM occurred_at - $1::timestamptz) / 60)::integer AS minute,
       count(*) FILTER (WHERE type = {{event:application.received}}) AS accepted,
       count(*) FILTER (WHERE type = {{event:letter.ready}}) AS finished
  FROM events WHERE occurred_at > $1::timestamptz
   AND type IN ({{event:application.received}}, {{event:letter.ready}})
 GROUP BY 1 ORDER BY 1;

-- name: drift_newest :one
SELECT max(last_event_at) AS at FROM cases;

-- name: drift_parked :any
SELECT consumer, problem, count(*) AS parked, min(parked_at) AS since
  FROM parked_events WHERE closed_at IS NULL GROUP BY consumer, problem ORDER BY consumer, problem;

-- name: drift_ticks :any
SELECT tick, succeeded_at FROM tick_runs ORDER BY tick;
