-- SPDX-License-Identifier: EUPL-1.2
-- An administrator sees how their municipality is set up: its rules, and that it has words of its own in letters.
-- migrate:up
SET ROLE tillit_owner;
INSERT INTO role_grants (role, "table", privilege, columns) VALUES
    ('tillit_api', 'municipality_rules', 'SELECT', NULL),
    ('tillit_api', 'letter_templates',   'SELECT', ARRAY['municipality', 'kind', 'language', 'since', 'text']);
RESET ROLE;

-- migrate:down
SET ROLE tillit_owner;
REVOKE SELECT ON municipality_rules, letter_templates FROM tillit_api;
DELETE FROM role_grants WHERE role = 'tillit_api' AND "table" IN ('municipality_rules', 'letter_templates');
RESET ROLE;
