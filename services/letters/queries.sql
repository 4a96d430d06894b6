-- SPDX-License-Identifier: EUPL-1.2
-- name: letter_facts :maybe
SELECT applications.municipality, applications.document_id, applications.urgency, applications.in_hospital,
       applications.services, applications.received_at, cases.reference, documents.sealed,
       municipalities.name AS municipality_name, municipalities.phone, municipalities.address, municipalities.web, municipalities.accent
  FROM applications JOIN cases ON cases.id = applications.case_id
  JOIN documents ON documents.id = applications.document_id
  JOIN municipalities ON municipalities.number = applications.municipality
 WHERE applications.case_id = $1::uuid;

-- The municipality's own words in place of ours: the latest, which is NULL when they were taken back.
-- name: letter_template :maybe
SELECT text FROM letter_templates WHERE municipality = $1 AND kind = $2 AND language = $3 ORDER BY since DESC LIMIT 1;

-- name: letter_document :none
INSERT INTO documents (id, municipality, label, sealed) VALUES ($1::uuid, $2, 'letter', $3::bytea);

-- name: letter_add :one
INSERT INTO letters (case_id, n, municipality, cause_seq, kind, template, version, hash, language, pages,
                     document_id, ready_at)
SELECT $1::uuid, coalesce(max(n), 0) + 1, $2, $3::integer, $4, $5, $6, $7, $8, $9::integer, $10::uuid,
       $11::timestamptz
  FROM letters WHERE case_id = $1::uuid
RETURNING n;

-- Those of the people that other applications have told of, locked in one order.
-- name: persons_told :any
SELECT id, person_index, sealed, own, said_at FROM persons
 WHERE municipality = $1 AND person_index = ANY ($2::bytea[]) AND said_at <> $3::timestamptz
 ORDER BY id FOR NO KEY UPDATE;

-- name: person_learn :one
UPDATE persons SET sealed = $2::bytea, own = $3::boolean, said_at = $4::timestamptz, updated_at = $5::timestamptz
 WHERE id = $1::uuid RETURNING id;

-- Applications whose case has no people yet, from an id on.
-- name: applications_without_people :any
SELECT applications.id, applications.case_id, applications.municipality, applications.document_id,
       applications.received_at, documents.sealed
  FROM applications JOIN documents ON documents.id = applications.document_id
 WHERE applications.id > $1::uuid
   AND NOT EXISTS (SELECT FROM case_parties WHERE case_parties.case_id = applications.case_id)
 ORDER BY applications.id LIMIT $2::integer;

-- A person of a case, unless another run was first.
-- name: participant_add :one
WITH took_part AS (
    INSERT INTO case_parties (case_id, n, municipality, person_index, person_id, parts, role, basis, since)
    VALUES ($1::uuid, $2::smallint, $3, $4::bytea, CASE WHEN $4::bytea IS NULL THEN $5::uuid END, $6::text[], $7, $8,
            $9::timestamptz)
    ON CONFLICT (case_id, n) DO NOTHING RETURNING case_id
), known AS (
    INSERT INTO persons (id, municipality, person_index, sealed, own, said_at, created_at, updated_at)
    SELECT $5::uuid, $3, $4::bytea, $10::bytea, $11::boolean, $9::timestamptz, $12::timestamptz, $12::timestamptz
      FROM took_part
    ON CONFLICT DO NOTHING
)
SELECT count(*) AS fresh FROM took_part;
