-- SPDX-License-Identifier: EUPL-1.2

-- The cases that one of the staff has taken on, then those they have open.
-- name: cases_of_staff :any
SELECT cases.id AS case_id, cases.priority, cases.received_at,
       (SELECT min(due_at) FROM deadlines WHERE deadlines.case_id = cases.id
           AND met_at IS NULL AND void_at IS NULL) AS due_at
  FROM cases
  LEFT JOIN case_workers ON case_workers.case_id = cases.id AND case_workers.staff_id = $1::uuid
 WHERE case_workers.staff_id IS NOT NULL
    OR cases.id IN (SELECT case_id FROM case_openings WHERE staff_id = $1::uuid AND until > $2::timestamptz)
 ORDER BY case_workers.staff_id IS NULL, due_at NULLS LAST, cases.received_at LIMIT 100;

-- Whoever takes it on has it from whoever had it.
-- name: case_take :none
INSERT INTO case_workers (case_id, municipality, staff_id, since) VALUES ($1::uuid, $2, $3::uuid, $4::timestamptz)
ON CONFLICT (case_id) DO UPDATE SET staff_id = excluded.staff_id, since = excluded.since;

-- name: case_document :maybe
SELECT applications.id, applications.municipality, applications.document_id, applications.services, applications.channel,
       applications.in_hospital, applications.received_at, documents.sealed
  FROM applications JOIN documents ON documents.id = applications.document_id WHERE applications.case_id = $1::uuid;

-- Those of a time before, too; but not the row that only went on as another, with one part more.
-- How a municipality is set up, for its administrator: what holds now, and what is to come.
-- name: setup_municipality :one
SELECT number, name, organisation, phone, address, web, accent FROM municipalities WHERE number = $1;

-- name: setup_rules :any
SELECT since, first_talk_days, first_talk_urgent_days, team_services, team_step FROM municipality_rules
 WHERE since >= coalesce((SELECT max(since) FROM municipality_rules WHERE municipality = $1 AND since <= $2::timestamptz), '-infinity')
   AND municipality = $1
 ORDER BY since;

-- name: setup_teams :any
SELECT teams.name, teams.weekday, to_char(teams.starts, 'HH24.MI') AS starts, teams.slots, teams.slot_minutes, teams.closed,
       coalesce(string_agg(staff.name || ' (' || team_members.profession || ')', ', ' ORDER BY staff.name), '–') AS members
  FROM teams LEFT JOIN team_members ON team_members.team_id = teams.id LEFT JOIN staff ON staff.id = team_members.staff_id
 WHERE teams.municipality = $1 GROUP BY teams.id ORDER BY teams.name;

-- name: setup_staff :any
SELECT name, role, unit, named, subject IS NOT NULL AS login FROM staff WHERE municipality = $1 ORDER BY name;

-- name: setup_letters :any
SELECT * FROM (SELECT DISTINCT ON (kind, language) kind, language, since, text IS NOT NULL AS own FROM letter_templates
                WHERE municipality = $1 ORDER BY kind, language, since DESC) latest
 WHERE own ORDER BY kind, language;

-- name: setup_systems :any
SELECT organisation, name FROM clients WHERE $1 = ANY (municipalities) ORDER BY name, organisation;

-- name: setup_login :maybe
SELECT issuer, client, roles_claim, role_map FROM staff_logins WHERE municipality = $1;

-- name: case_parts :any
SELECT case_parties.n, case_parties.parts, case_parties.role, case_parties.basis, case_parties.since, case_parties.until,
       case_parties.ended_why, staff.name AS ended_by,
       case_parties.role IS NOT NULL AND NOT 'party' = ANY (case_parties.parts) AND case_parties.until IS NULL AS may_end
  FROM case_parties LEFT JOIN staff ON staff.id = case_parties.ended_by
 WHERE case_parties.case_id = $1::uuid AND (case_parties.until IS NULL OR case_parties.ended_why IS NOT NULL)
 ORDER BY case_parties.n;

-- What somebody has for another ends, unless they are a party themself. Were letters for them alone, they are for whom the case
-- is about from now on.
-- name: part_end :one
WITH ended AS (
    UPDATE case_parties SET until = $3::timestamptz, ended_by = $4::uuid, ended_why = $5
     WHERE case_id = $1::uuid AND n = $2::integer AND role IS NOT NULL AND NOT 'party' = ANY (parts) AND until IS NULL
    RETURNING parts
), without AS (
    UPDATE case_parties SET until = $3::timestamptz
     WHERE case_id = $1::uuid AND until IS NULL AND role IS NULL AND 'applicant' = ANY (parts)
       AND EXISTS (SELECT FROM ended WHERE 'recipient' = ANY (parts))
       AND NOT EXISTS (SELECT FROM case_parties AS other WHERE other.case_id = $1::uuid AND other.n <> $2::integer
                          AND other.until IS NULL AND 'recipient' = ANY (other.parts))
    RETURNING municipality, person_index, person_id, parts
), from_now_on AS (
    INSERT INTO case_parties (case_id, n, municipality, person_index, person_id, parts, since)
    SELECT $1::uuid, (SELECT max(n) + 1 FROM case_parties WHERE case_id = $1::uuid), municipality, person_index, person_id,
           parts || '{recipient}', $3::timestamptz
      FROM without
)
SELECT EXISTS (SELECT FROM case_parties WHERE case_id = $1::uuid AND n = $2::integer AND role IS NOT NULL
                  AND NOT 'party' = ANY (parts)) AS known,
       (SELECT count(*) FROM ended) AS ended;

-- name: case_contacts :any
SELECT kind, with_whom, two_way, at FROM contacts WHERE case_id = $1::uuid ORDER BY at DESC;

-- Emergencies that nobody has looked at, oldest first.
-- name: emergencies :any
SELECT case_openings.id AS document_id, case_openings.municipality, case_openings.case_id, case_openings.sealed, case_openings.opened_at, cases.reference,
       staff.name, staff.unit
  FROM case_openings JOIN cases ON cases.id = case_openings.case_id JOIN staff ON staff.id = case_openings.staff_id
 WHERE case_openings.emergency AND case_openings.reviewed_at IS NULL AND case_openings.staff_id <> $1::uuid
 ORDER BY case_openings.opened_at LIMIT 100;

-- name: emergency_review :any
UPDATE case_openings SET reviewed_at = $2::timestamptz, reviewed_by = $3::uuid, finding = $4
 WHERE id = $1::uuid AND emergency AND reviewed_at IS NULL AND staff_id <> $3::uuid RETURNING id, case_id;
