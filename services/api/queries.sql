-- SPDX-License-Identifier: EUPL-1.2
-- What the API writes and reads.

-- name: municipalities_all :any
SELECT number, name, phone, address, web, accent FROM municipalities ORDER BY name COLLATE "nb-x-icu", number;

-- Takes applications in, a row of each array apiece, in one durable statement. The key joins first:
-- everything else hangs on the keys that were new, and their ids come back. What is taken once is not new
-- either while the same is. Whoever is known already stays
-- as they are known (what is newer is learnt from the document, by letters); all insert people in one order,
-- so that two commits never wait for each other.
-- name: applications_accept :any
WITH input AS (
    SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::text[], $5::text[], $6::uuid[], $7::uuid[],
                         $8::uuid[], $9::text[], $10::text[], $11::bytea[], $12::text[], $13::text[],
                         $14::text[], $15::text[], $16::text[], $17::bool[], $18::bool[], $19::text[],
                         $20::timestamptz[], $21::text[], $22::text[], $23::uuid[], $24::text[], $25::text[],
                         $26::text[], $27::text[], $28::text[], $29::text[], $30::text[], $31::uuid[], $32::bytea[], $33::bool[])
      AS t (client, key, request_hash, answer, location, application_id, case_id,
            document_id, municipality, reference, sealed, channel, language,
            submitter_role, services, urgency, in_hospital, has_what_matters, household,
            received_at, event, traceparent, access_id, access_kind, who, who_name, unit, role,
            what, act, request_id, mac, once)
), joined AS (
    INSERT INTO idempotency_keys (client, key, request_hash, effect_id, answer, location, created_at, once_until)
    SELECT client, key, request_hash, application_id, answer, location, received_at,
           CASE WHEN once THEN received_at + interval '1 hour' END
      FROM input
    ON CONFLICT DO NOTHING
    RETURNING effect_id
), fresh AS (
    SELECT input.* FROM input JOIN joined ON joined.effect_id = input.application_id
), kept AS (
    INSERT INTO documents (id, municipality, label, sealed)
    SELECT document_id, municipality, 'application', sealed FROM fresh
), opened AS (
    INSERT INTO cases (id, municipality, reference, status, last_seq, last_event_at, received_at)
    SELECT case_id, municipality, reference, 'RECEIVED', 1, received_at, received_at FROM fresh
), applied AS (
    INSERT INTO applications (id, municipality, case_id, document_id, channel, language, submitter_role,
                              services, urgency, in_hospital, has_what_matters, household, received_at)
    SELECT application_id, municipality, case_id, document_id, channel, language, submitter_role,
           services::text[], urgency, in_hospital, has_what_matters, household, received_at
      FROM fresh
), people AS (
    SELECT t.*, fresh.municipality, fresh.received_at
      FROM unnest($34::uuid[], $35::bigint[], $36::uuid[], $37::bytea[], $38::bytea[], $39::bool[], $40::text[],
                  $41::text[], $42::text[])
        AS t (case_id, n, person_id, person_index, sealed, own, parts, role, basis)
      JOIN fresh ON fresh.case_id = t.case_id
), known AS (
    INSERT INTO persons (id, municipality, person_index, sealed, own, said_at, created_at, updated_at)
    SELECT person_id, municipality, person_index, sealed, own, received_at, received_at, received_at
      FROM people ORDER BY person_index, own DESC, received_at DESC
    ON CONFLICT DO NOTHING
), took_part AS (
    INSERT INTO case_parties (case_id, n, municipality, person_index, person_id, parts, role, basis, since)
    SELECT case_id, n::smallint, municipality, person_index, CASE WHEN person_index IS NULL THEN person_id END,
           parts::text[], role, basis, received_at
      FROM people
), said AS (
    INSERT INTO events (case_id, case_seq, municipality, type, source, data, occurred_at, traceparent)
    SELECT case_id, 1, municipality, 'no.tillit.application.received.v1', 'tillit/api', event::json,
           received_at, traceparent
      FROM fresh
), told AS (
    INSERT INTO unsent (case_id, case_seq) SELECT case_id, 1 FROM fresh
), accessed AS (
    INSERT INTO access_log (id, municipality, at, kind, who, name, unit, role, what, act, case_id, request_id, mac)
    SELECT access_id, municipality, received_at, access_kind, who, who_name, unit, role, what, act, case_id,
           request_id, mac
      FROM fresh
), unchained AS (
    INSERT INTO access_unchained (municipality, access_id) SELECT municipality, access_id FROM fresh
)
SELECT effect_id FROM joined;

