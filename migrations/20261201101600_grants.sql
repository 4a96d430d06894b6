-- SPDX-License-Identifier: EUPL-1.2
-- What each program may do, a block per program; who only counts, compares or shows codes reads those columns and no others.
-- Nobody needs a parked event's sealed bytes but who seals them anew. Nobody reads case_moves: the trigger's function has its rows.
-- migrate:up
SET ROLE tillit_owner;

-- Every program that beats; it reads of municipalities what all may know.
GRANT SELECT, INSERT, UPDATE, DELETE ON heartbeats TO tillit_api, tillit_relay, tillit_worker;
GRANT SELECT, INSERT, UPDATE ON tick_runs TO tillit_api, tillit_relay, tillit_worker;
GRANT SELECT ON municipalities TO tillit_api, tillit_relay, tillit_worker, tillit_ops;

-- The spine, through common/: every worker. It does what an operator asks for, whyever.
GRANT SELECT, INSERT ON events TO tillit_worker;
GRANT INSERT ON unsent TO tillit_worker;
GRANT SELECT ON cases, municipality_rules, worker_pauses TO tillit_worker;
GRANT SELECT, INSERT, UPDATE ON inbox, worker_runs, worker_places TO tillit_worker;
GRANT SELECT, INSERT, DELETE ON consumer_types TO tillit_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON worker_tries TO tillit_worker;
GRANT SELECT (id, consumer, case_id, case_seq, problem, attempts, closed_at, closed_how), INSERT,
      UPDATE (problem, detail, attempts, closed_at, closed_how) ON parked_events TO tillit_worker;
GRANT SELECT (id, act, consumer, parked_id, not_before, taken_at, tries, done_at),
      UPDATE (taken_at, tries, done_at, outcome, detail, says, then_types) ON operator_acts TO tillit_worker;

-- triage
GRANT UPDATE (status, last_seq, last_event_at, urgent, joint, department, path, priority, step_asked, lower_services, rules, rule_set)
   ON cases TO tillit_triage;

-- scheduling
GRANT UPDATE (status, last_seq, last_event_at) ON cases TO tillit_scheduling;
GRANT SELECT ON applications, teams TO tillit_scheduling;
GRANT SELECT, INSERT ON agenda_items TO tillit_scheduling;
GRANT SELECT, INSERT, UPDATE ON tasks, deadlines TO tillit_scheduling;
GRANT SELECT, INSERT, UPDATE, DELETE ON meetings TO tillit_scheduling;

-- letters: what a letter is made of
GRANT UPDATE (status, last_seq, last_event_at) ON cases TO tillit_letters;
GRANT SELECT ON applications, letter_templates TO tillit_letters;
GRANT SELECT, INSERT ON letters TO tillit_letters;
GRANT SELECT (id, municipality, label, sealed), INSERT ON documents TO tillit_letters;

-- upkeep: opens what people wrote, and alone seals it anew
GRANT SELECT ON applications TO tillit_upkeep;
GRANT SELECT, UPDATE (sealed) ON documents TO tillit_upkeep;
GRANT SELECT, UPDATE (person_index, sealed, own, said_at, updated_at), DELETE ON persons TO tillit_upkeep;
GRANT SELECT (case_id, n, municipality, person_index), UPDATE (person_index) ON case_parties TO tillit_upkeep;
GRANT SELECT (sealed, key_id), UPDATE (sealed) ON parked_events, operator_acts TO tillit_upkeep;
GRANT SELECT (id, municipality, sealed, key_id), UPDATE (sealed) ON staff_relations, case_openings TO tillit_upkeep;
GRANT SELECT, INSERT, UPDATE (noticed_at), DELETE ON damaged_values TO tillit_upkeep;
GRANT SELECT, DELETE ON idempotency_keys, access_unchained TO tillit_upkeep;
GRANT SELECT (municipality, id, mac) ON access_log TO tillit_upkeep;
GRANT SELECT, INSERT ON access_chain TO tillit_upkeep;

-- metrics
GRANT UPDATE (last_seq, last_event_at) ON cases TO tillit_metrics;
GRANT SELECT, INSERT, UPDATE, DELETE ON case_facts TO tillit_metrics;

