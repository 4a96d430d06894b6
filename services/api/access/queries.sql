-- SPDX-License-Identifier: EUPL-1.2

-- The access log, the latest first: ids are made in the order of time.
-- name: access_of_case :any
SELECT id AS access_id, id AS document_id, at, municipality, kind, who, name, unit, role, act, what, case_id, reason AS sealed, request_id FROM access_log
 WHERE case_id = $1::uuid AND ($2::text IS NULL OR who = $2) AND id >= $3::uuid AND id < $4::uuid
 ORDER BY id DESC LIMIT $5::integer;

-- name: access_search :any
SELECT id AS access_id, id AS document_id, at, municipality, kind, who, name, unit, role, act, what, case_id, reason AS sealed, request_id FROM access_log
 WHERE $1::uuid IS NULL AND ($2::text IS NULL OR who = $2) AND id >= $3::uuid AND id < $4::uuid
 ORDER BY id DESC LIMIT $5::integer;
