-- SPDX-License-Identifier: EUPL-1.2
-- name: programs_look :any
SELECT program, instance, ready, why_not, lag_events, lag_seconds,
       beat_at > $1::timestamptz AND beat_at < $1::timestamptz + interval '1 minute' AS beats
  FROM heartbeats ORDER BY program, instance;

-- name: unsent_count :one
SELECT count(*) AS unsent FROM unsent;

-- The access log and its chain, page by page in the order of their keys.
-- name: audit_rows :any
SELECT log.id, log.municipality, log.at, log.kind, log.who, log.name, log.unit, log.role, log.what, log.act, log.case_id,
       log.reason, log.request_id, log.mac, access_chain.n
  FROM (SELECT * FROM access_log WHERE (municipality, id) > ($1, $2::uuid) ORDER BY municipality, id LIMIT $3::integer) log
  LEFT JOIN access_chain ON access_chain.municipality = log.municipality AND access_chain.access_id = log.id
 ORDER BY log.municipality, log.id;

-- name: audit_links :any
SELECT chain.municipality, chain.n, chain.access_id, chain.h, access_log.mac
  FROM (SELECT * FROM access_chain WHERE (municipality, n) > ($1, $2::bigint) ORDER BY municipality, n LIMIT $3::integer) chain
  LEFT JOIN access_log ON access_log.municipality = chain.municipality AND access_log.id = chain.access_id
 ORDER BY chain.municipality, chain.n;

-- name: audit_roots :any
SELECT said.place, said.municipality, said.n, access_chain.h
  FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS said (municipality, n, place)
  LEFT JOIN access_chain USING (municipality, n);
-- name: organisation_taken :maybe
SELECT number FROM municipalities WHERE organisation = $2 AND number <> $1;

-- What differs is written, and comes back. The row is locked all the same: of two packs at once the second waits.
-- name: municipality_set :any
INSERT INTO municipalities (number, name, organisation, phone, address, web, accent) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (number) DO UPDATE
   SET name = excluded.name, organisation = excluded.organisation, phone = excluded.phone, address = excluded.address,
       web = excluded.web, accent = excluded.accent
 WHERE (municipalities.name, municipalities.organisation, municipalities.phone, municipalities.address, municipalities.web, municipalities.accent)
       IS DISTINCT FROM (excluded.name, excluded.organisation, excluded.phone, excluded.address, excluded.web, excluded.accent)
RETURNING number AS what, xmax = 0 AS added;

-- People's names are kept in one form (NFC): the next pack may come from another machine.
-- name: staff_set :any
INSERT INTO staff (id, municipality, name, role, subject, named)
SELECT id, $4, normalize(name), role, subject, true FROM unnest($1::text[], $2::text[], $3::text[], $5::uuid[]) AS t (name, role, subject, id)
ON CONFLICT (municipality, name) DO UPDATE SET role = excluded.role, subject = excluded.subject, named = true
 WHERE (staff.role, staff.subject, staff.named) IS DISTINCT FROM (excluded.role, excluded.subject, true)
RETURNING 'staff' AS what, xmax = 0 AS added;

-- Whom an earlier pack named, and whoever came by a login that the pack gives to another; who came by their login else stays.
-- name: staff_leave :any
WITH named_now AS (
    SELECT normalize(name) AS name, subject FROM unnest($1::text[], $2::text[], $3::text[]) AS t (name, role, subject)
)
UPDATE staff SET subject = NULL
 WHERE municipality = $4 AND subject IS NOT NULL
   AND ((named AND NOT EXISTS (SELECT FROM named_now WHERE named_now.name = staff.name))
        OR EXISTS (SELECT FROM named_now WHERE named_now.subject = staff.subject AND named_now.name <> staff.name))
RETURNING 'staff' AS what, false AS added;

-- name: teams_close :any
UPDATE teams SET closed = true
 WHERE municipality = $8 AND NOT closed
   AND code NOT IN (SELECT code FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::bigint[], $7::bigint[])
                      AS t (code, name, department, weekday, starts, slots, slot_minutes))
RETURNING code AS what, false AS added;

-- name: teams_set :any
INSERT INTO teams (id, municipality, code, name, department, weekday, starts, slots, slot_minutes)
SELECT id, $8, code, name, department, weekday, starts::time, slots, slot_minutes
  FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::bigint[], $7::bigint[], $9::uuid[])
    AS t (code, name, department, weekday, starts, slots, slot_minutes, id)
ON CONFLICT (municipality, code) DO UPDATE
   SET name = excluded.name, department = excluded.department, weekday = excluded.weekday, starts = excluded.starts,
       slots = excluded.slots, slot_minutes = excluded.slot_minutes, closed = false
 WHERE (teams.name, teams.department, teams.weekday, teams.starts, teams.slots, teams.slot_minutes, teams.closed)
       IS DISTINCT FROM (excluded.name, excluded.department, excluded.weekday, excluded.starts, excluded.slots, excluded.slot_minutes, false)
RETURNING code AS what, xmax = 0 AS added;

