-- SPDX-License-Identifier: EUPL-1.2

-- name: key_read :maybe
SELECT request_hash, answer, location, etag, created_at FROM idempotency_keys WHERE client = $1 AND key = $2;

-- name: once_read :maybe
SELECT request_hash, answer, location, etag, created_at FROM idempotency_keys
 WHERE client = $1 AND request_hash = $2::bytea AND once_until > $3::timestamptz
 ORDER BY created_at DESC LIMIT 1;

-- name: key_join :one
WITH joined AS (
    INSERT INTO idempotency_keys (client, key, request_hash, effect_id, answer, location, etag, created_at)
    VALUES ($1, $2, $3::bytea, $4::uuid, '', '', NULL, $5::timestamptz)
    ON CONFLICT (client, key) DO NOTHING RETURNING effect_id)
SELECT count(*) AS fresh FROM joined;

-- name: key_answer :none
UPDATE idempotency_keys SET answer = $3, location = $4, etag = $5 WHERE client = $1 AND key = $2;
