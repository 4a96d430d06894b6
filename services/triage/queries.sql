-- SPDX-License-Identifier: EUPL-1.2
-- name: case_triage :none
UPDATE cases SET urgent = $2::boolean, joint = $3::boolean, department = $4, path = $5, urgency = $6,
                 step_asked = $7::integer, lower_services = $8::text[], rules = $9::json, rule_set = $10
 WHERE id = $1::uuid;
