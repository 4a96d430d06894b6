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

-- Those of the people that other applications have told of, locked in one order.
-- name: persons_told :any
SELECT id, person_index, sealed, own, said_at FROM persons
 WHERE municipality = $1 AND person_index = ANY ($2::bytea[]) AND said_at <> $3::timestamptz
 ORDER BY id FOR NO KEY UPDATE;

-- name: person_learn :one
UPDATE persons SET sealed = $2::bytea, own = $3::boolean, said_at = $4::timestamptz, updated_at = $5::timestamptz
 WHERE id = $1::uuid RETURNING id;

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

-- Values of a municipality that name a key, and were not found damaged since a time.
-- name: documents_of_key :any
SELECT id FROM documents WHERE municipality = $1 AND key_id = $2::bytea
   AND NOT EXISTS (SELECT FROM damaged_values AS d WHERE d.place = 'documents' AND d.id = documents.id AND d.noticed_at > $3::timestamptz)
 LIMIT $4::integer;

-- name: parked_of_key :any
SELECT id FROM parked_events WHERE $1 = '*' AND key_id = $2::bytea
   AND NOT EXISTS (SELECT FROM damaged_values AS d WHERE d.place = 'parked_events' AND d.id = parked_events.id AND d.noticed_at > $3::timestamptz)
 LIMIT $4::integer;

-- name: documents_count :one
SELECT count(*) AS named FROM documents WHERE municipality = $1 AND key_id = $2::bytea;

-- name: parked_count_of_key :one
SELECT count(*) AS named FROM parked_events WHERE $1 = '*' AND key_id = $2::bytea;

-- name: documents_open :any
SELECT id, municipality, label, sealed FROM documents WHERE id = ANY ($1::uuid[]);

-- name: parked_open :any
SELECT id, '*' AS municipality, 'parked' AS label, sealed FROM parked_events WHERE id = ANY ($1::uuid[]);

-- Version, key and nonce are of this one sealing: who finds another has been overtaken. That the rows are wanted is said
-- once more by their ids alone, so that no plan can begin with the whole table.
-- name: documents_reseal :none
UPDATE documents SET sealed = anew.sealed FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS anew (id, head, sealed)
 WHERE documents.id = ANY ($1::uuid[]) AND documents.id = anew.id AND substring(documents.sealed FOR 29) = anew.head;

-- name: parked_reseal :none
UPDATE parked_events SET sealed = anew.sealed FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS anew (id, head, sealed)
 WHERE parked_events.id = ANY ($1::uuid[]) AND parked_events.id = anew.id AND substring(parked_events.sealed FOR 29) = anew.head;

-- name: damage_note :none
INSERT INTO damaged_values (place, id, noticed_at) SELECT DISTINCT $1, unnest($2::uuid[]), $3::timestamptz
ON CONFLICT (place, id) DO UPDATE SET noticed_at = excluded.noticed_at;

-- name: damage_forget :none
DELETE FROM damaged_values WHERE place = $1 AND id = ANY ($2::uuid[]);

-- name: persons_keys :any
WITH RECURSIVE found AS (
    (SELECT municipality, key_id FROM persons ORDER BY municipality, key_id LIMIT 1)
    UNION ALL
    SELECT next.* FROM found, LATERAL (
        SELECT municipality, key_id FROM persons
         WHERE (municipality, key_id) > (found.municipality, found.key_id) ORDER BY municipality, key_id LIMIT 1) next)
SELECT municipality, key_id FROM found;

-- name: persons_of_key :any
SELECT id FROM persons WHERE municipality = $1 AND key_id = $2::bytea
   AND NOT EXISTS (SELECT FROM damaged_values AS d WHERE d.place = 'persons' AND d.id = persons.id AND d.noticed_at > $3::timestamptz)
 LIMIT $4::integer;

-- name: persons_count :one
SELECT count(*) AS named FROM persons WHERE municipality = $1 AND key_id = $2::bytea;

-- name: persons_open :any
SELECT id, municipality, 'person' AS label, sealed FROM persons WHERE id = ANY ($1::uuid[]);

-- name: persons_reseal :none
UPDATE persons SET sealed = anew.sealed FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS anew (id, head, sealed)
 WHERE persons.id = ANY ($1::uuid[]) AND persons.id = anew.id AND substring(persons.sealed FOR 29) = anew.head;

