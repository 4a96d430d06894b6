-- SPDX-License-Identifier: EUPL-1.2
-- Which cases have no outcome yet, so that looking after them costs as much as there are of them.
-- migrate:up
SET ROLE tillit_owner;
-- An application has its outcome when its service has started (EFFECTUATED) or its case has ended for good. A column of its
-- own because an index over the status would be written at each of a case's moves; this changes once or twice in its life.
ALTER TABLE cases ADD COLUMN under_way boolean NOT NULL GENERATED ALWAYS AS
    (status NOT IN ('EFFECTUATED', 'CLOSED', 'WITHDRAWN', 'DISMISSED', 'FORWARDED', 'DECEASED')) STORED;
CREATE INDEX cases_under_way ON cases (municipality, received_at) INCLUDE (id) WHERE under_way;
-- Nothing is written here until a deadline is missed.
CREATE INDEX deadlines_missed ON deadlines (case_id) INCLUDE (due_at, municipality)
    WHERE missed_at IS NOT NULL AND met_at IS NULL AND void_at IS NULL;
RESET ROLE;

-- migrate:down
SET ROLE tillit_owner;
DROP INDEX deadlines_missed;
DROP INDEX cases_under_way;
ALTER TABLE cases DROP COLUMN under_way;
RESET ROLE;
