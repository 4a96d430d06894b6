-- SPDX-License-Identifier: EUPL-1.2
-- The yardstick without HTTP: the same rows and bytes as an accepted application, all in one statement, for
--   pgbench -n -M prepared -c 64 -f tests/bench/peers/pgbench.sql
WITH made AS MATERIALIZED (
    SELECT lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') || '7' AS moment,
           md5(random()::text) AS a, md5(random()::text) AS b, md5(random()::text) AS c, md5(random()::text) AS d,
           md5(random()::text) AS e
), ids AS MATERIALIZED (
    SELECT (moment || substr(a, 1, 3) || '8' || substr(a, 4, 15))::uuid AS application,
           (moment || substr(b, 1, 3) || '8' || substr(b, 4, 15))::uuid AS case_id,
           (moment || substr(c, 1, 3) || '8' || substr(c, 4, 15))::uuid AS document,
           (moment || substr(d, 1, 3) || '8' || substr(d, 4, 15))::uuid AS access,
           (moment || substr(e, 1, 3) || '8' || substr(e, 4, 15))::uuid AS person, decode('00000000' || e || d, 'hex') AS person_index,
           'T-' || upper(substr(b, 10, 9)) AS reference FROM made
), joined AS (
    INSERT INTO idempotency_keys (client, key, request_hash, effect_id, answer, location, created_at)
    SELECT 'pgbench', application::text, decode(repeat('00', 36), 'hex'), application, rpad('', 230, 'x'),
           '/api/v1/applications/00000000-0000-0000-0000-000000000000', now() FROM ids
), kept AS (
    INSERT INTO documents (id, municipality, label, sealed)
    SELECT document, '4627', 'application', convert_to(rpad('', 2124, 'x'), 'UTF8') FROM ids
), opened AS (
    INSERT INTO cases (id, municipality, reference, status, last_seq, last_event_at, received_at)
    SELECT case_id, '4627', reference, 'RECEIVED', 1, now(), now() FROM ids
), applied AS (
    INSERT INTO applications (id, municipality, case_id, document_id, channel, language, submitter_role,
                              services, urgency, in_hospital, has_what_matters, household, received_at)
    SELECT application, '4627', case_id, document, 'api', 'nb', 'self', '{HSH}', 'none',
           false, true, 'alone', now() FROM ids
), known AS (
    INSERT INTO persons (id, municipality, person_index, sealed, own, said_at, created_at, updated_at)
    SELECT person, '4627', person_index, decode(repeat('00', 105), 'hex'), true, now(), now(), now() FROM ids
), took_part AS (
    INSERT INTO case_parties (case_id, n, municipality, person_index, parts, since)
    SELECT case_id, 1, '4627', person_index, '{submitter,applicant,recipient}', now() FROM ids
), said AS (
    INSERT INTO events (case_id, case_seq, municipality, type, source, data, occurred_at, traceparent)
    SELECT case_id, 1, '4627', 'no.tillit.application.received.v1', 'tillit/api',
           '{"application_id": "00000000-0000-0000-0000-000000000000","channel": "api","language": "nb","submitter_role": "self","services": ["HSH"],"urgency": "none","in_hospital": false,"has_what_matters": true}',
           now(), '00-00000000000000000000000000000001-0000000000000001-01' FROM ids
), accessed AS (
    INSERT INTO access_log (id, municipality, at, kind, who, what, act, case_id, request_id, mac, name)
    SELECT access, '4627', now(), 'system', '0192:310123455', 'application', 'write', case_id, document, decode(repeat('00', 36), 'hex'), 'Et prøvesystem' FROM ids
), unchained AS (
    INSERT INTO access_unchained (municipality, access_id) SELECT '4627', access FROM ids
)
INSERT INTO unsent (case_id, case_seq) SELECT case_id, 1 FROM ids;