-- name: members_leave :any
DELETE FROM team_members USING teams, staff
 WHERE team_members.municipality = $4 AND teams.id = team_members.team_id AND staff.id = team_members.staff_id
   AND NOT EXISTS (SELECT FROM unnest($1::text[], $2::text[], $3::text[]) AS t (code, name, profession)
                    WHERE t.code = teams.code AND normalize(t.name) = staff.name)
RETURNING 'team members' AS what, false AS added;

-- name: members_set :any
INSERT INTO team_members (team_id, staff_id, municipality, profession)
SELECT teams.id, staff.id, $4, t.profession
  FROM unnest($1::text[], $2::text[], $3::text[]) AS t (code, name, profession)
  JOIN teams ON teams.municipality = $4 AND teams.code = t.code
  JOIN staff ON staff.municipality = $4 AND staff.name = normalize(t.name)
ON CONFLICT (team_id, staff_id) DO UPDATE SET profession = excluded.profession
 WHERE team_members.profession <> excluded.profession
RETURNING 'team members' AS what, xmax = 0 AS added;

-- The rules in force are the last; where nothing was ever set, nothing set is no change.
-- name: rules_set :maybe
INSERT INTO municipality_rules (municipality, since, first_talk_days, first_talk_urgent_days, team_services, team_step)
SELECT $1, $2::timestamptz, $3::integer, $4::integer, $5::integer, $6::integer
  FROM (SELECT) one
  LEFT JOIN LATERAL (SELECT * FROM municipality_rules WHERE municipality = $1 ORDER BY since DESC LIMIT 1) last ON true
 WHERE ($3::integer, $4::integer, $5::integer, $6::integer)
       IS DISTINCT FROM (last.first_talk_days, last.first_talk_urgent_days, last.team_services, last.team_step)
ON CONFLICT (municipality, since) DO UPDATE
   SET first_talk_days = excluded.first_talk_days, first_talk_urgent_days = excluded.first_talk_urgent_days,
       team_services = excluded.team_services, team_step = excluded.team_step
RETURNING since;

-- name: templates_set :any
INSERT INTO letter_templates (municipality, kind, language, since, text)
SELECT $1, kind, language, $2::timestamptz, text FROM unnest($3::text[], $4::text[], $5::text[]) AS t (kind, language, text)
 WHERE text IS DISTINCT FROM (SELECT old.text FROM letter_templates old
                               WHERE old.municipality = $1 AND old.kind = t.kind AND old.language = t.language
                               ORDER BY since DESC LIMIT 1)
ON CONFLICT (municipality, kind, language, since) DO UPDATE SET text = excluded.text
RETURNING kind || '.' || language AS what, text IS NOT NULL AS added;

-- name: login_set :any
INSERT INTO staff_logins (municipality, issuer, client, roles_claim, role_map) VALUES ($1, $2, $3, $4, $5::json)
ON CONFLICT (municipality) DO UPDATE
   SET issuer = excluded.issuer, client = excluded.client, roles_claim = excluded.roles_claim, role_map = excluded.role_map
 WHERE (staff_logins.issuer, staff_logins.client, staff_logins.roles_claim, staff_logins.role_map::text)
       IS DISTINCT FROM (excluded.issuer, excluded.client, excluded.roles_claim, excluded.role_map::text)
RETURNING 'staff login' AS what, xmax = 0 AS added;

-- name: login_drop :any
DELETE FROM staff_logins WHERE municipality = $1 RETURNING 'staff login' AS what, false AS added;

-- An organisation keeps the name that it was first let in under: other municipalities know it by that.
-- name: systems_let_in :any
INSERT INTO clients (organisation, name, municipalities)
SELECT organisation, name, ARRAY[$3] FROM unnest($1::text[], $2::text[]) AS t (organisation, name)
ON CONFLICT (organisation) DO UPDATE SET municipalities = clients.municipalities || excluded.municipalities
 WHERE NOT clients.municipalities @> excluded.municipalities
RETURNING organisation AS what, true AS added;

-- name: systems_shut_out :any
WITH stay AS (
    SELECT organisation FROM unnest($1::text[], $2::text[]) AS t (organisation, name)
), gone AS (
    DELETE FROM clients WHERE municipalities = ARRAY[$3::text] AND organisation NOT IN (SELECT organisation FROM stay) RETURNING organisation
), fewer AS (
    UPDATE clients SET municipalities = array_remove(municipalities, $3::text)
     WHERE municipalities @> ARRAY[$3::text] AND municipalities <> ARRAY[$3::text]
       AND organisation NOT IN (SELECT organisation FROM stay) RETURNING organisation
)
SELECT organisation AS what, false AS added FROM gone UNION ALL SELECT organisation, false FROM fewer;

-- name: municipalities_list :any
SELECT number, name, (SELECT count(*) FROM teams WHERE municipality = number AND NOT closed) AS teams,
       (SELECT count(*) FROM staff WHERE municipality = number) AS staff,
       EXISTS (SELECT FROM staff_logins WHERE municipality = number) AS login
  FROM municipalities ORDER BY number;
-- name: key_uses_look :any
SELECT place, purpose, key, named FROM key_uses ORDER BY purpose, key, place;

-- name: damaged_look :any
SELECT place, count(*) AS damaged FROM damaged_values GROUP BY place ORDER BY place;
