-- SPDX-License-Identifier: EUPL-1.2
-- What was applied for, as it was sent, and that nothing is taken in twice.
-- migrate:up
SET ROLE tillit_owner;

-- An application of the usual size stays in its row: cut into TOAST chunks it cost a sixth of every accept.
-- Ciphertext does not compress, so it is stored as it is.
CREATE TABLE documents (
    id           uuid PRIMARY KEY,
    municipality text NOT NULL REFERENCES municipalities,
    label        text NOT NULL,      -- a row of common/seal/seal.def
    sealed       bytea NOT NULL,
    key_id       bytea NOT NULL GENERATED ALWAYS AS (substring(sealed FROM 2 FOR 4)) STORED
) WITH (toast_tuple_target = 8160);
ALTER TABLE documents ALTER COLUMN sealed SET STORAGE EXTERNAL;
COMMENT ON TABLE documents IS 'Applications and letters, sealed (layout: common/seal/seal.h). key_id, here and elsewhere: the key that '
    'sealed it, so that the values of a key that is no longer in use are found without reading all the others.';
CREATE INDEX documents_by_key ON documents (municipality, key_id);

CREATE TABLE applications (
    id              uuid PRIMARY KEY,
    municipality    text NOT NULL,
    case_id         uuid NOT NULL UNIQUE REFERENCES cases,
    document_id     uuid NOT NULL REFERENCES documents,
    channel         text NOT NULL CHECK (channel IN ('web', 'api', 'hospital', 'phone', 'paper', 'oral')),
    language        text NOT NULL,
    submitter_role  text NOT NULL,
    services        text[] NOT NULL,
    urgency         text NOT NULL,
    in_hospital     boolean NOT NULL,
    has_what_matters boolean NOT NULL,
    household       text NOT NULL,
    received_at     timestamptz NOT NULL
);
COMMENT ON TABLE applications IS 'What was applied for, in codes; what people wrote is a sealed document, and who they are stands in case_parties.';

CREATE TABLE idempotency_keys (
    client         text NOT NULL,
    key            text NOT NULL,
    request_hash   bytea NOT NULL,   -- keyed
    effect_id      uuid NOT NULL,    -- the application or contact that it made
    answer         text NOT NULL,
    location       text NOT NULL,
    etag           text,
    created_at     timestamptz NOT NULL,
    once_until     timestamptz,      -- NULL: each is meant
    PRIMARY KEY (client, key),
    -- What a person sends by the form they send once: the same request of theirs, whatever its key, is no second
    -- application while the first is fresh.
    CONSTRAINT idempotency_keys_once
        EXCLUDE USING gist (client WITH =, request_hash WITH =, tstzrange(created_at, once_until) WITH &&) WHERE (once_until IS NOT NULL)
) WITH (fillfactor = 70);
COMMENT ON TABLE idempotency_keys IS 'A request that creates joins its key first, and who asks again gets the same answer; kept 30 days. '
    'Of the request a keyed digest is compared; the answer holds ids and codes only.';
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

SELECT keep_tenants_apart(name::regclass) FROM unnest(ARRAY['documents', 'applications']) name;
RESET ROLE;

-- migrate:down
