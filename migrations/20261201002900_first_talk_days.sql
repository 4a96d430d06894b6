-- SPDX-License-Identifier: EUPL-1.2
-- The day of the first talk is its deadline's own: those of acute and hospital cases were counted two days too late.
-- migrate:up
SET ROLE tillit_owner;
UPDATE case_facts SET dialogue_day = ((due_at - interval '1 second') AT TIME ZONE 'Europe/Oslo')::date
  FROM deadlines
 WHERE deadlines.case_id = case_facts.case_id AND kind = 'first_talk'
   AND dialogue_day <> ((due_at - interval '1 second') AT TIME ZONE 'Europe/Oslo')::date;
RESET ROLE;

-- migrate:down
