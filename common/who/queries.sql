-- SPDX-License-Identifier: EUPL-1.2

-- What was looked at, and that the chain does not hold it yet.
-- name: access_add :none
WITH input AS (
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
                         $10::timestamptz[], $11::uuid[], $12::bytea[], $13::uuid[], $14::bytea[])
      AS t (id, municipality, kind, who, name, unit, role, what, act, at, case_id, reason, request_id, mac)
), queued AS (
    INSERT INTO access_unchained (municipality, access_id) SELECT municipality, id FROM input
)
INSERT INTO access_log (id, municipality, kind, who, name, unit, role, what, act, at, case_id, reason, request_id, mac)
SELECT * FROM input;

-- The case that an id stands for: its own, or its application's.
-- name: access_find :maybe
SELECT id AS case_id, municipality FROM cases WHERE id = $1::uuid
UNION ALL SELECT case_id, municipality FROM applications WHERE id = $1::uuid LIMIT 1;

-- What the transaction's user may see (row-level security); NULL = every municipality that is served.
-- name: tenants_set :any
SELECT set_config('tillit.municipalities', coalesce($1, (SELECT string_agg(number, ',') FROM municipalities)), true);
