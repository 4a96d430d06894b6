-- SPDX-License-Identifier: EUPL-1.2
-- What an operator looks at by the command line stands in the access log as well: who is "operator:" and the machine's
-- user, name what they call themselves.
-- migrate:up
SET ROLE tillit_owner;
CREATE POLICY operator_logs ON access_log FOR INSERT TO tillit_ops WITH CHECK (true);
CREATE POLICY operator_logs ON access_unchained FOR INSERT TO tillit_ops WITH CHECK (true);
DELETE FROM role_grants WHERE role = 'tillit_ops' AND "table" = 'cases';
INSERT INTO role_grants (role, "table", privilege, columns) VALUES
    ('tillit_ops', 'cases',            'SELECT', ARRAY['id', 'municipality', 'reference', 'status', 'received_at', 'under_way']),
    ('tillit_ops', 'access_log',       'INSERT', NULL),
    ('tillit_ops', 'access_unchained', 'INSERT', NULL);
RESET ROLE;

-- migrate:down
SET ROLE tillit_owner;
DELETE FROM role_grants WHERE role = 'tillit_ops' AND ("table" = 'cases' OR "table" IN ('access_log', 'access_unchained') AND privilege = 'INSERT');
REVOKE INSERT ON access_log, access_unchained FROM tillit_ops;
REVOKE SELECT (municipality) ON cases FROM tillit_ops;
INSERT INTO role_grants (role, "table", privilege, columns) VALUES
    ('tillit_ops', 'cases', 'SELECT', ARRAY['id', 'reference', 'status', 'received_at', 'under_way']);
DROP POLICY operator_logs ON access_unchained;
DROP POLICY operator_logs ON access_log;
RESET ROLE;
