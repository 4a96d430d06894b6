-- SPDX-License-Identifier: EUPL-1.2
-- Which key a value names, so that the values of a key that is no longer in use are found without reading all the others.
-- migrate:up
SET ROLE tillit_owner;
-- Of a sealed value (common/seal/seal.h) the four bytes behind its version; of a blind index its first four.
ALTER TABLE documents ADD COLUMN key_id bytea NOT NULL GENERATED ALWAYS AS (substring(sealed FROM 2 FOR 4)) STORED;
ALTER TABLE parked_events ADD COLUMN key_id bytea NOT NULL GENERATED ALWAYS AS (substring(sealed FROM 2 FOR 4)) STORED;
ALTER TABLE persons ADD COLUMN key_id bytea NOT NULL GENERATED ALWAYS AS (substring(sealed FROM 2 FOR 4)) STORED;
ALTER TABLE staff_relations ADD COLUMN key_id bytea NOT NULL GENERATED ALWAYS AS (substring(sealed FROM 2 FOR 4)) STORED;
ALTER TABLE case_openings ADD COLUMN key_id bytea GENERATED ALWAYS AS (substring(sealed FROM 2 FOR 4)) STORED;
CREATE INDEX persons_by_key ON persons (municipality, key_id);
CREATE INDEX staff_relations_by_key ON staff_relations (municipality, key_id);
CREATE INDEX case_openings_by_key ON case_openings (municipality, key_id) WHERE sealed IS NOT NULL;
CREATE INDEX case_parties_by_municipality ON case_parties (municipality, person_index) WHERE person_index IS NOT NULL;
CREATE INDEX documents_by_key ON documents (municipality, key_id);
CREATE INDEX parked_events_by_key ON parked_events (key_id);
-- Applications of the version before, which named people by themselves.
CREATE INDEX applications_by_applicant ON applications (municipality, applicant_index) WHERE applicant_index IS NOT NULL;
CREATE INDEX applications_by_submitter ON applications (municipality, submitter_index) WHERE submitter_index IS NOT NULL;

-- What could not be opened when it was to be sealed anew: it is left as it is, noticed, and tried again an hour later.
CREATE TABLE damaged_values (
    place      text NOT NULL,
    id         uuid NOT NULL,
    noticed_at timestamptz NOT NULL,
    PRIMARY KEY (place, id)
);

-- How many values name a key: what an operator asks before it leaves the ring. A row of each place where values name keys.
CREATE VIEW key_uses AS
SELECT place, purpose, encode(key_id, 'hex') AS key, count(*) AS named FROM (
    SELECT 'documents' AS place, 'seal' AS purpose, key_id FROM documents
    UNION ALL SELECT 'parked_events', 'seal', key_id FROM parked_events
    UNION ALL SELECT 'sessions', 'seal', substring(sealed FROM 2 FOR 4) FROM sessions
    UNION ALL SELECT 'persons', 'seal', key_id FROM persons
    UNION ALL SELECT 'staff_relations', 'seal', key_id FROM staff_relations
    UNION ALL SELECT 'case_openings', 'seal', key_id FROM case_openings WHERE sealed IS NOT NULL
    UNION ALL SELECT 'access_log', 'seal', substring(reason FROM 2 FOR 4) FROM access_log WHERE reason IS NOT NULL -- is as it was written, for good
    UNION ALL SELECT 'persons', 'index', substring(person_index FOR 4) FROM persons WHERE person_index IS NOT NULL
    UNION ALL SELECT 'case_parties', 'index', substring(person_index FOR 4) FROM case_parties WHERE person_index IS NOT NULL
    UNION ALL SELECT 'applicants', 'index', substring(applicant_index FOR 4) FROM applications WHERE applicant_index IS NOT NULL
    UNION ALL SELECT 'submitters', 'index', substring(submitter_index FOR 4) FROM applications WHERE submitter_index IS NOT NULL
    UNION ALL SELECT 'idempotency_keys', 'idempotency', substring(request_hash FOR 4) FROM idempotency_keys) uses
 GROUP BY place, purpose, key_id;

