-- SPDX-License-Identifier: EUPL-1.2
-- The unsent events, read in position order and deleted behind Kafka's reports.

-- name: relay_lock :one
SELECT pg_try_advisory_lock(hashtext('tillit:relay')) AS got;

-- Raised by each relay that becomes the active one: a deletion by an earlier one finds nothing.
-- name: relay_epoch_take :one
UPDATE relay_epoch SET epoch = epoch + 1 RETURNING epoch;

-- name: unsent_read :any
SELECT unsent.position, unsent.case_id, unsent.case_seq, events.type, events.source, events.data,
       events.occurred_at, events.traceparent
  FROM (SELECT position, case_id, case_seq FROM unsent ORDER BY position LIMIT $1::integer) unsent
  JOIN events ON events.case_id = unsent.case_id AND events.case_seq = unsent.case_seq
 ORDER BY unsent.position;

-- name: unsent_delete :none
DELETE FROM unsent
 WHERE position = ANY ($1::bigint[]) AND EXISTS (SELECT FROM relay_epoch WHERE epoch = $2::bigint);

-- name: unsent_look :one
SELECT count(*) AS events,
       (SELECT events.occurred_at FROM unsent JOIN events USING (case_id, case_seq)
         ORDER BY unsent.position LIMIT 1) AS oldest
  FROM unsent;

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