-- name: acts_keys :any
WITH RECURSIVE found AS (
    (SELECT key_id FROM operator_acts ORDER BY key_id LIMIT 1)
    UNION ALL
    SELECT next.* FROM found, LATERAL (
        SELECT key_id FROM operator_acts WHERE key_id > found.key_id ORDER BY key_id LIMIT 1) next)
SELECT '*' AS municipality, key_id FROM found;

-- name: acts_of_key :any
SELECT id FROM operator_acts WHERE $1 = '*' AND key_id = $2::bytea
   AND NOT EXISTS (SELECT FROM damaged_values AS d WHERE d.place = 'operator_acts' AND d.id = operator_acts.id AND d.noticed_at > $3::timestamptz)
 LIMIT $4::integer;

-- name: acts_count_of_key :one
SELECT count(*) AS named FROM operator_acts WHERE $1 = '*' AND key_id = $2::bytea;

-- name: acts_open :any
SELECT id, '*' AS municipality, 'act' AS label, sealed FROM operator_acts WHERE id = ANY ($1::uuid[]);

-- name: acts_reseal :none
UPDATE operator_acts SET sealed = anew.sealed FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS anew (id, head, sealed)
 WHERE operator_acts.id = ANY ($1::uuid[]) AND operator_acts.id = anew.id AND substring(operator_acts.sealed FOR 29) = anew.head;

-- name: staff_relations_keys :any
WITH RECURSIVE found AS (
    (SELECT municipality, key_id FROM staff_relations ORDER BY municipality, key_id LIMIT 1)
    UNION ALL
    SELECT next.* FROM found, LATERAL (
        SELECT municipality, key_id FROM staff_relations
         WHERE (municipality, key_id) > (found.municipality, found.key_id) ORDER BY municipality, key_id LIMIT 1) next)
SELECT municipality, key_id FROM found;

-- name: staff_relations_of_key :any
SELECT id FROM staff_relations WHERE municipality = $1 AND key_id = $2::bytea
   AND NOT EXISTS (SELECT FROM damaged_values AS d WHERE d.place = 'staff_relations' AND d.id = staff_relations.id AND d.noticed_at > $3::timestamptz)
 LIMIT $4::integer;

-- name: staff_relations_count :one
SELECT count(*) AS named FROM staff_relations WHERE municipality = $1 AND key_id = $2::bytea;

-- name: staff_relations_open :any
SELECT id, municipality, 'relation' AS label, sealed FROM staff_relations WHERE id = ANY ($1::uuid[]);

-- name: staff_relations_reseal :none
UPDATE staff_relations SET sealed = anew.sealed FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS anew (id, head, sealed)
 WHERE staff_relations.id = ANY ($1::uuid[]) AND staff_relations.id = anew.id AND substring(staff_relations.sealed FOR 29) = anew.head;

-- name: case_openings_keys :any
WITH RECURSIVE found AS (
    (SELECT municipality, key_id FROM case_openings WHERE sealed IS NOT NULL ORDER BY municipality, key_id LIMIT 1)
    UNION ALL
    SELECT next.* FROM found, LATERAL (
        SELECT municipality, key_id FROM case_openings
         WHERE (municipality, key_id) > (found.municipality, found.key_id) AND sealed IS NOT NULL ORDER BY municipality, key_id LIMIT 1) next)
SELECT municipality, key_id FROM found;

-- name: case_openings_of_key :any
SELECT id FROM case_openings WHERE municipality = $1 AND key_id = $2::bytea AND sealed IS NOT NULL
   AND NOT EXISTS (SELECT FROM damaged_values AS d WHERE d.place = 'case_openings' AND d.id = case_openings.id AND d.noticed_at > $3::timestamptz)
 LIMIT $4::integer;

-- name: case_openings_count :one
SELECT count(*) AS named FROM case_openings WHERE municipality = $1 AND key_id = $2::bytea AND sealed IS NOT NULL;

-- name: case_openings_open :any
SELECT id, municipality, 'opening' AS label, sealed FROM case_openings WHERE id = ANY ($1::uuid[]);

-- name: case_openings_reseal :none
UPDATE case_openings SET sealed = anew.sealed FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS anew (id, head, sealed)
 WHERE case_openings.id = ANY ($1::uuid[]) AND case_openings.id = anew.id AND substring(case_openings.sealed FOR 29) = anew.head;