-- name: key_read :maybe
SELECT request_hash, answer, location, etag, created_at FROM idempotency_keys WHERE client = $1 AND key = $2;

-- name: once_read :maybe
SELECT request_hash, answer, location, etag, created_at FROM idempotency_keys
 WHERE client = $1 AND request_hash = $2::bytea AND once_until > $3::timestamptz
 ORDER BY created_at DESC LIMIT 1;

-- name: application_load :maybe
SELECT applications.id, applications.case_id, applications.municipality, applications.document_id,
       applications.received_at, applications.services, cases.reference, cases.status, documents.sealed
  FROM applications JOIN cases ON cases.id = applications.case_id
  JOIN documents ON documents.id = applications.document_id
 WHERE applications.id = $1::uuid
   AND ($2::bytea[] IS NULL
        OR EXISTS (SELECT FROM case_parties
                    WHERE case_parties.case_id = applications.case_id AND person_index = ANY ($2::bytea[])
                      AND since <= $3::timestamptz AND (until IS NULL OR until > $3::timestamptz)));

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

-- What comes next in cases: their first open deadline of those kinds.
-- name: cases_next :any
SELECT DISTINCT ON (case_id) case_id, kind, due_at FROM deadlines
 WHERE case_id = ANY ($1::uuid[]) AND kind = ANY ($2::text[])
   AND met_at IS NULL AND void_at IS NULL AND missed_at IS NULL
 ORDER BY case_id, due_at, kind;

-- name: documents_of_cases :any
SELECT applications.case_id, applications.municipality, applications.document_id, documents.sealed
  FROM applications JOIN documents ON documents.id = applications.document_id
 WHERE applications.case_id = ANY ($1::uuid[]);

-- name: case_load :maybe
SELECT id, municipality, reference, status, last_seq, urgent, shielded, joint, preliminary_reply_sent,
       department, path, urgency, step_asked, lower_services, rules
  FROM cases WHERE id = $1::uuid;

-- name: case_events :any
SELECT case_seq, type, occurred_at FROM events WHERE case_id = $1::uuid ORDER BY case_seq;

-- name: case_deadlines :any
SELECT kind, due_at, source,
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

-- name: key_join :one
WITH joined AS (
    INSERT INTO idempotency_keys (client, key, request_hash, effect_id, answer, location, etag, created_at)
    VALUES ($1, $2, $3::bytea, $4::uuid, '', '', NULL, $5::timestamptz)
    ON CONFLICT (client, key) DO NOTHING RETURNING effect_id)
SELECT count(*) AS fresh FROM joined;

-- name: contact_add :none
INSERT INTO contacts (id, municipality, case_id, case_seq, kind, with_whom, two_way, at)
VALUES ($1::uuid, $2, $3::uuid, $4::integer, $5, $6::text[], $7::boolean, $8::timestamptz);

-- name: key_answer :none
UPDATE idempotency_keys SET answer = $3, location = $4, etag = $5 WHERE client = $1 AND key = $2;

-- name: team_known :maybe
SELECT code FROM teams WHERE code = $1 LIMIT 1;

-- Meetings of a page, from a key (starts_at, id) on.
-- name: agenda_meetings :any
SELECT meetings.id, teams.code AS team, meetings.starts_at, meetings.ends_at, meetings.slots,
       meetings.slots - (SELECT count(*) FROM agenda_items WHERE agenda_items.meeting_id = meetings.id) AS free
  FROM meetings JOIN teams ON teams.id = meetings.team_id
 WHERE ($1::text IS NULL OR teams.code = $1)
   AND meetings.starts_at >= $2::timestamptz AND meetings.starts_at < $3::timestamptz
   AND ($4::timestamptz IS NULL OR (meetings.starts_at, meetings.id) > ($4::timestamptz, $5::uuid))
 ORDER BY meetings.starts_at, meetings.id LIMIT $6::integer;

