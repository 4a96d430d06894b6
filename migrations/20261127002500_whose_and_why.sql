-- SPDX-License-Identifier: EUPL-1.2
-- Whose case a parked event is of: a municipality's operators see and drive their own, and those of nobody. And why an operator
-- acted is sealed, as all is that somebody wrote.
-- migrate:up
SET ROLE tillit_owner;
ALTER TABLE parked_events ADD COLUMN municipality text;  -- NULL: a record that the log lacks
UPDATE parked_events SET municipality = events.municipality FROM events
 WHERE events.case_id = parked_events.case_id AND events.case_seq = parked_events.case_seq;
ALTER TABLE parked_events ADD CHECK ((case_id IS NULL) = (municipality IS NULL));

ALTER TABLE operator_acts ADD COLUMN municipality text,  -- whom it is about; NULL: an act that concerns all
                          ADD COLUMN sealed bytea NOT NULL DEFAULT '';  -- why; empty: of a time when that was not kept so
ALTER TABLE operator_acts ALTER COLUMN sealed DROP DEFAULT, DROP COLUMN why,
                          ADD COLUMN key_id bytea NOT NULL GENERATED ALWAYS AS (substring(sealed FROM 2 FOR 4)) STORED;
CREATE INDEX operator_acts_by_key ON operator_acts (key_id);
ALTER TABLE worker_pauses DROP COLUMN why;               -- the act says it

DO $$
DECLARE
    whose text;
BEGIN
    FOREACH whose IN ARRAY ARRAY['parked_events', 'operator_acts'] LOOP
        PERFORM keep_tenants_apart(whose::regclass);
        EXECUTE format('ALTER POLICY staff ON %I USING (municipality IS NULL OR municipality = ANY (seen_municipalities()))'
                       ' WITH CHECK (municipality IS NULL OR municipality = ANY (seen_municipalities()))', whose);
        EXECUTE format('CREATE POLICY operator ON %I TO tillit_ops USING (true) WITH CHECK (true)', whose);
    END LOOP;
END
$$;

CREATE OR REPLACE VIEW key_uses AS
SELECT place, purpose, encode(key_id, 'hex') AS key, count(*) AS named FROM (
    SELECT 'documents' AS place, 'seal' AS purpose, key_id FROM documents
    UNION ALL SELECT 'parked_events', 'seal', key_id FROM parked_events
    UNION ALL SELECT 'operator_acts', 'seal', key_id FROM operator_acts WHERE length(sealed) > 0
    UNION ALL SELECT 'sessions', 'seal', substring(sealed FROM 2 FOR 4) FROM sessions
    UNION ALL SELECT 'persons', 'seal', key_id FROM persons
    UNION ALL SELECT 'staff_relations', 'seal', key_id FROM staff_relations
    UNION ALL SELECT 'case_openings', 'seal', key_id FROM case_openings WHERE sealed IS NOT NULL
    UNION ALL SELECT 'access_log', 'seal', substring(reason FROM 2 FOR 4) FROM access_log WHERE reason IS NOT NULL -- is as it was written, for good
    UNION ALL SELECT 'persons', 'index', substring(person_index FOR 4) FROM persons WHERE person_index IS NOT NULL
    UNION ALL SELECT 'case_parties', 'index', substring(person_index FOR 4) FROM case_parties WHERE person_index IS NOT NULL
    UNION ALL SELECT 'idempotency_keys', 'idempotency', substring(request_hash FOR 4) FROM idempotency_keys) uses
 GROUP BY place, purpose, key_id;

-- A worker does what is asked for, whyever.
REVOKE SELECT ON operator_acts FROM tillit_triage, tillit_scheduling, tillit_letters, tillit_metrics;
REVOKE SELECT ON parked_events FROM tillit_api, tillit_ops;
DELETE FROM role_grants WHERE "table" = 'operator_acts' AND privilege = 'SELECT' AND role NOT IN ('tillit_api', 'tillit_ops')
                           OR "table" = 'operator_acts' AND privilege = 'UPDATE' AND role = 'tillit_letters'
                           OR "table" = 'parked_events' AND privilege = 'SELECT' AND role IN ('tillit_api', 'tillit_ops');
INSERT INTO role_grants (role, "table", privilege, columns)
SELECT 'tillit_' || worker, 'operator_acts', 'SELECT', ARRAY['id', 'act', 'consumer', 'parked_id', 'not_before', 'taken_at', 'tries', 'done_at']
  FROM unnest(ARRAY['triage', 'scheduling', 'metrics']) worker
