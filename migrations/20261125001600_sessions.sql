-- SPDX-License-Identifier: EUPL-1.2
-- Citizens who log in. What opens a login or a session is a secret of the browser's; its hash alone is kept. Rows are gone
-- when they have ended: who logged in, and what they did, is the access log's to keep.
-- migrate:up
SET ROLE tillit_owner;
-- Begun, and not yet come back from the issuer; each is good once.
CREATE TABLE logins (
    secret_hash bytea PRIMARY KEY CHECK (length(secret_hash) = 32),
    back        text NOT NULL,      -- the page that they came for
    begun_at    timestamptz NOT NULL
);
CREATE INDEX logins_by_age ON logins (begun_at);
CREATE TABLE sessions (
    id          uuid PRIMARY KEY,
    secret_hash bytea NOT NULL UNIQUE CHECK (length(secret_hash) = 32),
    sealed      bytea NOT NULL,     -- the national id
    issuer_hash bytea CHECK (length(issuer_hash) = 32), -- of the issuer's own session (sid), which logs out by it; NULL = it named none
    begun_at    timestamptz NOT NULL,
    seen_at     timestamptz NOT NULL
);
CREATE INDEX sessions_by_issuer ON sessions (issuer_hash);
CREATE INDEX sessions_by_age ON sessions (begun_at);
INSERT INTO role_grants (role, "table", privilege, columns) VALUES
    ('tillit_api', 'logins',   'SELECT', NULL),
    ('tillit_api', 'logins',   'INSERT', NULL),
    ('tillit_api', 'logins',   'DELETE', NULL),
    ('tillit_api', 'sessions', 'SELECT', NULL),
    ('tillit_api', 'sessions', 'INSERT', NULL),
    ('tillit_api', 'sessions', 'UPDATE', ARRAY['seen_at']),
    ('tillit_api', 'sessions', 'DELETE', NULL);

-- Who sent it, if for another: they see it too. For oneself it is the applicant.
ALTER TABLE applications ADD COLUMN submitter_index bytea;
RESET ROLE;

-- migrate:down
SET ROLE tillit_owner;
ALTER TABLE applications DROP COLUMN submitter_index;
DROP TABLE logins, sessions;
DELETE FROM role_grants WHERE "table" IN ('logins', 'sessions');
RESET ROLE;
