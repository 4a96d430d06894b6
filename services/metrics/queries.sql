-- SPDX-License-Identifier: EUPL-1.2
-- Folding events into one row of facts per case.

-- name: facts_open :none
INSERT INTO case_facts (case_id, municipality, received_at, channel, dialogue_day, department, receipt_at,
                        first_contact_at, folded_seq)
SELECT cases.id, cases.municipality, t.received_at, t.channel, t.dialogue_day::date, t.department, t.receipt_at,
       t.first_contact_at, t.seq
  FROM unnest($1::timestamptz[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::bigint[])
    AS t (received_at, channel, case_id, dialogue_day, department, receipt_at, first_contact_at, seq)
  JOIN cases ON cases.id = t.case_id
ON CONFLICT (case_id) DO NOTHING;

-- name: facts_add :none
UPDATE case_facts SET dialogue_day = coalesce(t.dialogue_day::date, case_facts.dialogue_day),
                      department = coalesce(t.department, case_facts.department),
                      receipt_at = least(case_facts.receipt_at, t.receipt_at),
                      first_contact_at = least(case_facts.first_contact_at, t.first_contact_at),
                      folded_seq = t.seq
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::bigint[])
    AS t (case_id, dialogue_day, department, receipt_at, first_contact_at, seq)
 WHERE case_facts.case_id = t.case_id AND case_facts.folded_seq < t.seq;

-- name: facts_clear :none
DELETE FROM case_facts;

-- Keeps the worker from folding meanwhile: its marks are what the rebuild goes up to.
-- name: inbox_hold :any
SELECT case_id FROM inbox WHERE consumer = 'metrics' ORDER BY case_id FOR NO KEY UPDATE;

-- A page of the log up to the marks, in order; what was given up is not folded here either.
-- name: log_page :any
SELECT events.case_id, events.case_seq, events.type, events.data, events.occurred_at, events.traceparent
  FROM events JOIN inbox ON inbox.consumer = 'metrics' AND inbox.case_id = events.case_id
                        AND events.case_seq <= inbox.mark
 WHERE (events.case_id, events.case_seq) > ($1::uuid, $2::integer)
   AND NOT EXISTS (SELECT FROM parked_events AS parked
                    WHERE parked.consumer = 'metrics' AND parked.closed_how = 'given_up'
                      AND parked.case_id = events.case_id AND parked.case_seq = events.case_seq)
 ORDER BY events.case_id, events.case_seq LIMIT $3::integer;
