-- SPDX-License-Identifier: EUPL-1.2

-- Takes applications in, a row of each array apiece, in one durable statement. The key joins first:
-- everything else hangs on the keys that were new, and their ids come back. What is taken once is not new
-- either while the same is. Whoever is known already stays
-- as they are known (what is newer is learnt from the document, by upkeep); all insert people in one order,
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
    SELECT case_id, 1, municipality, {{event:application.received}}, 'tillit/api', event::json,
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

-- name: application_load :maybe
SELECT applications.id AS application_id, applications.case_id, applications.municipality, applications.document_id,
       applications.received_at, applications.services, cases.reference, cases.status, documents.sealed
  FROM applications JOIN cases ON cases.id = applications.case_id
  JOIN documents ON documents.id = applications.document_id
 WHERE applications.id = $1::uuid
   AND ($2::bytea[] IS NULL
        OR EXISTS (SELECT FROM case_parties
                    WHERE case_parties.case_id = applications.case_id AND person_index = ANY ($2::bytea[])
                      AND since <= $3::timestamptz AND (until IS NULL OR until > $3::timestamptz)));

-- What comes next in cases: their first open deadline of those kinds.
-- name: cases_next :any
SELECT DISTINCT ON (case_id) case_id, kind, due_at FROM deadlines
 WHERE case_id = ANY ($1::uuid[]) AND kind = ANY ($2::text[])
   AND met_at IS NULL AND void_at IS NULL AND missed_at IS NULL
 ORDER BY case_id, due_at, kind;

-- name: case_events :any
SELECT case_seq, type, occurred_at FROM events WHERE case_id = $1::uuid ORDER BY case_seq;
