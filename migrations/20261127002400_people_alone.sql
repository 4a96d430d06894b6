-- SPDX-License-Identifier: EUPL-1.2
-- Whose an application is, case_parties alone says: no released version wrote it anywhere else, and one place fewer names a person.
-- migrate:up
SET ROLE tillit_owner;
CREATE OR REPLACE VIEW key_uses AS
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
    UNION ALL SELECT 'idempotency_keys', 'idempotency', substring(request_hash FOR 4) FROM idempotency_keys) uses
 GROUP BY place, purpose, key_id;
REVOKE UPDATE (applicant_index, submitter_index) ON applications FROM tillit_letters;
DELETE FROM role_grants WHERE role = 'tillit_letters' AND "table" = 'applications' AND privilege = 'UPDATE';
ALTER TABLE applications DROP COLUMN applicant_index, DROP COLUMN submitter_index;
RESET ROLE;

-- migrate:down
SET ROLE tillit_owner;
ALTER TABLE applications ADD COLUMN applicant_index bytea, ADD COLUMN submitter_index bytea;
CREATE INDEX applications_by_applicant ON applications (municipality, applicant_index) WHERE applicant_index IS NOT NULL;
CREATE INDEX applications_by_submitter ON applications (municipality, submitter_index) WHERE submitter_index IS NOT NULL;
INSERT INTO role_grants (role, "table", privilege, columns) VALUES
    ('tillit_letters', 'applications', 'UPDATE', ARRAY['applicant_index', 'submitter_index']);
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
    UNION ALL SELECT 'applicants', 'index', substring(applicant_index FOR 4) FROM applications WHERE applicant_index IS NOT NULL
    UNION ALL SELECT 'submitters', 'index', substring(submitter_index FOR 4) FROM applications WHERE submitter_index IS NOT NULL
    UNION ALL SELECT 'idempotency_keys', 'idempotency', substring(request_hash FOR 4) FROM idempotency_keys) uses
 GROUP BY place, purpose, key_id;
RESET ROLE;
