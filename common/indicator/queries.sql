-- SPDX-License-Identifier: EUPL-1.2

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
