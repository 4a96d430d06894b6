-- SPDX-License-Identifier: EUPL-1.2
-- What the relay compares: the log with each worker's marks.
-- migrate:up
SET ROLE tillit_owner;
INSERT INTO role_grants (role, "table", privilege, columns) VALUES
    ('tillit_relay', 'cases',          'SELECT', NULL),
    ('tillit_relay', 'inbox',          'SELECT', NULL),
    ('tillit_relay', 'consumer_types', 'SELECT', NULL),
    ('tillit_relay', 'parked_events',  'SELECT', NULL);
-- The log grows at its end only: a BRIN index finds the last minutes and costs the writers next to nothing.
CREATE INDEX events_by_time ON events USING brin (occurred_at) WITH (pages_per_range = 16, autosummarize = on);
RESET ROLE;

-- migrate:down
SET ROLE tillit_owner;
DROP INDEX events_by_time;
REVOKE SELECT ON cases, inbox, consumer_types, parked_events FROM tillit_relay;
DELETE FROM role_grants WHERE role = 'tillit_relay' AND "table" IN ('cases', 'inbox', 'consumer_types', 'parked_events');
RESET ROLE;
