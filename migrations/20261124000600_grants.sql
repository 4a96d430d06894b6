-- SPDX-License-Identifier: EUPL-1.2
-- What each program may do, a row per role, table and privilege; role_grants keeps them and a test
-- compares it with what the database grants.
-- migrate:up
SET ROLE tillit_owner;

-- The spine, through common/: every worker.
INSERT INTO role_grants (role, "table", privilege, columns)
SELECT 'tillit_' || worker, spine."table", spine.privilege, spine.columns
  FROM unnest(ARRAY['triage', 'scheduling', 'letters', 'metrics']) worker,
       (VALUES ('events',         'SELECT', NULL::text[]),
               ('events',         'INSERT', NULL),
               ('unsent',         'INSERT', NULL),
               ('cases',          'SELECT', NULL),
               ('inbox',          'SELECT', NULL),
               ('inbox',          'INSERT', NULL),
               ('inbox',          'UPDATE', NULL),
               ('consumer_types', 'SELECT', NULL),
               ('consumer_types', 'INSERT', NULL),
               ('consumer_types', 'DELETE', NULL),
               ('parked_events',  'SELECT', NULL),
               ('parked_events',  'INSERT', NULL),
               ('parked_events',  'UPDATE', NULL),
               ('worker_runs',    'SELECT', NULL),
               ('worker_runs',    'INSERT', NULL),
               ('worker_runs',    'UPDATE', NULL),
               ('worker_tries',   'SELECT', NULL),
               ('worker_tries',   'INSERT', NULL),
               ('worker_tries',   'UPDATE', NULL),
               ('worker_tries',   'DELETE', NULL)) spine ("table", privilege, columns);

INSERT INTO role_grants (role, "table", privilege, columns)
SELECT 'tillit_' || program, own."table", own.privilege, NULL
  FROM unnest(ARRAY['api', 'relay', 'triage', 'scheduling', 'letters', 'metrics']) program,
       (VALUES ('heartbeats',     'SELECT'), ('heartbeats', 'INSERT'), ('heartbeats', 'UPDATE'), ('heartbeats', 'DELETE'),
               ('tick_runs',      'SELECT'), ('tick_runs',  'INSERT'), ('tick_runs',  'UPDATE'),
               ('municipalities', 'SELECT')) own ("table", privilege);

