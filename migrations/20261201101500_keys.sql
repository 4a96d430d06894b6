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

CREATE TABLE sealed_places (
    "table" text NOT NULL,
    "column" text NOT NULL,
    purpose text NOT NULL,   -- of the key: seal, index, idempotency
    key_id  text NOT NULL,   -- where the row has it
    PRIMARY KEY ("table", "column")
);
COMMENT ON TABLE sealed_places IS 'Where values name keys: a copy of common/seal/seal.def, compared by a test.';

CREATE FUNCTION sealed_places_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE (SELECT 'CREATE OR REPLACE VIEW key_uses AS SELECT place, purpose, encode(key_id, ''hex'') AS key, count(*) AS named FROM ('
                    || string_agg(format('SELECT %L AS place, %L AS purpose, %s AS key_id FROM %I WHERE %s IS NOT NULL',
                                         "table", purpose, key_id, "table", key_id), ' UNION ALL ' ORDER BY purpose, "table")
                    || ') uses GROUP BY place, purpose, key_id' FROM sealed_places);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION sealed_places_made IS 'Makes key_uses of the rows of sealed_places.';
CREATE TRIGGER sealed_places_made AFTER INSERT OR UPDATE OR DELETE ON sealed_places
    FOR EACH STATEMENT EXECUTE FUNCTION sealed_places_made();

-- Of a sealed value (common/seal/seal.h) the four bytes behind its version name its key; of a blind index its first four.
INSERT INTO sealed_places ("table", "column", purpose, key_id)
VALUES ('documents',        'sealed',       'seal',        'key_id'),
       ('parked_events',    'sealed',       'seal',        'key_id'),
       ('operator_acts',    'sealed',       'seal',        'key_id'),
       ('persons',          'sealed',       'seal',        'key_id'),
       ('staff_relations',  'sealed',       'seal',        'key_id'),
       ('case_openings',    'sealed',       'seal',        'key_id'),
       ('sessions',         'sealed',       'seal',        'substring(sealed FROM 2 FOR 4)'),
       ('access_log',       'reason',       'seal',        'substring(reason FROM 2 FOR 4)'),
       ('persons',          'person_index', 'index',       'substring(person_index FOR 4)'),
       ('case_parties',     'person_index', 'index',       'substring(person_index FOR 4)'),
       ('idempotency_keys', 'request_hash', 'idempotency', 'substring(request_hash FOR 4)');
COMMENT ON VIEW key_uses IS 'How many values name a key: what an operator asks before it leaves the ring.';
RESET ROLE;

-- migrate:down
