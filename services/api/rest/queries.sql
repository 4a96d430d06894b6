-- SPDX-License-Identifier: EUPL-1.2

-- name: team_known :maybe
SELECT code FROM teams WHERE code = $1 LIMIT 1;

-- Meetings of a page, from a key (starts_at, id) on.
-- name: agenda_meetings :any
SELECT meetings.id AS meeting_id, teams.code AS team, meetings.starts_at, meetings.ends_at, meetings.slots,
       meetings.slots - (SELECT count(*) FROM agenda_items WHERE agenda_items.meeting_id = meetings.id) AS free
  FROM meetings JOIN teams ON teams.id = meetings.team_id
 WHERE ($1::text IS NULL OR teams.code = $1)
   AND meetings.starts_at >= $2::timestamptz AND meetings.starts_at < $3::timestamptz
   AND ($4::timestamptz IS NULL OR (meetings.starts_at, meetings.id) > ($4::timestamptz, $5::uuid))
 ORDER BY meetings.starts_at, meetings.id LIMIT $6::integer;

-- name: agenda_items_of :any
SELECT agenda_items.meeting_id, agenda_items.case_id, cases.municipality, cases.reference, agenda_items.starts_at,
       extract(epoch FROM agenda_items.ends_at - agenda_items.starts_at)::integer / 60 AS minutes,
       cases.priority AS urgency, cases.department, cases.step_asked, agenda_items.late,
       coalesce((SELECT rule ->> 'text' FROM json_array_elements(cases.rules) rule
                  WHERE rule ->> 'id' LIKE 'path.%' LIMIT 1), '') AS why
  FROM agenda_items JOIN cases ON cases.id = agenda_items.case_id
 WHERE agenda_items.meeting_id = ANY ($1::uuid[]) ORDER BY array_position($1::uuid[], agenda_items.meeting_id), agenda_items.starts_at;
