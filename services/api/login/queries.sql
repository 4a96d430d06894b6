-- SPDX-License-Identifier: EUPL-1.2

-- A login that a browser begins; those that nobody came back from in time ($4) go.
-- name: login_begin :none
WITH late AS (DELETE FROM logins WHERE begun_at < $4::timestamptz)
INSERT INTO logins (secret_hash, municipality, begun_at) VALUES ($1::bytea, $2, $3::timestamptz);

-- It is taken once, on the listener where it began: a citizen's has no municipality.
-- name: login_take :maybe
DELETE FROM logins WHERE secret_hash = $1::bytea AND begun_at >= $2::timestamptz AND (municipality IS NULL) = $3::boolean
RETURNING municipality;

-- Of staff who come in the row is brought up to date, or made: then with a name that no other has.
-- name: staff_come_in :one
WITH known AS (
    UPDATE staff SET unit = $5 WHERE municipality = $2 AND subject = $3 RETURNING id
), fresh AS (
    INSERT INTO staff (id, municipality, subject, name, unit, role)
    SELECT $1::uuid, $2, $3, CASE WHEN EXISTS (SELECT FROM staff WHERE municipality = $2 AND name = $4) THEN $4 || ' (' || $3 || ')' ELSE $4 END, $5, $6
     WHERE NOT EXISTS (SELECT FROM known) RETURNING id
)
SELECT id FROM known UNION ALL SELECT id FROM fresh;

-- Sessions that began ($1) or were last seen ($2) too long ago go; of citizens, then of staff ($3, $4).
-- name: sessions_forget :none
DELETE FROM sessions
 WHERE (staff_id IS NULL AND (begun_at < $1::timestamptz OR seen_at < $2::timestamptz))
    OR (staff_id IS NOT NULL AND (begun_at < $3::timestamptz OR seen_at < $4::timestamptz));

-- name: session_begin :none
INSERT INTO sessions (id, secret_hash, sealed, issuer_hash, begun_at, seen_at, staff_id, municipality, name, unit, roles)
VALUES ($1::uuid, $2::bytea, $3::bytea, $4::bytea, $5::timestamptz, $5::timestamptz, $6::uuid, $7, $8, $9, $10::text[]);

-- Whose it is, staff's ($5) or a citizen's; that they were here is noted once a minute.
-- One begun under a clock that was set back since would outlive its time: it has ended.
-- name: session_use :maybe
WITH found AS (
    SELECT id, sealed, seen_at, staff_id, municipality, name, unit, roles FROM sessions
     WHERE secret_hash = $1::bytea AND begun_at >= $3::timestamptz AND seen_at >= $4::timestamptz
       AND seen_at < $2::timestamptz + interval '1 minute'
       AND (staff_id IS NOT NULL) = $5::boolean
), seen AS (
    UPDATE sessions SET seen_at = $2::timestamptz FROM found
     WHERE sessions.id = found.id AND found.seen_at < $2::timestamptz - interval '1 minute'
)
SELECT id, sealed, staff_id, municipality, name, unit, roles FROM found;

-- name: session_end :none
DELETE FROM sessions WHERE secret_hash = $1::bytea;

-- name: session_end_of :none
DELETE FROM sessions WHERE issuer_hash = $1::bytea AND begun_at <= $2::timestamptz;
