-- SPDX-License-Identifier: EUPL-1.2
-- A case moves in the same write that numbers its event, and a deadline has one index: what comes next.
-- migrate:up
SET ROLE tillit_owner;
DROP TRIGGER case_may_move ON cases;
CREATE TRIGGER case_may_move BEFORE UPDATE OF status ON cases
    FOR EACH ROW WHEN (NEW.status IS DISTINCT FROM OLD.status) EXECUTE FUNCTION case_may_move();

-- No deadline is near after it is due.
ALTER TABLE deadlines ADD CHECK (near_at <= due_at);
CREATE INDEX deadlines_next ON deadlines ((CASE WHEN near_said_at IS NULL THEN near_at ELSE due_at END)) INCLUDE (case_id, municipality)
    WHERE missed_at IS NULL AND met_at IS NULL AND void_at IS NULL;
DROP INDEX deadlines_near, deadlines_due;
RESET ROLE;

-- migrate:down
SET ROLE tillit_owner;
CREATE INDEX deadlines_near ON deadlines (near_at)
    WHERE near_said_at IS NULL AND missed_at IS NULL AND met_at IS NULL AND void_at IS NULL;
CREATE INDEX deadlines_due ON deadlines (due_at)
    WHERE missed_at IS NULL AND met_at IS NULL AND void_at IS NULL;
DROP INDEX deadlines_next;
ALTER TABLE deadlines DROP CONSTRAINT deadlines_check;
DROP TRIGGER case_may_move ON cases;
CREATE TRIGGER case_may_move BEFORE UPDATE OF status ON cases
    FOR EACH ROW EXECUTE FUNCTION case_may_move();
RESET ROLE;
