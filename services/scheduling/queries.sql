-- SPDX-License-Identifier: EUPL-1.2
-- Deadlines, tasks, meetings and agendas.

-- name: application_facts :any
SELECT triaged.place, applications.urgency, applications.in_hospital
  FROM unnest($1::uuid[]) WITH ORDINALITY AS triaged (case_id, place)
  JOIN applications ON applications.case_id = triaged.case_id;

-- name: deadlines_set :none
INSERT INTO deadlines (case_id, kind, municipality, due_at, near_at, source)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::text[]);

-- Of several talks at once the first held counts.
-- name: deadlines_meet :none
UPDATE deadlines SET met_at = held.at
  FROM (SELECT case_id, min(at) AS at FROM unnest($1::uuid[], $2::timestamptz[]) AS t (case_id, at)
         GROUP BY case_id) held
 WHERE deadlines.case_id = held.case_id AND kind = $3 AND met_at IS NULL AND void_at IS NULL;

-- Cases with something due, oldest first, without locks: each is locked and looked at again. A deadline is first
-- near, then due: the index deadlines_next holds which comes next.
-- name: deadlines_due :any
SELECT case_id, min(at) AS at FROM (
    SELECT case_id, CASE WHEN near_said_at IS NULL THEN near_at ELSE due_at END AS at FROM deadlines
     WHERE missed_at IS NULL AND met_at IS NULL AND void_at IS NULL
       AND CASE WHEN near_said_at IS NULL THEN near_at ELSE due_at END <= $1::timestamptz
     ORDER BY 2 LIMIT 1000) due
 GROUP BY case_id ORDER BY 2, 1;

-- name: case_lock_free :maybe
SELECT id, status FROM cases WHERE id = $1::uuid FOR NO KEY UPDATE SKIP LOCKED;

-- name: deadlines_of :any
SELECT kind, due_at, near_at <= $2::timestamptz AND near_said_at IS NULL AND due_at > $2::timestamptz AS near,
       due_at <= $2::timestamptz AS missed
  FROM deadlines
 WHERE case_id = $1::uuid AND missed_at IS NULL AND met_at IS NULL AND void_at IS NULL ORDER BY due_at, kind;

-- name: deadline_near_said :none
UPDATE deadlines SET near_said_at = $3::timestamptz WHERE case_id = $1::uuid AND kind = $2;

-- name: deadline_missed_said :none
UPDATE deadlines SET missed_at = $3::timestamptz WHERE case_id = $1::uuid AND kind = $2;

-- name: deadlines_void :none
UPDATE deadlines SET void_at = $2::timestamptz
 WHERE case_id = $1::uuid AND missed_at IS NULL AND met_at IS NULL AND void_at IS NULL;

-- name: tasks_add :none
INSERT INTO tasks (id, municipality, case_id, cause_seq, kind, due_at)
SELECT id, municipality, case_id, cause_seq, 'first_talk', due_at
  FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::bigint[], $5::timestamptz[])
    AS t (id, municipality, case_id, cause_seq, due_at);

-- name: tasks_done :none
UPDATE tasks SET done_at = held.at
  FROM (SELECT case_id, min(at) AS at FROM unnest($1::uuid[], $2::timestamptz[]) AS t (case_id, at)
         GROUP BY case_id) held
 WHERE tasks.case_id = held.case_id AND kind = 'first_talk' AND done_at IS NULL;

-- name: teams_all :any
SELECT id, municipality, code, weekday, extract(hour FROM starts)::integer AS hour,
       extract(minute FROM starts)::integer AS minute, slots, slot_minutes
  FROM teams WHERE NOT closed ORDER BY id;

-- The team of each case, by its municipality and department; where the department has none, another of the municipality's.
-- Teams in the order of their ids, which is the order in which their meetings are locked.
-- name: teams_find :any
SELECT wanted.place, id, municipality, code, weekday, extract(hour FROM starts)::integer AS hour,
       extract(minute FROM starts)::integer AS minute, slots, slot_minutes
  FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted (whose, department, place), LATERAL (
    SELECT * FROM teams WHERE teams.municipality = wanted.whose AND NOT closed
     ORDER BY teams.department <> wanted.department, code LIMIT 1) team
 ORDER BY id, place;

-- name: meetings_add :none
INSERT INTO meetings (id, municipality, team_id, starts_at, ends_at, slots, slot_minutes)
SELECT id, municipality, team_id, starts_at, starts_at + slots * slot_minutes * interval '1 minute', slots, slot_minutes
  FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::timestamptz[], $5::bigint[], $6::bigint[])
    AS t (id, municipality, team_id, starts_at, slots, slot_minutes)
ON CONFLICT (team_id, starts_at) DO NOTHING;

-- Meetings to come that nobody is on and that are not the team's any more: it meets at another time, or no longer.
-- name: meetings_drop :none
DELETE FROM meetings USING teams
 WHERE teams.id = meetings.team_id AND meetings.starts_at > $1::timestamptz
   AND NOT EXISTS (SELECT FROM agenda_items WHERE agenda_items.meeting_id = meetings.id)
   AND (closed OR (extract(isodow FROM meetings.starts_at AT TIME ZONE 'Europe/Oslo'), (meetings.starts_at AT TIME ZONE 'Europe/Oslo')::time,
                   meetings.slots, meetings.slot_minutes) <> (teams.weekday, teams.starts, teams.slots, teams.slot_minutes));

-- name: meeting_last :one
SELECT max(starts_at) AS starts_at FROM meetings WHERE team_id = $1::uuid;

-- The first meeting after a time with a free slot; it is locked, so its slots stay as they are.
-- name: meeting_with_room :maybe
SELECT id AS meeting_id, starts_at, slots, slot_minutes FROM meetings
 WHERE team_id = $1::uuid AND starts_at > $2::timestamptz
   AND (SELECT count(*) FROM agenda_items WHERE agenda_items.meeting_id = meetings.id) < slots
 ORDER BY starts_at LIMIT 1 FOR NO KEY UPDATE;

-- name: slots_taken :any
SELECT starts_at FROM agenda_items WHERE meeting_id = $1::uuid ORDER BY starts_at;

-- name: agenda_add :none
INSERT INTO agenda_items (id, municipality, meeting_id, team_id, case_id, cause_seq, starts_at, ends_at, late)
SELECT id, $6, $7::uuid, $8::uuid, case_id, cause_seq, starts_at, starts_at + $9::integer * interval '1 minute', late
  FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::timestamptz[], $5::boolean[])
    AS t (id, case_id, cause_seq, starts_at, late);
