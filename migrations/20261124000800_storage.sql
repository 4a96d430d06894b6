-- SPDX-License-Identifier: EUPL-1.2
-- How rows lie on pages, where it was seen to cost.
-- migrate:up
SET ROLE tillit_owner;
-- An application of the usual size stays in its row: cut into TOAST chunks it cost a sixth of every accept.
ALTER TABLE documents SET (toast_tuple_target = 8160);
-- A case is written five times on its first day; with room on its page its indexes are left alone.
ALTER TABLE cases SET (fillfactor = 50);
RESET ROLE;

-- migrate:down
SET ROLE tillit_owner;
ALTER TABLE cases RESET (fillfactor);
ALTER TABLE documents RESET (toast_tuple_target);
RESET ROLE;
