-- SPDX-License-Identifier: EUPL-1.2

-- name: schema_version :maybe
SELECT max(version) AS version FROM schema_migrations;

-- name: heartbeat :none
INSERT INTO heartbeats (program, instance, beat_at, ready, why_not, lag_events, lag_seconds)
VALUES ($1, $2, $3::timestamptz, $4::boolean, $5, $6::bigint, $7::bigint)
ON CONFLICT (program, instance) DO UPDATE
   SET beat_at = excluded.beat_at, ready = excluded.ready, why_not = excluded.why_not,
       lag_events = excluded.lag_events, lag_seconds = excluded.lag_seconds;

-- name: heartbeat_gone :none
DELETE FROM heartbeats WHERE program = $1 AND instance = $2;