-- A person's index is in two tables: their row's and that of each part they have. Both are made anew at once. A key's indexes lie
-- between its id and its id behind which nothing can come.
-- name: people_keys :any
WITH RECURSIVE found AS (
    (SELECT municipality, substring(person_index FOR 4) AS key_id FROM persons
      WHERE person_index IS NOT NULL ORDER BY municipality, person_index LIMIT 1)
    UNION ALL
    SELECT next.* FROM found, LATERAL (
        SELECT municipality, substring(person_index FOR 4) FROM persons
         WHERE person_index IS NOT NULL
           AND (municipality, person_index) > (found.municipality, found.key_id || decode(repeat('ff', 33), 'hex'))
         ORDER BY municipality, person_index LIMIT 1) next)
SELECT municipality, key_id FROM found;

-- name: people_of_key :any
SELECT id AS id FROM persons
 WHERE municipality = $1 AND person_index > $2::bytea AND person_index < $2::bytea || decode(repeat('ff', 33), 'hex')
   AND NOT EXISTS (SELECT FROM damaged_values AS d WHERE d.place = 'persons' AND d.id = persons.id AND d.noticed_at > $3::timestamptz)
 LIMIT $4::integer;

-- name: people_count :one
SELECT count(*) AS named FROM persons
 WHERE municipality = $1 AND person_index > $2::bytea AND person_index < $2::bytea || decode(repeat('ff', 33), 'hex');

-- Locked in one order, as whoever learns of people locks them.
-- name: people_open :any
SELECT id, municipality, person_index, sealed, own, said_at FROM persons WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE;

-- Who applied under the key in use before their row had come so far has a second one.
-- name: person_twin :any
SELECT id, sealed, own, said_at FROM persons WHERE municipality = $1 AND person_index = $2::bytea AND id <> $3::uuid FOR UPDATE;

-- name: person_drop :none
DELETE FROM persons WHERE id = $1::uuid AND person_index = $2::bytea;

-- name: people_reindex :none
WITH anew AS (
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::bytea[]) AS t (id, municipality, was, now)
), parts AS (
    UPDATE case_parties SET person_index = anew.now FROM anew
     WHERE case_parties.municipality = anew.municipality AND case_parties.person_index = anew.was
)
UPDATE persons SET person_index = anew.now FROM anew
 WHERE persons.id = ANY ($1::uuid[]) AND persons.id = anew.id AND persons.person_index = anew.was;

-- A part whose person's row went on without it: it was written by a program that still used the key.
-- name: parties_keys :any
WITH RECURSIVE found AS (
    (SELECT municipality, substring(person_index FOR 4) AS key_id FROM case_parties
      WHERE person_index IS NOT NULL ORDER BY municipality, person_index LIMIT 1)
    UNION ALL
    SELECT next.* FROM found, LATERAL (
        SELECT municipality, substring(person_index FOR 4) FROM case_parties
         WHERE person_index IS NOT NULL
           AND (municipality, person_index) > (found.municipality, found.key_id || decode(repeat('ff', 33), 'hex'))
         ORDER BY municipality, person_index LIMIT 1) next)
SELECT municipality, key_id FROM found;

-- name: parties_of_key :any
SELECT case_id AS id FROM case_parties
 WHERE municipality = $1 AND person_index > $2::bytea AND person_index < $2::bytea || decode(repeat('ff', 33), 'hex')
   AND NOT EXISTS (SELECT FROM damaged_values AS d WHERE d.place = 'case_parties' AND d.id = case_parties.case_id AND d.noticed_at > $3::timestamptz)
   AND NOT EXISTS (SELECT FROM persons WHERE persons.municipality = case_parties.municipality AND persons.person_index = case_parties.person_index)
 LIMIT $4::integer;

-- name: parties_count :one
SELECT count(*) AS named FROM case_parties
 WHERE municipality = $1 AND person_index > $2::bytea AND person_index < $2::bytea || decode(repeat('ff', 33), 'hex');

-- name: parties_open :any
SELECT case_parties.case_id AS id, case_parties.n, case_parties.municipality, case_parties.person_index, document_id, documents.sealed
  FROM case_parties JOIN applications ON applications.case_id = case_parties.case_id JOIN documents ON documents.id = applications.document_id
 WHERE case_parties.case_id = ANY ($1::uuid[]) AND case_parties.person_index IS NOT NULL;

-- name: parties_reindex :none
UPDATE case_parties SET person_index = anew.now
  FROM unnest($1::uuid[], $2::bigint[], $3::bytea[], $4::bytea[]) AS anew (case_id, n, was, now)
 WHERE case_parties.case_id = ANY ($1::uuid[]) AND case_parties.case_id = anew.case_id AND case_parties.n = anew.n
   AND case_parties.person_index = anew.was;
