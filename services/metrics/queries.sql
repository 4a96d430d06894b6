-- SPDX-License-Identifier: EUPL-1.2
-- Folding events into one row of facts per case.

-- name: fold_received :none
INSERT INTO case_facts (case_id, municipality, received_at, channel, dialogue_day, folded_seq)
SELECT id, municipality, $2::timestamptz, $3, $4::date, $5::integer FROM cases WHERE id = $1::uuid
ON CONFLICT (case_id) DO NOTHING;

-- name: fold_triaged :none
UPDATE case_facts SET department = $2, folded_seq = $3::integer WHERE case_id = $1::uuid AND folded_seq < $3::integer;

-- name: fold_contact :none
UPDATE case_facts SET first_contact_at = least(first_contact_at, $2::timestamptz), folded_seq = $3::integer
 WHERE case_id = $1::uuid AND folded_seq < $3::integer;

-- name: fold_receipt :none
UPDATE case_facts SET receipt_at = least(receipt_at, $2::timestamptz), folded_seq = $3::integer
 WHERE case_id = $1::uuid AND folded_seq < $3::integer;

-- name: fold_other :none
UPDATE case_facts SET folded_seq = $2::integer WHERE case_id = $1::uuid AND folded_seq < $2::integer;

-- name: facts_clear :none
DELETE FROM case_facts;

-- Keeps the worker from folding meanwhile: its marks are what the rebuild goes up to.
-- name: inbox_hold :any
SELECT case_id FROM inbox WHERE consumer = 'metrics' ORDER BY case_id FOR NO KEY UPDATE;

-- A page of the log up to the marks, in order.
-- name: log_page :any
SELECT events.case_id, events.case_seq, events.type, events.data, events.occurred_at
  FROM events JOIN inbox ON inbox.consumer = 'metrics' AND inbox.case_id = events.case_id
                        AND events.case_seq <= inbox.mark
 WHERE (events.case_id, events.case_seq) > ($1::uuid, $2::integer)
 ORDER BY events.case_id, events.case_seq LIMIT $3::integer;
