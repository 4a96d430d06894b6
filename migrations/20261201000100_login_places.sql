-- SPDX-License-Identifier: EUPL-1.2
-- Where a login leads is kept by the browser that began it, for as long as somebody may come back late.
-- migrate:up
SET ROLE tillit_owner;
ALTER TABLE logins DROP COLUMN back;
RESET ROLE;

-- migrate:down
SET ROLE tillit_owner;
ALTER TABLE logins ADD COLUMN back text NOT NULL DEFAULT '/'; -- the page that they came for
ALTER TABLE logins ALTER COLUMN back DROP DEFAULT;
RESET ROLE;