-- relay: compares the log with each worker's marks
GRANT SELECT ON events, inbox, consumer_types TO tillit_relay;
GRANT SELECT, INSERT, DELETE ON unsent TO tillit_relay;
GRANT SELECT, UPDATE ON relay_epoch TO tillit_relay;
GRANT SELECT (id) ON cases TO tillit_relay;
GRANT SELECT (consumer, case_id, closed_at) ON parked_events TO tillit_relay;

-- intake: the API, where it takes in what people send
GRANT SELECT, INSERT ON idempotency_keys TO tillit_intake;
GRANT INSERT ON documents, cases, applications, persons, case_parties, events, unsent, access_log, access_unchained TO tillit_intake;

-- the API
GRANT SELECT ON documents, cases, applications, contacts, consumer_types, inbox, staff, teams, team_members, meetings, agenda_items, tasks,
                deadlines, letters, case_facts, staff_logins, shielded_readers, municipality_rules, access_log TO tillit_api;
GRANT UPDATE (status, resume_status, last_seq, last_event_at) ON cases TO tillit_api;
GRANT INSERT ON contacts, access_log, access_unchained TO tillit_api;
GRANT SELECT, INSERT, UPDATE (answer, location, etag) ON idempotency_keys TO tillit_api;
GRANT SELECT (case_id, case_seq, type, source, occurred_at), INSERT ON events TO tillit_api;
GRANT SELECT, INSERT ON unsent, operator_acts, staff_relations TO tillit_api;
GRANT SELECT, INSERT, DELETE ON worker_pauses, logins TO tillit_api;
GRANT SELECT, INSERT, UPDATE (seen_at), DELETE ON sessions TO tillit_api;
GRANT SELECT, INSERT, UPDATE (name, municipalities), DELETE ON clients TO tillit_api, tillit_ops;
GRANT INSERT, UPDATE (unit) ON staff TO tillit_api;
GRANT SELECT, INSERT, UPDATE (reviewed_at, reviewed_by, finding) ON case_openings TO tillit_api;
GRANT SELECT, INSERT, UPDATE (staff_id, since) ON case_workers TO tillit_api;
GRANT SELECT, INSERT (case_id, n, municipality, person_index, person_id, parts, since), UPDATE (until, ended_by, ended_why)
   ON case_parties TO tillit_api;
GRANT SELECT (municipality, kind, language, since, text) ON letter_templates TO tillit_api;
GRANT SELECT (id, municipality, consumer, case_id, case_seq, type, topic, partition, "offset", problem, detail, attempts, parked_at,
              closed_at, closed_how) ON parked_events TO tillit_api, tillit_ops;

-- operators' own program: no operator needs what an event says, and of a case no more than that it is there
GRANT SELECT ON consumer_types, heartbeats, inbox, access_log, access_chain, damaged_values, key_uses TO tillit_ops;
GRANT SELECT, INSERT ON unsent, operator_acts TO tillit_ops;
GRANT SELECT, INSERT, DELETE ON worker_pauses TO tillit_ops;
GRANT INSERT ON access_log, access_unchained TO tillit_ops;
GRANT SELECT (id, municipality, reference, status, received_at, under_way) ON cases TO tillit_ops;
GRANT SELECT (case_id, case_seq, type, source, occurred_at) ON events TO tillit_ops;
GRANT SELECT (case_id, missed_at, met_at, void_at) ON deadlines TO tillit_ops;
GRANT INSERT, UPDATE (name, organisation, phone, address, web, accent) ON municipalities TO tillit_ops;
GRANT SELECT, INSERT, UPDATE (role, subject, named) ON staff TO tillit_ops;
GRANT SELECT, INSERT, UPDATE (name, department, weekday, starts, slots, slot_minutes, closed) ON teams TO tillit_ops;
GRANT SELECT, INSERT, UPDATE (profession), DELETE ON team_members TO tillit_ops;
GRANT SELECT, INSERT, UPDATE ON municipality_rules, letter_templates TO tillit_ops;
GRANT SELECT, INSERT, UPDATE, DELETE ON staff_logins TO tillit_ops;
RESET ROLE;

-- migrate:down
