-- SPDX-License-Identifier: EUPL-1.2
-- name: cases_triage :none
UPDATE cases SET urgent = t.urgent, joint = t.joint, department = t.department, path = t.path, priority = t.priority,
                 step_asked = t.step_asked::integer, lower_services = t.lower_services::text[],
                 rules = t.rules::json, rule_set = $10
  FROM unnest($1::uuid[], $2::boolean[], $3::boolean[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::text[],
              $9::text[])
    AS t (id, urgent, joint, department, path, priority, step_asked, lower_services, rules)
 WHERE cases.id = t.id;
