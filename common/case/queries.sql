-- SPDX-License-Identifier: EUPL-1.2

-- name: case_lock :maybe
SELECT id, municipality, reference, status, last_seq, received_at, shielded
  FROM cases WHERE id = $1 FOR NO KEY UPDATE;

-- Locked one after another in the order of the ids given: the inner query is no join, so no plan can
-- choose another order, or read the table through.
-- name: cases_lock :any
SELECT locked.* FROM unnest($1::uuid[]) AS wanted (id), LATERAL (
    SELECT id, municipality, reference, status, last_seq, received_at, shielded
      FROM cases WHERE cases.id = wanted.id FOR NO KEY UPDATE) locked;

-- What each case's municipality had set when the case was received.
-- name: rules_of_cases :any
SELECT wanted.place, rules.first_talk_days, rules.first_talk_urgent_days, rules.team_services, rules.team_step
  FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted (case_id, place)
  JOIN cases ON cases.id = wanted.case_id
  LEFT JOIN LATERAL (SELECT * FROM municipality_rules
                      WHERE municipality_rules.municipality = cases.municipality AND since <= cases.received_at
                      ORDER BY since DESC LIMIT 1) AS rules ON true;
