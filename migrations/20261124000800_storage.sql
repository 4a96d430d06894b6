-- SPDX-License-Identifier: EUPL-1.2
-- How rows lie on pages, where it was seen to cost.
-- migrate:up
SET ROLE tillit_owner;
-- An application of the usual size stays in its row: cut into TOAST chunks it cost a sixth of every accept.
ALTER TABLE documents SET (toast_tuple_target = 8160);
-- A case is written five times on its first day; with room on its page its indexes are left alone.
ALTER TABLE cases SET (fillfactor = 50);
-- What hangs on a case has the case's municipality, which is checked there: a second look-up per row was a tenth
-- of every accept and a quarter of planning.
ALTER TABLE applications DROP CONSTRAINT applications_municipality_fkey;
ALTER TABLE tasks DROP CONSTRAINT tasks_municipality_fkey;
ALTER TABLE deadlines DROP CONSTRAINT deadlines_municipality_fkey;
ALTER TABLE agenda_items DROP CONSTRAINT agenda_items_municipality_fkey;
ALTER TABLE letters DROP CONSTRAINT letters_municipality_fkey;
ALTER TABLE case_facts DROP CONSTRAINT case_facts_municipality_fkey;
RESET ROLE;

-- migrate:down
SET ROLE tillit_owner;
ALTER TABLE case_facts ADD FOREIGN KEY (municipality) REFERENCES municipalities;
ALTER TABLE letters ADD FOREIGN KEY (municipality) REFERENCES municipalities;
ALTER TABLE agenda_items ADD FOREIGN KEY (municipality) REFERENCES municipalities;
ALTER TABLE deadlines ADD FOREIGN KEY (municipality) REFERENCES municipalities;
ALTER TABLE tasks ADD FOREIGN KEY (municipality) REFERENCES municipalities;
ALTER TABLE applications ADD FOREIGN KEY (municipality) REFERENCES municipalities;
ALTER TABLE cases RESET (fillfactor);
ALTER TABLE documents RESET (toast_tuple_target);
RESET ROLE;
