-- SPDX-License-Identifier: EUPL-1.2

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
