-- SPDX-License-Identifier: EUPL-1.2
-- Deadlines and tasks come by the hundred, and a foreign key looks for each row's case by itself: half of what their insert took.
-- Here a statement's rows are looked at together. A case is never deleted (its application's foreign key sees to that), so that
-- what was there once is there for good and needs no lock.
-- migrate:up
SET ROLE tillit_owner;
CREATE FUNCTION cases_are_there() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added WHERE NOT EXISTS (SELECT FROM cases WHERE cases.id = added.case_id)) THEN
        RAISE EXCEPTION 'a row of % has no case', TG_TABLE_NAME
              USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME;
    END IF;
    RETURN NULL;
END
$$;
ALTER TABLE deadlines DROP CONSTRAINT deadlines_case_id_fkey;
ALTER TABLE tasks DROP CONSTRAINT tasks_case_id_fkey;
CREATE TRIGGER deadlines_cases_are_there AFTER INSERT ON deadlines REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION cases_are_there();
CREATE TRIGGER tasks_cases_are_there AFTER INSERT ON tasks REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION cases_are_there();
CREATE FUNCTION case_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the case of a row of % can not be changed', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation';
END
$$;
CREATE TRIGGER deadlines_case_stays BEFORE UPDATE OF case_id ON deadlines FOR EACH ROW EXECUTE FUNCTION case_stays();
CREATE TRIGGER tasks_case_stays BEFORE UPDATE OF case_id ON tasks FOR EACH ROW EXECUTE FUNCTION case_stays();
RESET ROLE;

-- migrate:down
SET ROLE tillit_owner;
DROP TRIGGER tasks_case_stays ON tasks;
DROP TRIGGER deadlines_case_stays ON deadlines;
DROP FUNCTION case_stays();
DROP TRIGGER tasks_cases_are_there ON tasks;
DROP TRIGGER deadlines_cases_are_there ON deadlines;
DROP FUNCTION cases_are_there();
ALTER TABLE tasks ADD FOREIGN KEY (case_id) REFERENCES cases;
ALTER TABLE deadlines ADD FOREIGN KEY (case_id) REFERENCES cases;
RESET ROLE;
