-- SPDX-License-Identifier: EUPL-1.2
-- Which keys are named by what is kept, and what no key opens.
-- migrate:up
SET ROLE tillit_owner;

CREATE TABLE damaged_values (
    place      text NOT NULL,
    id         uuid NOT NULL,
    noticed_at timestamptz NOT NULL,
    PRIMARY KEY (place, id)
);
COMMENT ON TABLE damaged_values IS 'What could not be opened when it was to be sealed anew: it is left as it is, noticed, and tried again an '
    'hour later.';

-- Of a sealed value (common/seal/seal.h) the four bytes behind its version name its key; of a blind index its first four.
CREATE VIEW key_uses AS
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
COMMENT ON VIEW key_uses IS 'How many values name a key: what an operator asks before it leaves the ring. A row of each place where values '
    'name keys.';
RESET ROLE;

-- migrate:down