-- letters opens what people wrote already; it alone seals it anew. Nobody else reads a parked event's bytes.
REVOKE SELECT, UPDATE ON parked_events FROM tillit_letters;
DELETE FROM role_grants WHERE role = 'tillit_letters' AND ("table" = 'parked_events' AND privilege IN ('SELECT', 'UPDATE')
                                                       OR "table" = 'persons' AND privilege = 'UPDATE');
INSERT INTO role_grants (role, "table", privilege, columns) VALUES
    ('tillit_letters', 'parked_events',  'SELECT', ARRAY['id', 'consumer', 'case_id', 'case_seq', 'problem', 'attempts', 'closed_at', 'closed_how', 'sealed', 'key_id']),
    ('tillit_letters', 'parked_events',  'UPDATE', ARRAY['problem', 'detail', 'attempts', 'closed_at', 'closed_how', 'sealed']),
    ('tillit_letters', 'documents',      'UPDATE', ARRAY['sealed']),
    ('tillit_letters', 'applications',   'UPDATE', ARRAY['applicant_index', 'submitter_index']),
    ('tillit_letters', 'persons',        'UPDATE', ARRAY['person_index', 'sealed', 'own', 'said_at', 'updated_at']),
    ('tillit_letters', 'persons',        'DELETE', NULL),
    ('tillit_letters', 'case_parties',   'UPDATE', ARRAY['person_index']),
    ('tillit_letters', 'staff_relations', 'SELECT', ARRAY['id', 'municipality', 'sealed', 'key_id']),
    ('tillit_letters', 'staff_relations', 'UPDATE', ARRAY['sealed']),
    ('tillit_letters', 'case_openings',  'SELECT', ARRAY['id', 'municipality', 'sealed', 'key_id']),
    ('tillit_letters', 'case_openings',  'UPDATE', ARRAY['sealed']),
    ('tillit_letters', 'damaged_values', 'SELECT', NULL),
    ('tillit_letters', 'damaged_values', 'INSERT', NULL),
    ('tillit_letters', 'damaged_values', 'UPDATE', ARRAY['noticed_at']),
    ('tillit_letters', 'damaged_values', 'DELETE', NULL),
    ('tillit_ops',     'damaged_values', 'SELECT', NULL),
    ('tillit_ops',     'key_uses',       'SELECT', NULL);
RESET ROLE;

-- migrate:down
SET ROLE tillit_owner;
REVOKE SELECT, UPDATE ON parked_events FROM tillit_letters;
REVOKE ALL ON staff_relations, case_openings FROM tillit_letters;
REVOKE DELETE, UPDATE (person_index) ON persons FROM tillit_letters;
REVOKE UPDATE (person_index) ON case_parties FROM tillit_letters;
REVOKE UPDATE (sealed) ON documents FROM tillit_letters;
REVOKE UPDATE (applicant_index, submitter_index) ON applications FROM tillit_letters;
DELETE FROM role_grants WHERE "table" IN ('damaged_values', 'key_uses')
    OR role = 'tillit_letters' AND ("table" = 'parked_events' AND privilege IN ('SELECT', 'UPDATE')
                                 OR "table" IN ('documents', 'applications', 'persons', 'case_parties') AND privilege = 'UPDATE'
                                 OR "table" = 'persons' AND privilege = 'DELETE' OR "table" IN ('staff_relations', 'case_openings'));
DROP VIEW key_uses;
DROP TABLE damaged_values;
DROP INDEX applications_by_submitter, applications_by_applicant, case_parties_by_municipality;
ALTER TABLE persons DROP COLUMN key_id;
ALTER TABLE staff_relations DROP COLUMN key_id;
ALTER TABLE case_openings DROP COLUMN key_id;
ALTER TABLE parked_events DROP COLUMN key_id;
ALTER TABLE documents DROP COLUMN key_id;
INSERT INTO role_grants (role, "table", privilege, columns) VALUES
    ('tillit_letters', 'parked_events', 'SELECT', ARRAY['id', 'consumer', 'case_id', 'case_seq', 'problem', 'attempts', 'closed_at', 'closed_how']),
    ('tillit_letters', 'parked_events', 'UPDATE', ARRAY['problem', 'detail', 'attempts', 'closed_at', 'closed_how']),
    ('tillit_letters', 'persons', 'UPDATE', ARRAY['sealed', 'own', 'said_at', 'updated_at']);
RESET ROLE;