-- name: agenda_items_of :any
SELECT agenda_items.meeting_id, agenda_items.case_id, cases.municipality, cases.reference, agenda_items.starts_at,
       extract(epoch FROM agenda_items.ends_at - agenda_items.starts_at)::integer / 60 AS minutes,
       cases.urgency, cases.department, cases.step_asked, agenda_items.late,
       coalesce((SELECT rule ->> 'text' FROM json_array_elements(cases.rules) rule
                  WHERE rule ->> 'id' LIKE 'path.%' LIMIT 1), '') AS why
  FROM agenda_items JOIN cases ON cases.id = agenda_items.case_id
 WHERE agenda_items.meeting_id = ANY ($1::uuid[]) ORDER BY agenda_items.starts_at;

-- The access log, the latest first: ids are made in the order of time.
-- name: access_of_case :any
SELECT id, at, municipality, kind, who, name, unit, role, act, what, case_id, reason, request_id FROM access_log
 WHERE case_id = $1::uuid AND ($2::text IS NULL OR who = $2) AND id >= $3::uuid AND id < $4::uuid
 ORDER BY id DESC LIMIT $5::integer;

-- name: access_search :any
SELECT id, at, municipality, kind, who, name, unit, role, act, what, case_id, reason, request_id FROM access_log
 WHERE $1::uuid IS NULL AND ($2::text IS NULL OR who = $2) AND id >= $3::uuid AND id < $4::uuid
 ORDER BY id DESC LIMIT $5::integer;

-- name: case_of_reference :maybe
SELECT id AS case_id FROM cases WHERE reference = $1;

-- Which of the six programs are ready, as their heartbeats say; one of a time to come was left by a clock that was wrong.
-- name: programs_ready :any
SELECT program, bool_or(ready) AS ready, (array_agg(why_not ORDER BY ready DESC, beat_at DESC))[1] AS why_not,
       sum(lag_events) AS lag_events, max(lag_seconds) AS lag_seconds
  FROM heartbeats WHERE program = ANY ($1::text[]) AND beat_at > $2::timestamptz AND beat_at < $2::timestamptz + interval '1 minute'
 GROUP BY program;

-- name: drift_unsent :one
SELECT count(*) AS unsent,
       (SELECT events.occurred_at FROM unsent JOIN events USING (case_id, case_seq)
         ORDER BY unsent.position LIMIT 1) AS oldest
  FROM unsent;

-- Per minute since a time: applications received, and receipts finished.
-- name: drift_throughput :any
SELECT floor(extract(epoch FROM occurred_at - $1::timestamptz) / 60)::integer AS minute,
       count(*) FILTER (WHERE type = 'no.tillit.application.received.v1') AS accepted,
       count(*) FILTER (WHERE type = 'no.tillit.letter.ready.v1') AS finished
  FROM events WHERE occurred_at > $1::timestamptz
   AND type IN ('no.tillit.application.received.v1', 'no.tillit.letter.ready.v1')
 GROUP BY 1 ORDER BY 1;

-- name: drift_newest :one
SELECT max(last_event_at) AS at FROM cases;

-- name: drift_parked :any
SELECT consumer, problem, count(*) AS parked, min(parked_at) AS since
  FROM parked_events WHERE closed_at IS NULL GROUP BY consumer, problem ORDER BY consumer, problem;

-- name: drift_ticks :any
SELECT tick, succeeded_at FROM tick_runs ORDER BY tick;

-- Where municipalities' staff log in.
-- name: staff_logins_all :any
SELECT municipality, issuer, client, roles_claim, role_map FROM staff_logins JOIN municipalities ON number = municipality
 ORDER BY name COLLATE "nb-x-icu", municipality;

-- A login that a browser begins; those that nobody came back from in time ($4) go.
-- name: login_begin :none
WITH late AS (DELETE FROM logins WHERE begun_at < $4::timestamptz)
INSERT INTO logins (secret_hash, municipality, begun_at) VALUES ($1::bytea, $2, $3::timestamptz);