UNION ALL
SELECT role, 'parked_events', 'SELECT',
       ARRAY['id', 'municipality', 'consumer', 'case_id', 'case_seq', 'type', 'topic', 'partition', 'offset', 'problem', 'detail', 'attempts',
             'parked_at', 'closed_at', 'closed_how']
  FROM unnest(ARRAY['tillit_api', 'tillit_ops']) role
UNION ALL
SELECT 'tillit_letters', 'operator_acts', privilege, columns
  FROM (VALUES ('SELECT', ARRAY['id', 'act', 'consumer', 'parked_id', 'not_before', 'taken_at', 'tries', 'done_at', 'sealed', 'key_id']),
               ('UPDATE', ARRAY['taken_at', 'tries', 'done_at', 'outcome', 'detail', 'says', 'then_types', 'sealed'])) own (privilege, columns);
RESET ROLE;

-- migrate:down
SET ROLE tillit_owner;
CREATE OR REPLACE VIEW key_uses AS
SELECT place, purpose, encode(key_id, 'hex') AS key, count(*) AS named FROM (
    SELECT 'documents' AS place, 'seal' AS purpose, key_id FROM documents
    UNION ALL SELECT 'parked_events', 'seal', key_id FROM parked_events
    UNION ALL SELECT 'sessions', 'seal', substring(sealed FROM 2 FOR 4) FROM sessions
    UNION ALL SELECT 'persons', 'seal', key_id FROM persons
    UNION ALL SELECT 'staff_relations', 'seal', key_id FROM staff_relations
    UNION ALL SELECT 'case_openings', 'seal', key_id FROM case_openings WHERE sealed IS NOT NULL
    UNION ALL SELECT 'access_log', 'seal', substring(reason FROM 2 FOR 4) FROM access_log WHERE reason IS NOT NULL
    UNION ALL SELECT 'persons', 'index', substring(person_index FOR 4) FROM persons WHERE person_index IS NOT NULL
    UNION ALL SELECT 'case_parties', 'index', substring(person_index FOR 4) FROM case_parties WHERE person_index IS NOT NULL
    UNION ALL SELECT 'idempotency_keys', 'idempotency', substring(request_hash FOR 4) FROM idempotency_keys) uses
 GROUP BY place, purpose, key_id;

REVOKE SELECT, UPDATE ON operator_acts FROM tillit_triage, tillit_scheduling, tillit_letters, tillit_metrics;
REVOKE SELECT ON parked_events FROM tillit_api, tillit_ops;
DELETE FROM role_grants WHERE "table" = 'operator_acts' AND role NOT IN ('tillit_api', 'tillit_ops')
                           OR "table" = 'parked_events' AND privilege = 'SELECT' AND role IN ('tillit_api', 'tillit_ops');
DO $$
DECLARE
    whose text;
    policy text;
BEGIN
    FOREACH whose IN ARRAY ARRAY['parked_events', 'operator_acts'] LOOP
        FOREACH policy IN ARRAY ARRAY['owner', 'worker', 'staff', 'intake', 'operator'] LOOP
            EXECUTE format('DROP POLICY %I ON %I', policy, whose);
        END LOOP;
        EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY', whose);
        EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY', whose);
    END LOOP;
END
$$;
ALTER TABLE worker_pauses ADD COLUMN why text NOT NULL DEFAULT 'sealed';
ALTER TABLE worker_pauses ALTER COLUMN why DROP DEFAULT;
ALTER TABLE operator_acts DROP COLUMN key_id, DROP COLUMN sealed, DROP COLUMN municipality,
                          ADD COLUMN why text NOT NULL DEFAULT 'sealed' CHECK (length(why) BETWEEN 3 AND 500);
ALTER TABLE operator_acts ALTER COLUMN why DROP DEFAULT;
ALTER TABLE parked_events DROP COLUMN municipality;
INSERT INTO role_grants (role, "table", privilege, columns)
SELECT 'tillit_' || worker, 'operator_acts', privilege, columns
  FROM unnest(ARRAY['triage', 'scheduling', 'letters', 'metrics']) worker,
       (VALUES ('SELECT', NULL::text[]),
               ('UPDATE', ARRAY['taken_at', 'tries', 'done_at', 'outcome', 'detail', 'says', 'then_types'])) t (privilege, columns)
UNION ALL
SELECT role, 'parked_events', 'SELECT',
       ARRAY['id', 'consumer', 'case_id', 'case_seq', 'type', 'topic', 'partition', 'offset', 'problem', 'detail', 'attempts',
             'parked_at', 'closed_at', 'closed_how']
  FROM unnest(ARRAY['tillit_api', 'tillit_ops']) role;
RESET ROLE;
