-- SPDX-License-Identifier: EUPL-1.2
-- name: letter_facts :maybe
SELECT applications.municipality, applications.document_id, applications.urgency, applications.in_hospital,
       applications.services, applications.received_at, cases.reference, documents.sealed,
       municipalities.name AS municipality_name, municipalities.phone
  FROM applications JOIN cases ON cases.id = applications.case_id
  JOIN documents ON documents.id = applications.document_id
  JOIN municipalities ON municipalities.number = applications.municipality
 WHERE applications.case_id = $1::uuid;

-- name: letter_document :none
INSERT INTO documents (id, municipality, label, sealed) VALUES ($1::uuid, $2, 'letter', $3::bytea);

-- name: letter_add :one
INSERT INTO letters (case_id, n, municipality, cause_seq, kind, template, version, hash, language, pages,
                     document_id, ready_at)
SELECT $1::uuid, coalesce(max(n), 0) + 1, $2, $3::integer, $4, $5, $6, $7, $8, $9::integer, $10::uuid,
       $11::timestamptz
  FROM letters WHERE case_id = $1::uuid
RETURNING n;

-- Sealing anew. The keys that a place's values name, by municipality: a look per key into the index, however many values there are.
-- name: documents_keys :any
WITH RECURSIVE found AS (
    (SELECT municipality, key_id FROM documents ORDER BY municipality, key_id LIMIT 1)
    UNION ALL
    SELECT next.* FROM found, LATERAL (
        SELECT municipality, key_id FROM documents
         WHERE (municipality, key_id) > (found.municipality, found.key_id) ORDER BY municipality, key_id LIMIT 1) next)
SELECT municipality, key_id FROM found;

-- name: parked_keys :any
WITH RECURSIVE found AS (
    (SELECT key_id FROM parked_events ORDER BY key_id LIMIT 1)
    UNION ALL
    SELECT next.* FROM found, LATERAL (
        SELECT key_id FROM parked_events WHERE key_id > found.key_id ORDER BY key_id LIMIT 1) next)
SELECT '*' AS municipality, key_id FROM found;

-- A key's indexes lie between its id and its id behind which nothing can come.
-- name: applicants_keys :any
WITH RECURSIVE found AS (
    (SELECT municipality, substring(applicant_index FOR 4) AS key_id FROM applications
      WHERE applicant_index IS NOT NULL ORDER BY municipality, applicant_index LIMIT 1)
    UNION ALL
    SELECT next.* FROM found, LATERAL (
        SELECT municipality, substring(applicant_index FOR 4) FROM applications
         WHERE (municipality, applicant_index) > (found.municipality, found.key_id || decode(repeat('ff', 33), 'hex'))
         ORDER BY municipality, applicant_index LIMIT 1) next)
SELECT municipality, key_id FROM found;

-- name: submitters_keys :any
WITH RECURSIVE found AS (
    (SELECT municipality, substring(submitter_index FOR 4) AS key_id FROM applications
      WHERE submitter_index IS NOT NULL ORDER BY municipality, submitter_index LIMIT 1)
    UNION ALL
    SELECT next.* FROM found, LATERAL (
        SELECT municipality, substring(submitter_index FOR 4) FROM applications
         WHERE submitter_index IS NOT NULL
           AND (municipality, submitter_index) > (found.municipality, found.key_id || decode(repeat('ff', 33), 'hex'))
         ORDER BY municipality, submitter_index LIMIT 1) next)
SELECT municipality, key_id FROM found;

-- Values of a municipality that name a key, and were not found damaged since a time.
-- name: documents_of_key :any
SELECT id FROM documents WHERE municipality = $1 AND key_id = $2::bytea
   AND NOT EXISTS (SELECT FROM damaged_values AS d WHERE d.place = 'documents' AND d.id = documents.id AND d.noticed_at > $3::timestamptz)
 LIMIT $4::integer;

