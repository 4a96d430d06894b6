-- SPDX-License-Identifier: EUPL-1.2
-- What the API writes and reads.

-- name: municipalities_all :any
SELECT number, name, phone FROM municipalities ORDER BY number;

-- Takes applications in, a row of each array apiece, in one durable statement. The key joins first:
-- everything else hangs on the keys that were new, and their ids come back.
-- name: applications_accept :any
WITH input AS (
    SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::text[], $5::text[], $6::uuid[], $7::uuid[],
                         $8::uuid[], $9::text[], $10::text[], $11::bytea[], $12::bytea[], $13::text[], $14::text[],
                         $15::text[], $16::text[], $17::text[], $18::bool[], $19::bool[], $20::text[],
                         $21::timestamptz[], $22::text[], $23::text[])
      AS t (client, key, request_hash, answer, location, application_id, case_id,
            document_id, municipality, reference, sealed, applicant_index, channel, language,
            submitter_role, services, urgency, in_hospital, has_what_matters, household,
            received_at, event, traceparent)
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
                              received_at)
    SELECT application_id, municipality, case_id, document_id, applicant_index, channel, language,
           submitter_role, services::text[], urgency, in_hospital, has_what_matters, household, received_at
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
