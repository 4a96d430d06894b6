-- SPDX-License-Identifier: EUPL-1.2
-- What a person sends by the form they send once: the same request of theirs, whatever its key, is no second application
-- while the first is fresh. Of the request a keyed digest is compared, nothing else is kept.
-- migrate:up
SET ROLE tillit_owner;
ALTER TABLE idempotency_keys
    ADD COLUMN once_until timestamptz,  -- NULL: each is meant
    ADD CONSTRAINT idempotency_keys_once
        EXCLUDE USING gist (client WITH =, request_hash WITH =, tstzrange(created_at, once_until) WITH &&) WHERE (once_until IS NOT NULL);
RESET ROLE;

-- migrate:down
SET ROLE tillit_owner;
ALTER TABLE idempotency_keys DROP CONSTRAINT idempotency_keys_once, DROP COLUMN once_until;
RESET ROLE;