-- name: parked_of_key :any
SELECT id FROM parked_events WHERE $1 = '*' AND key_id = $2::bytea
   AND NOT EXISTS (SELECT FROM damaged_values AS d WHERE d.place = 'parked_events' AND d.id = parked_events.id AND d.noticed_at > $3::timestamptz)
 LIMIT $4::integer;

-- name: applicants_of_key :any
SELECT id FROM applications
 WHERE municipality = $1 AND applicant_index > $2::bytea AND applicant_index < $2::bytea || decode(repeat('ff', 33), 'hex')
   AND NOT EXISTS (SELECT FROM damaged_values AS d WHERE d.place = 'applications' AND d.id = applications.id AND d.noticed_at > $3::timestamptz)
 LIMIT $4::integer;

-- name: submitters_of_key :any
SELECT id FROM applications
 WHERE municipality = $1 AND submitter_index > $2::bytea AND submitter_index < $2::bytea || decode(repeat('ff', 33), 'hex')
   AND NOT EXISTS (SELECT FROM damaged_values AS d WHERE d.place = 'applications' AND d.id = applications.id AND d.noticed_at > $3::timestamptz)
 LIMIT $4::integer;

-- name: documents_count :one
SELECT count(*) AS named FROM documents WHERE municipality = $1 AND key_id = $2::bytea;

-- name: parked_count_of_key :one
SELECT count(*) AS named FROM parked_events WHERE $1 = '*' AND key_id = $2::bytea;

-- name: applicants_count :one
SELECT count(*) AS named FROM applications
 WHERE municipality = $1 AND applicant_index > $2::bytea AND applicant_index < $2::bytea || decode(repeat('ff', 33), 'hex');

-- name: submitters_count :one
SELECT count(*) AS named FROM applications
 WHERE municipality = $1 AND submitter_index > $2::bytea AND submitter_index < $2::bytea || decode(repeat('ff', 33), 'hex');

-- name: documents_open :any
SELECT id, municipality, label, sealed FROM documents WHERE id = ANY ($1::uuid[]);

-- name: parked_open :any
SELECT id, '*' AS municipality, 'parked' AS label, sealed FROM parked_events WHERE id = ANY ($1::uuid[]);

-- name: applications_open :any
SELECT applications.id, applications.municipality, applicant_index, submitter_index, document_id, document.sealed
  FROM applications, LATERAL (SELECT sealed FROM documents WHERE documents.id = applications.document_id OFFSET 0) document
 WHERE applications.id = ANY ($1::uuid[]);

-- Version, key and nonce are of this one sealing: who finds another has been overtaken. That the rows are wanted is said
-- once more by their ids alone, so that no plan can begin with the whole table.
-- name: documents_reseal :none
UPDATE documents SET sealed = anew.sealed FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS anew (id, head, sealed)
 WHERE documents.id = ANY ($1::uuid[]) AND documents.id = anew.id AND substring(documents.sealed FOR 29) = anew.head;

-- name: parked_reseal :none
UPDATE parked_events SET sealed = anew.sealed FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS anew (id, head, sealed)
 WHERE parked_events.id = ANY ($1::uuid[]) AND parked_events.id = anew.id AND substring(parked_events.sealed FOR 29) = anew.head;

-- name: applications_reindex :none
UPDATE applications SET applicant_index = anew.applicant, submitter_index = anew.submitter
  FROM unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[]) AS anew (id, applicant_was, submitter_was, applicant, submitter)
 WHERE applications.id = ANY ($1::uuid[]) AND applications.id = anew.id AND applicant_index IS NOT DISTINCT FROM anew.applicant_was
   AND submitter_index IS NOT DISTINCT FROM anew.submitter_was;

-- name: damage_note :none
INSERT INTO damaged_values (place, id, noticed_at) SELECT $1, unnest($2::uuid[]), $3::timestamptz
ON CONFLICT (place, id) DO UPDATE SET noticed_at = excluded.noticed_at;

-- name: damage_forget :none
DELETE FROM damaged_values WHERE place = $1 AND id = ANY ($2::uuid[]);
