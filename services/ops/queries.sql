-- SPDX-License-Identifier: EUPL-1.2
-- name: programs_look :any
SELECT program, instance, ready, why_not, lag_events, lag_seconds, beat_at > $1::timestamptz AS beats
  FROM heartbeats ORDER BY program, instance;

-- name: unsent_look :one
SELECT count(*) AS unsent FROM unsent;

-- The access log and its chain, page by page in the order of their keys.
-- name: audit_rows :any
SELECT log.id, log.municipality, log.at, log.kind, log.who, log.name, log.unit, log.role, log.what, log.act, log.case_id,
       log.reason, log.request_id, log.mac, access_chain.n
  FROM (SELECT * FROM access_log WHERE (municipality, id) > ($1, $2::uuid) ORDER BY municipality, id LIMIT $3::integer) log
  LEFT JOIN access_chain ON access_chain.municipality = log.municipality AND access_chain.access_id = log.id
 ORDER BY log.municipality, log.id;

-- name: audit_links :any
SELECT chain.municipality, chain.n, chain.access_id, chain.h, access_log.mac
  FROM (SELECT * FROM access_chain WHERE (municipality, n) > ($1, $2::bigint) ORDER BY municipality, n LIMIT $3::integer) chain
  LEFT JOIN access_log ON access_log.municipality = chain.municipality AND access_log.id = chain.access_id
 ORDER BY chain.municipality, chain.n;

-- name: audit_roots :any
SELECT said.place, said.municipality, said.n, access_chain.h
  FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS said (municipality, n, place)
  LEFT JOIN access_chain USING (municipality, n);
