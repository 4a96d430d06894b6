-- SPDX-License-Identifier: EUPL-1.2
-- Who only counts, compares or shows codes reads those columns and no others: nobody needs a parked event's sealed bytes,
-- and no operator what an event says.
-- migrate:up
SET ROLE tillit_owner;
REVOKE SELECT ON cases, events, deadlines, parked_events FROM tillit_ops;
REVOKE SELECT ON events, parked_events FROM tillit_api;
REVOKE SELECT ON cases, parked_events FROM tillit_relay;
REVOKE SELECT, UPDATE ON parked_events FROM tillit_triage, tillit_scheduling, tillit_letters, tillit_metrics;
DELETE FROM role_grants
 WHERE privilege = 'SELECT' AND (role = 'tillit_ops' AND "table" IN ('cases', 'events', 'deadlines')
                              OR role = 'tillit_api' AND "table" = 'events' OR role = 'tillit_relay' AND "table" = 'cases')
    OR privilege IN ('SELECT', 'UPDATE') AND "table" = 'parked_events';

INSERT INTO role_grants (role, "table", privilege, columns) VALUES
    ('tillit_ops',   'cases',         'SELECT', ARRAY['id', 'reference', 'status', 'received_at', 'under_way']),
    ('tillit_ops',   'events',        'SELECT', ARRAY['case_id', 'case_seq', 'type', 'source', 'occurred_at']),
    ('tillit_ops',   'deadlines',     'SELECT', ARRAY['case_id', 'missed_at', 'met_at', 'void_at']),
    ('tillit_api',   'events',        'SELECT', ARRAY['case_id', 'case_seq', 'type', 'source', 'occurred_at']),
    ('tillit_relay', 'cases',         'SELECT', ARRAY['id']),
    ('tillit_relay', 'parked_events', 'SELECT', ARRAY['consumer', 'case_id', 'closed_at']);
INSERT INTO role_grants (role, "table", privilege, columns)
SELECT role, 'parked_events', 'SELECT',
       ARRAY['id', 'consumer', 'case_id', 'case_seq', 'type', 'topic', 'partition', 'offset', 'problem', 'detail', 'attempts',
             'parked_at', 'closed_at', 'closed_how']
  FROM unnest(ARRAY['tillit_api', 'tillit_ops']) role;
INSERT INTO role_grants (role, "table", privilege, columns)
SELECT 'tillit_' || worker, 'parked_events', privilege, columns
  FROM unnest(ARRAY['triage', 'scheduling', 'letters', 'metrics']) worker,
       (VALUES ('SELECT', ARRAY['id', 'consumer', 'case_id', 'case_seq', 'problem', 'attempts', 'closed_at', 'closed_how']),
               ('UPDATE', ARRAY['problem', 'detail', 'attempts', 'closed_at', 'closed_how'])) own (privilege, columns);
RESET ROLE;

-- migrate:down
SET ROLE tillit_owner;
REVOKE SELECT ON cases, events, deadlines, parked_events FROM tillit_ops;
REVOKE SELECT ON events, parked_events FROM tillit_api;
REVOKE SELECT ON cases, parked_events FROM tillit_relay;
REVOKE SELECT, UPDATE ON parked_events FROM tillit_triage, tillit_scheduling, tillit_letters, tillit_metrics;
DELETE FROM role_grants
 WHERE privilege = 'SELECT' AND (role = 'tillit_ops' AND "table" IN ('cases', 'events', 'deadlines')
                              OR role = 'tillit_api' AND "table" = 'events' OR role = 'tillit_relay' AND "table" = 'cases')
    OR privilege IN ('SELECT', 'UPDATE') AND "table" = 'parked_events';
INSERT INTO role_grants (role, "table", privilege, columns)
SELECT role, "table", 'SELECT', NULL::text[]
  FROM (VALUES ('tillit_ops', 'cases'), ('tillit_ops', 'events'), ('tillit_ops', 'deadlines'), ('tillit_ops', 'parked_events'),
               ('tillit_api', 'events'), ('tillit_api', 'parked_events'), ('tillit_relay', 'cases'),
               ('tillit_relay', 'parked_events')) t (role, "table")
UNION ALL
SELECT 'tillit_' || worker, 'parked_events', privilege, NULL
  FROM unnest(ARRAY['triage', 'scheduling', 'letters', 'metrics']) worker, unnest(ARRAY['SELECT', 'UPDATE']) privilege;
RESET ROLE;
