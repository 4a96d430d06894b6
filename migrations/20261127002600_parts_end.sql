-- SPDX-License-Identifier: EUPL-1.2
-- Staff end the part of who acts for another: a guardian whose mandate is over sees the case no more.
-- migrate:up
SET ROLE tillit_owner;
ALTER TABLE case_parties ADD COLUMN ended_by uuid REFERENCES staff,
                         ADD COLUMN ended_why text,  -- a row of services/api/console/parts.c
                         ADD CHECK ((ended_by IS NULL) = (ended_why IS NULL)),
                         ADD CHECK (ended_why IS NULL OR (until IS NOT NULL AND role IS NOT NULL));
INSERT INTO role_grants (role, "table", privilege, columns) VALUES
    ('tillit_api', 'case_parties', 'INSERT', ARRAY['case_id', 'n', 'municipality', 'person_index', 'person_id', 'parts', 'since']),
    ('tillit_api', 'case_parties', 'UPDATE', ARRAY['until', 'ended_by', 'ended_why']);
RESET ROLE;

-- migrate:down
SET ROLE tillit_owner;
REVOKE INSERT (case_id, n, municipality, person_index, person_id, parts, since), UPDATE (until, ended_by, ended_why) ON case_parties FROM tillit_api;
DELETE FROM role_grants WHERE role = 'tillit_api' AND "table" = 'case_parties' AND privilege <> 'SELECT';
ALTER TABLE case_parties DROP COLUMN ended_by, DROP COLUMN ended_why;
RESET ROLE;
