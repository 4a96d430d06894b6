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

-- name: consumers_known :any
SELECT DISTINCT consumer FROM consumer_types ORDER BY consumer;

-- Workers of whom every instance that beats says that nothing is left for it to read; one that does not know yet
-- does not say so.
-- name: consumers_caught_up :any
SELECT program AS consumer FROM heartbeats WHERE beat_at > $1::timestamptz AND beat_at < $1::timestamptz + interval '1 minute'
 GROUP BY program HAVING bool_and(ready AND lag_events IS NOT DISTINCT FROM 0);

-- What is above a worker's mark for longer than is right, of the log's last minutes: neither unsent, nor
-- parked, nor waiting behind a parked one.
-- name: reconcile_recent :any
WITH late AS (
    SELECT events.case_id, events.case_seq, taker.consumer
      FROM events JOIN consumer_types AS taker ON taker.type = events.type AND taker.consumer = ANY ($3::text[])
      LEFT JOIN inbox ON inbox.consumer = taker.consumer AND inbox.case_id = events.case_id
     WHERE events.occurred_at > $1::timestamptz AND events.occurred_at <= $2::timestamptz
       AND events.case_seq > coalesce(inbox.mark, 0)
       AND NOT EXISTS (SELECT FROM unsent)
       AND NOT EXISTS (SELECT FROM parked_events AS parked WHERE parked.consumer = taker.consumer
                          AND parked.case_id = events.case_id AND parked.closed_at IS NULL)
     ORDER BY events.case_id, events.case_seq LIMIT 1000
), told AS (
    INSERT INTO unsent (case_id, case_seq) SELECT DISTINCT case_id, case_seq FROM late ORDER BY case_id, case_seq
)
SELECT consumer, count(*) AS events FROM late GROUP BY consumer;

-- The same of a page of cases, whatever their events' age; `upto` is where the next page begins.
-- name: reconcile_page :any
WITH page AS MATERIALIZED (
    SELECT id FROM cases WHERE id > $1::uuid ORDER BY id LIMIT $2::integer
), late AS (
    SELECT events.case_id, events.case_seq, taker.consumer
      FROM page JOIN events ON events.case_id = page.id
      JOIN consumer_types AS taker ON taker.type = events.type AND taker.consumer = ANY ($4::text[])
      LEFT JOIN inbox ON inbox.consumer = taker.consumer AND inbox.case_id = events.case_id
     WHERE events.occurred_at <= $3::timestamptz
       AND events.case_seq > coalesce(inbox.mark, 0)
       AND NOT EXISTS (SELECT FROM unsent)
       AND NOT EXISTS (SELECT FROM parked_events AS parked WHERE parked.consumer = taker.consumer
                          AND parked.case_id = events.case_id AND parked.closed_at IS NULL)
     ORDER BY events.case_id, events.case_seq LIMIT 1000
), told AS (
    INSERT INTO unsent (case_id, case_seq) SELECT DISTINCT case_id, case_seq FROM late ORDER BY case_id, case_seq
)
SELECT page_end.id AS upto, found.consumer, found.events
  FROM (SELECT id FROM page ORDER BY id DESC LIMIT 1) page_end
  LEFT JOIN (SELECT consumer, count(*) AS events FROM late GROUP BY consumer) found ON true;
