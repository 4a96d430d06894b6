-- SPDX-License-Identifier: EUPL-1.2
-- An application of the usual size stays in its row: cut into TOAST chunks it cost a sixth of every accept.
-- migrate:up
SET ROLE tillit_owner;
ALTER TABLE documents SET (toast_tuple_target = 8160);
RESET ROLE;

-- migrate:down
SET ROLE tillit_owner;
ALTER TABLE documents RESET (toast_tuple_target);
RESET ROLE;