-- It is taken once, on the listener where it began: a citizen's has no municipality.
-- name: login_take :maybe
DELETE FROM logins WHERE secret_hash = $1::bytea AND begun_at >= $2::timestamptz AND (municipality IS NULL) = $3::boolean
RETURNING municipality;

-- Of staff who come in the row is brought up to date, or made: then with a name that no other has.
-- name: staff_come_in :one
WITH known AS (
    UPDATE staff SET unit = $5 WHERE municipality = $2 AND subject = $3 RETURNING id
), fresh AS (
    INSERT INTO staff (id, municipality, subject, name, unit, role)
    SELECT $1::uuid, $2, $3, CASE WHEN EXISTS (SELECT FROM staff WHERE municipality = $2 AND name = $4) THEN $4 || ' (' || $3 || ')' ELSE $4 END, $5, $6
     WHERE NOT EXISTS (SELECT FROM known) RETURNING id
)
SELECT id FROM known UNION ALL SELECT id FROM fresh;

-- Sessions that began ($1) or were last seen ($2) too long ago go; of citizens, then of staff ($3, $4).
-- name: sessions_forget :none
DELETE FROM sessions
 WHERE (staff_id IS NULL AND (begun_at < $1::timestamptz OR seen_at < $2::timestamptz))
    OR (staff_id IS NOT NULL AND (begun_at < $3::timestamptz OR seen_at < $4::timestamptz));

-- name: session_begin :none
INSERT INTO sessions (id, secret_hash, sealed, issuer_hash, begun_at, seen_at, staff_id, municipality, name, unit, roles)
VALUES ($1::uuid, $2::bytea, $3::bytea, $4::bytea, $5::timestamptz, $5::timestamptz, $6::uuid, $7, $8, $9, $10::text[]);

-- Whose it is, staff's ($5) or a citizen's; that they were here is noted once a minute.
-- One begun under a clock that was set back since would outlive its time: it has ended.
-- name: session_use :maybe
WITH found AS (
    SELECT id, sealed, seen_at, staff_id, municipality, name, unit, roles FROM sessions
     WHERE secret_hash = $1::bytea AND begun_at >= $3::timestamptz AND seen_at >= $4::timestamptz
       AND seen_at < $2::timestamptz + interval '1 minute'
       AND (staff_id IS NOT NULL) = $5::boolean
), seen AS (
    UPDATE sessions SET seen_at = $2::timestamptz FROM found
     WHERE sessions.id = found.id AND found.seen_at < $2::timestamptz - interval '1 minute'
)
SELECT id, sealed, staff_id, municipality, name, unit, roles FROM found;

-- name: session_end :none
DELETE FROM sessions WHERE secret_hash = $1::bytea;

-- name: session_end_of :none
DELETE FROM sessions WHERE issuer_hash = $1::bytea AND begun_at <= $2::timestamptz;

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
       opening.id AS opening_id, opening.until, opening.reason, opening.sealed AS words,
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

-- The cases that one of the staff has taken on, then those they have open.
-- name: cases_of_staff :any
SELECT cases.id AS case_id, cases.urgency, cases.received_at,
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
SELECT case_openings.id, case_openings.municipality, case_openings.case_id, case_openings.sealed, case_openings.opened_at, cases.reference,
       staff.name, staff.unit
  FROM case_openings JOIN cases ON cases.id = case_openings.case_id JOIN staff ON staff.id = case_openings.staff_id
 WHERE case_openings.emergency AND case_openings.reviewed_at IS NULL AND case_openings.staff_id <> $1::uuid
 ORDER BY case_openings.opened_at LIMIT 100;

-- name: emergency_review :any
UPDATE case_openings SET reviewed_at = $2::timestamptz, reviewed_by = $3::uuid, finding = $4
 WHERE id = $1::uuid AND emergency AND reviewed_at IS NULL AND staff_id <> $3::uuid RETURNING id, case_id;

-- name: relations_of_staff :any
SELECT id, sealed FROM staff_relations WHERE staff_id = $1::uuid;

-- name: relation_add :none
INSERT INTO staff_relations (id, staff_id, municipality, sealed, since) VALUES ($1::uuid, $2::uuid, $3, $4::bytea, $5::timestamptz);
