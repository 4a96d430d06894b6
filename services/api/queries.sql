-- SPDX-License-Identifier: EUPL-1.2
-- What the API writes and reads.

-- name: municipalities_all :any
SELECT number, name, phone, address, web, accent FROM municipalities ORDER BY name COLLATE "nb-x-icu", number;

-- Takes applications in, a row of each array apiece, in one durable statement. The key joins first:
-- everything else hangs on the keys that were new, and their ids come back.
-- name: applications_accept :any
WITH input AS (
    SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::text[], $5::text[], $6::uuid[], $7::uuid[],
                         $8::uuid[], $9::text[], $10::text[], $11::bytea[], $12::bytea[], $13::text[], $14::text[],
                         $15::text[], $16::text[], $17::text[], $18::bool[], $19::bool[], $20::text[],
                         $21::timestamptz[], $22::text[], $23::text[], $24::bytea[])
      AS t (client, key, request_hash, answer, location, application_id, case_id,
            document_id, municipality, reference, sealed, applicant_index, channel, language,
            submitter_role, services, urgency, in_hospital, has_what_matters, household,
            received_at, event, traceparent, submitter_index)
), joined AS (
    INSERT INTO idempotency_keys (client, key, request_hash, effect_id, answer, location, created_at)
    SELECT client, key, request_hash, application_id, answer, location, received_at FROM input
    ON CONFLICT (client, key) DO NOTHING
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
    INSERT INTO applications (id, municipality, case_id, document_id, applicant_index, channel, language,
                              submitter_role, services, urgency, in_hospital, has_what_matters, household,
                              received_at, submitter_index)
    SELECT application_id, municipality, case_id, document_id, applicant_index, channel, language,
           submitter_role, services::text[], urgency, in_hospital, has_what_matters, household, received_at,
           submitter_index
      FROM fresh
), said AS (
    INSERT INTO events (case_id, case_seq, municipality, type, source, data, occurred_at, traceparent)
    SELECT case_id, 1, municipality, 'no.tillit.application.received.v1', 'tillit/api', event::json,
           received_at, traceparent
      FROM fresh
), told AS (
    INSERT INTO unsent (case_id, case_seq) SELECT case_id, 1 FROM fresh
)
SELECT effect_id FROM joined;

-- name: key_read :maybe
SELECT request_hash, answer, location, etag FROM idempotency_keys WHERE client = $1 AND key = $2;

-- name: application_load :maybe
SELECT applications.id, applications.case_id, applications.municipality, applications.document_id,
       applications.received_at, applications.services, applications.applicant_index,
       applications.submitter_index, cases.reference, cases.status, documents.sealed
  FROM applications JOIN cases ON cases.id = applications.case_id
  JOIN documents ON documents.id = applications.document_id
 WHERE applications.id = $1::uuid;

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
SELECT letters.municipality, letters.document_id, documents.sealed
  FROM letters JOIN documents ON documents.id = letters.document_id
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
SELECT agenda_items.meeting_id, agenda_items.case_id, cases.reference, agenda_items.starts_at,
       extract(epoch FROM agenda_items.ends_at - agenda_items.starts_at)::integer / 60 AS minutes,
       cases.urgency, cases.department, cases.step_asked, agenda_items.late,
       coalesce((SELECT rule ->> 'text' FROM json_array_elements(cases.rules) rule
                  WHERE rule ->> 'id' LIKE 'path.%' LIMIT 1), '') AS why
  FROM agenda_items JOIN cases ON cases.id = agenda_items.case_id
 WHERE agenda_items.meeting_id = ANY ($1::uuid[]) ORDER BY agenda_items.starts_at;

-- Which of the six programs are ready, as their heartbeats say.
-- name: programs_ready :any
SELECT program, bool_or(ready AND beat_at > $2::timestamptz) AS ready, max(beat_at) AS beat_at,
       (array_agg(why_not ORDER BY beat_at DESC))[1] AS why_not,
       sum(lag_events) AS lag_events, max(lag_seconds) AS lag_seconds
  FROM heartbeats WHERE program = ANY ($1::text[]) GROUP BY program;

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

-- A login that a browser begins; those that nobody came back from in time ($4) go.
-- name: login_begin :none
WITH late AS (DELETE FROM logins WHERE begun_at < $4::timestamptz)
INSERT INTO logins (secret_hash, back, begun_at) VALUES ($1::bytea, $2, $3::timestamptz);

-- It is taken once.
-- name: login_take :maybe
DELETE FROM logins WHERE secret_hash = $1::bytea AND begun_at >= $2::timestamptz RETURNING back;

-- Sessions that began ($6) or were last seen ($7) too long ago go.
-- name: session_begin :none
WITH late AS (DELETE FROM sessions WHERE begun_at < $6::timestamptz OR seen_at < $7::timestamptz)
INSERT INTO sessions (id, secret_hash, sealed, issuer_hash, begun_at, seen_at)
VALUES ($1::uuid, $2::bytea, $3::bytea, $4::bytea, $5::timestamptz, $5::timestamptz);

-- Whose it is; that they were here is noted once a minute.
-- name: session_use :maybe
WITH found AS (
    SELECT id, sealed, seen_at FROM sessions
     WHERE secret_hash = $1::bytea AND begun_at >= $3::timestamptz AND seen_at >= $4::timestamptz
), seen AS (
    UPDATE sessions SET seen_at = $2::timestamptz FROM found
     WHERE sessions.id = found.id AND found.seen_at < $2::timestamptz - interval '1 minute'
)
SELECT id, sealed FROM found;

-- name: session_end :none
DELETE FROM sessions WHERE secret_hash = $1::bytea;

-- name: session_end_of :none
DELETE FROM sessions WHERE issuer_hash = $1::bytea;
