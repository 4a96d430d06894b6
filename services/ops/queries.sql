-- SPDX-License-Identifier: EUPL-1.2
-- name: programs_look :any
SELECT program, instance, ready, why_not, lag_events, lag_seconds, beat_at > $1::timestamptz AS beats
  FROM heartbeats ORDER BY program, instance;

-- name: unsent_look :one
SELECT count(*) AS unsent FROM unsent;

-- name: key_uses_look :any
SELECT place, purpose, key, named FROM key_uses ORDER BY purpose, key, place;

-- name: damaged_look :any
SELECT place, count(*) AS damaged FROM damaged_values GROUP BY place ORDER BY place;
