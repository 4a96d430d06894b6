-- SPDX-License-Identifier: EUPL-1.2

-- The cases in which a person has a part now, newest first, from a key (received_at, id) on.
-- name: person_cases :any
SELECT applications.id, applications.case_id, applications.municipality, applications.submitter_role,
       cases.reference, cases.status, cases.received_at, taking.own, taking.sent
  FROM (SELECT case_id, bool_or('applicant' = ANY (parts)) AS own, bool_or('submitter' = ANY (parts)) AS sent
          FROM case_parties
         WHERE person_index = ANY ($1::bytea[]) AND since <= $2::timestamptz
           AND (until IS NULL OR until > $2::timestamptz)
         GROUP BY case_id) taking
  JOIN cases ON cases.id = taking.case_id
  JOIN applications ON applications.case_id = cases.id
 WHERE $3::timestamptz IS NULL OR (cases.received_at, cases.id) < ($3::timestamptz, $4::uuid)
 ORDER BY cases.received_at DESC, cases.id DESC LIMIT $5::integer;

-- What one person has sent for another, or for themself; of whoever has no number, for all such ($3).
-- name: person_open_count :one
SELECT count(DISTINCT cases.id) AS open FROM case_parties sent JOIN cases ON cases.id = sent.case_id
 WHERE sent.person_index = ANY ($1::bytea[]) AND 'submitter' = ANY (sent.parts) AND sent.until IS NULL AND cases.under_way
   AND EXISTS (SELECT FROM case_parties helped
                WHERE helped.case_id = sent.case_id AND 'applicant' = ANY (helped.parts)
                  AND (helped.person_index = ANY ($2::bytea[]) OR $3::boolean AND helped.person_index IS NULL));

-- name: case_load :maybe
SELECT id AS case_id, municipality, reference, status, last_seq, urgent, shielded, joint, preliminary_reply_sent,
       department, path, priority AS urgency, step_asked, lower_services, rules
  FROM cases WHERE id = $1::uuid;

-- name: case_deadlines :any
SELECT kind, due_at AS due, source,
       CASE WHEN met_at IS NOT NULL THEN 'met' WHEN void_at IS NOT NULL THEN 'void'
            WHEN missed_at IS NOT NULL THEN 'missed' ELSE 'open' END AS state
  FROM deadlines WHERE case_id = $1::uuid ORDER BY due_at, kind;

-- name: case_agenda :any
SELECT agenda_items.meeting_id, teams.code AS team, agenda_items.starts_at
  FROM agenda_items JOIN teams ON teams.id = agenda_items.team_id
 WHERE agenda_items.case_id = $1::uuid ORDER BY agenda_items.starts_at;

-- name: case_letters :any
SELECT n, kind FROM letters WHERE case_id = $1::uuid ORDER BY n;

-- name: letter_load :maybe
SELECT letters.municipality, letters.document_id, letters.kind, cases.reference, documents.sealed
  FROM letters JOIN documents ON documents.id = letters.document_id JOIN cases ON cases.id = letters.case_id
 WHERE letters.case_id = $1::uuid AND letters.n = $2::integer;

-- name: contact_add :none
INSERT INTO contacts (id, municipality, case_id, case_seq, kind, with_whom, two_way, at)
VALUES ($1::uuid, $2, $3::uuid, $4::integer, $5, $6::text[], $7::boolean, $8::timestamptz);

-- name: case_of_reference :maybe
SELECT id AS case_id FROM cases WHERE reference = $1;

-- How one of the staff ($2) stands to a case at a time ($3).
-- How one of the staff stands to each of the cases, in their order; near = somebody with one of those indexes has,
-- or had, a part in it. A case that they do not see has no municipality.
-- name: cases_standing :any
SELECT cases.municipality, cases.reference, cases.status, cases.shielded,
       EXISTS (SELECT FROM shielded_readers WHERE staff_id = $2::uuid) AS named,
       EXISTS (SELECT FROM case_parties WHERE case_parties.case_id = cases.id AND person_index = ANY ($4::bytea[])) AS near,
       EXISTS (SELECT FROM agenda_items JOIN team_members USING (team_id)
                WHERE agenda_items.case_id = cases.id AND team_members.staff_id = $2::uuid) AS on_agenda,
       case_workers.staff_id AS worker_id, staff.name AS worker_name,
       opening.id AS document_id, opening.until, opening.reason, opening.sealed,
       coalesce(opening.emergency, false) AS emergency
  FROM unnest($1::uuid[]) WITH ORDINALITY AS asked (id, place)
  LEFT JOIN cases ON cases.id = asked.id
  LEFT JOIN case_workers ON case_workers.case_id = cases.id
  LEFT JOIN staff ON staff.id = case_workers.staff_id
  LEFT JOIN LATERAL (SELECT id, until, emergency, reason, sealed FROM case_openings
                      WHERE case_openings.case_id = cases.id AND case_openings.staff_id = $2::uuid AND until > $3::timestamptz
                      ORDER BY until DESC LIMIT 1) opening ON true
 ORDER BY asked.place;

-- name: case_open :none
INSERT INTO case_openings (id, municipality, case_id, staff_id, reason, sealed, emergency, opened_at, until)
VALUES ($1::uuid, $2, $3::uuid, $4::uuid, $5, $6::bytea, $7::boolean, $8::timestamptz, $9::timestamptz);

-- name: relations_of_staff :any
SELECT id AS document_id, municipality, sealed FROM staff_relations WHERE staff_id = $1::uuid;

-- name: relation_add :none
INSERT INTO staff_relations (id, staff_id, municipality, sealed, since) VALUES ($1::uuid, $2::uuid, $3, $4::bytea, $5::timestamptz);
