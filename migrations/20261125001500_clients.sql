-- SPDX-License-Identifier: EUPL-1.2
-- Other systems' organisations that may come, and for which municipalities: that Maskinporten gave one a scope is not enough.
-- migrate:up
SET ROLE tillit_owner;
CREATE TABLE clients (
    organisation   text PRIMARY KEY CHECK (organisation ~ '^[0-9]{9}$'),
    name           text NOT NULL,
    municipalities text[] NOT NULL CHECK (cardinality(municipalities) > 0)
);
INSERT INTO role_grants (role, "table", privilege, columns)
SELECT role, 'clients', privilege, columns
  FROM unnest(ARRAY['tillit_api', 'tillit_ops']) role,
       (VALUES ('SELECT', NULL::text[]), ('INSERT', NULL), ('UPDATE', ARRAY['name', 'municipalities']), ('DELETE', NULL)) t (privilege, columns);
INSERT INTO role_grants (role, "table", privilege) VALUES ('tillit_ops', 'municipalities', 'SELECT');
RESET ROLE;

-- migrate:down
SET ROLE tillit_owner;
DROP TABLE clients;
REVOKE SELECT ON municipalities FROM tillit_ops;
DELETE FROM role_grants WHERE "table" = 'clients' OR (role = 'tillit_ops' AND "table" = 'municipalities');
RESET ROLE;
