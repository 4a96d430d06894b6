-- SPDX-License-Identifier: EUPL-1.2
-- What keeps the house: people, keys, chains. The statements that find, open and swap what is sealed are made in places.c.

-- What was applied for, to be read for whom it names.
-- name: application_of :maybe
SELECT applications.municipality, applications.received_at, document_id, documents.sealed
  FROM applications JOIN documents ON documents.id = applications.document_id WHERE applications.case_id = $1::uuid;

-- Those of the people that other applications have told of, locked in one order.
-- name: persons_told :any
SELECT id, person_index, sealed, own, said_at FROM persons
 WHERE municipality = $1 AND person_index = ANY ($2::bytea[]) AND said_at <> $3::timestamptz
 ORDER BY id FOR NO KEY UPDATE;

-- name: person_learn :one
UPDATE persons SET sealed = $2::bytea, own = $3::boolean, said_at = $4::timestamptz, updated_at = $5::timestamptz
 WHERE id = $1::uuid RETURNING id;

-- name: damage_note :none
INSERT INTO damaged_values (place, id, noticed_at) SELECT DISTINCT $1, unnest($2::uuid[]), $3::timestamptz
ON CONFLICT (place, id) DO UPDATE SET noticed_at = excluded.noticed_at;

-- name: damage_forget :none
DELETE FROM damaged_values WHERE place = $1 AND id = ANY ($2::uuid[]);

-- A person's index is in two tables: their row's and that of each part they have. Both are made anew at once.
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

-- name: parties_open :any
SELECT case_parties.case_id AS id, case_parties.n, case_parties.municipality, case_parties.person_index, document_id, documents.sealed
  FROM case_parties JOIN applications ON applications.case_id = case_parties.case_id JOIN documents ON documents.id = applications.document_id
 WHERE case_parties.case_id = ANY ($1::uuid[]) AND case_parties.person_index IS NOT NULL;

-- name: parties_reindex :none
UPDATE case_parties SET person_index = anew.now
  FROM unnest($1::uuid[], $2::bigint[], $3::bytea[], $4::bytea[]) AS anew (case_id, n, was, now)
 WHERE case_parties.case_id = ANY ($1::uuid[]) AND case_parties.case_id = anew.case_id AND case_parties.n = anew.n
   AND case_parties.person_index = anew.was;

-- name: keys_expire :none
DELETE FROM idempotency_keys WHERE created_at < $1::timestamptz;

-- Whose chains are behind.
-- name: access_unchained_of :any
SELECT DISTINCT municipality FROM access_unchained ORDER BY municipality;

-- One instance at a time, until its transaction ends. The first number says what is locked: an access chain.
-- name: access_chain_lock :one
SELECT pg_try_advisory_xact_lock(27118, $1::text::integer) AS locked;

-- name: access_head :maybe
SELECT n, h FROM access_chain WHERE municipality = $1 ORDER BY n DESC LIMIT 1;

-- Only who holds the lock takes, so a place in the table stays what it was. A row that is gone is chained as gone.
-- name: access_take :any
WITH taken AS (
    DELETE FROM access_unchained
     WHERE ctid = ANY (ARRAY(SELECT ctid FROM access_unchained WHERE municipality = $1 LIMIT $2::integer))
    RETURNING access_id
)
SELECT taken.access_id, access_log.mac
  FROM taken LEFT JOIN access_log ON access_log.municipality = $1 AND access_log.id = taken.access_id
 ORDER BY taken.access_id;

-- name: access_chain_add :none
INSERT INTO access_chain (municipality, n, access_id, h)
SELECT $1, * FROM unnest($2::bigint[], $3::uuid[], $4::bytea[]);
