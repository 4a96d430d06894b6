-- SPDX-License-Identifier: EUPL-1.2
-- name: letter_facts :maybe
SELECT applications.municipality, applications.document_id, applications.urgency, applications.in_hospital,
       applications.services, applications.received_at, cases.reference, documents.sealed,
       municipalities.name AS municipality_name, municipalities.phone, municipalities.accent AS sender_colour,
       nullif(concat_ws(' · ', municipalities.address, municipalities.phone, municipalities.web), '') AS sender_where
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