INSERT INTO role_grants (role, "table", privilege, columns) VALUES
    ('tillit_intake', 'idempotency_keys', 'SELECT', NULL),
    ('tillit_intake', 'idempotency_keys', 'INSERT', NULL),
    ('tillit_intake', 'documents',        'INSERT', NULL),
    ('tillit_intake', 'cases',            'INSERT', NULL),
    ('tillit_intake', 'applications',     'INSERT', NULL),
    ('tillit_intake', 'events',           'INSERT', NULL),
    ('tillit_intake', 'unsent',           'INSERT', NULL),

    ('tillit_api', 'documents',        'SELECT', NULL),
    ('tillit_api', 'cases',            'SELECT', NULL),
    ('tillit_api', 'cases',            'UPDATE', ARRAY['status', 'resume_status', 'last_seq', 'last_event_at']),
    ('tillit_api', 'case_moves',       'SELECT', NULL),
    ('tillit_api', 'applications',     'SELECT', NULL),
    ('tillit_api', 'contacts',         'SELECT', NULL),
    ('tillit_api', 'contacts',         'INSERT', NULL),
    ('tillit_api', 'idempotency_keys', 'SELECT', NULL),
    ('tillit_api', 'idempotency_keys', 'INSERT', NULL),
    ('tillit_api', 'idempotency_keys', 'UPDATE', ARRAY['answer', 'location', 'etag']),
    ('tillit_api', 'events',           'SELECT', NULL),
    ('tillit_api', 'events',           'INSERT', NULL),
    ('tillit_api', 'unsent',           'SELECT', NULL),
    ('tillit_api', 'unsent',           'INSERT', NULL),
    ('tillit_api', 'consumer_types',   'SELECT', NULL),
    ('tillit_api', 'parked_events',    'SELECT', NULL),
    ('tillit_api', 'staff',            'SELECT', NULL),
    ('tillit_api', 'teams',            'SELECT', NULL),
    ('tillit_api', 'team_members',     'SELECT', NULL),
    ('tillit_api', 'meetings',         'SELECT', NULL),
    ('tillit_api', 'agenda_items',     'SELECT', NULL),
    ('tillit_api', 'tasks',            'SELECT', NULL),
    ('tillit_api', 'deadlines',        'SELECT', NULL),
    ('tillit_api', 'letters',          'SELECT', NULL),
    ('tillit_api', 'case_facts',       'SELECT', NULL),

    ('tillit_relay', 'events',      'SELECT', NULL),
    ('tillit_relay', 'unsent',      'SELECT', NULL),
    ('tillit_relay', 'unsent',      'INSERT', NULL),
    ('tillit_relay', 'unsent',      'DELETE', NULL),
    ('tillit_relay', 'relay_epoch', 'SELECT', NULL),
    ('tillit_relay', 'relay_epoch', 'UPDATE', NULL),

    ('tillit_triage', 'case_moves', 'SELECT', NULL),
    ('tillit_triage', 'cases',      'UPDATE', ARRAY['status', 'last_seq', 'last_event_at', 'urgent', 'joint', 'department',
                                                    'path', 'urgency', 'step_asked', 'lower_services', 'rules', 'rule_set']),

    ('tillit_scheduling', 'case_moves',       'SELECT', NULL),
    ('tillit_scheduling', 'cases',            'UPDATE', ARRAY['status', 'last_seq', 'last_event_at']),
    ('tillit_scheduling', 'applications',     'SELECT', NULL),
    ('tillit_scheduling', 'teams',            'SELECT', NULL),
    ('tillit_scheduling', 'meetings',         'SELECT', NULL),
    ('tillit_scheduling', 'meetings',         'INSERT', NULL),
    ('tillit_scheduling', 'meetings',         'UPDATE', NULL),
    ('tillit_scheduling', 'agenda_items',     'SELECT', NULL),
    ('tillit_scheduling', 'agenda_items',     'INSERT', NULL),
    ('tillit_scheduling', 'tasks',            'SELECT', NULL),
    ('tillit_scheduling', 'tasks',            'INSERT', NULL),
    ('tillit_scheduling', 'tasks',            'UPDATE', NULL),
    ('tillit_scheduling', 'deadlines',        'SELECT', NULL),
    ('tillit_scheduling', 'deadlines',        'INSERT', NULL),
    ('tillit_scheduling', 'deadlines',        'UPDATE', NULL),
    ('tillit_scheduling', 'idempotency_keys', 'SELECT', NULL),
    ('tillit_scheduling', 'idempotency_keys', 'DELETE', NULL),

    ('tillit_letters', 'case_moves',   'SELECT', NULL),
    ('tillit_letters', 'cases',        'UPDATE', ARRAY['status', 'last_seq', 'last_event_at']),
    ('tillit_letters', 'applications', 'SELECT', NULL),
    ('tillit_letters', 'documents',    'SELECT', NULL),
    ('tillit_letters', 'documents',    'INSERT', NULL),
    ('tillit_letters', 'letters',      'SELECT', NULL),
    ('tillit_letters', 'letters',      'INSERT', NULL),

    ('tillit_metrics', 'cases',      'UPDATE', ARRAY['last_seq', 'last_event_at']),
    ('tillit_metrics', 'case_facts', 'SELECT', NULL),
    ('tillit_metrics', 'case_facts', 'INSERT', NULL),
    ('tillit_metrics', 'case_facts', 'UPDATE', NULL),
    ('tillit_metrics', 'case_facts', 'DELETE', NULL);
RESET ROLE;

-- migrate:down
SET ROLE tillit_owner;
DO $$
DECLARE
    given record;
BEGIN
    FOR given IN SELECT * FROM role_grants LOOP
        EXECUTE format('REVOKE %s ON %I FROM %I', given.privilege, given."table", given.role);
    END LOOP;
END
$$;
DELETE FROM role_grants;
RESET ROLE;
