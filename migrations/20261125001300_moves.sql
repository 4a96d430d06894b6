-- SPDX-License-Identifier: EUPL-1.2
-- Whether a case may move is asked at each of its moves: looking it up in case_moves took longer than all else that the move
-- writes. The answer is a function made from the table's rows, and made again when they change.
-- migrate:up
SET ROLE tillit_owner;
CREATE FUNCTION case_moves_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE OR REPLACE FUNCTION case_moves_to(from_status text) RETURNS text[] LANGUAGE sql IMMUTABLE AS %L',
        (SELECT 'SELECT CASE from_status ' || string_agg(format('WHEN %L THEN %L::text[]', from_status, tos), ' ') || ' ELSE ''{}'' END'
           FROM (SELECT from_status, array_agg(DISTINCT to_status) AS tos FROM case_moves GROUP BY from_status) t));
    RETURN NULL;
END
$$;
CREATE TRIGGER case_moves_made AFTER INSERT OR UPDATE OR DELETE ON case_moves
    FOR EACH STATEMENT EXECUTE FUNCTION case_moves_made();
UPDATE case_moves SET actor = actor; -- makes it now

CREATE OR REPLACE FUNCTION case_may_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> ALL (case_moves_to(OLD.status)) OR
       (OLD.status = 'WAITING' AND NEW.status IN ('TRIAGED', 'DIALOGUE', 'ASSESSMENT', 'TEAM', 'READY')
        AND NEW.status <> OLD.resume_status) THEN
        RAISE EXCEPTION 'a case cannot move from % to %', OLD.status, NEW.status
              USING ERRCODE = 'TC001';
    END IF;
    RETURN NEW;
END
$$;
-- The trigger read the table as the program that moves; nobody needs to any more.
REVOKE SELECT ON case_moves FROM tillit_api, tillit_triage, tillit_scheduling, tillit_letters;
DELETE FROM role_grants WHERE "table" = 'case_moves';
RESET ROLE;

-- migrate:down
SET ROLE tillit_owner;
INSERT INTO role_grants (role, "table", privilege)
SELECT 'tillit_' || program, 'case_moves', 'SELECT' FROM unnest(ARRAY['api', 'triage', 'scheduling', 'letters']) program;
CREATE OR REPLACE FUNCTION case_may_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status IS DISTINCT FROM OLD.status AND
       (NOT EXISTS (SELECT FROM case_moves WHERE from_status = OLD.status AND to_status = NEW.status)
        OR (OLD.status = 'WAITING' AND NEW.status IN ('TRIAGED', 'DIALOGUE', 'ASSESSMENT', 'TEAM', 'READY')
            AND NEW.status <> OLD.resume_status)) THEN
        RAISE EXCEPTION 'a case cannot move from % to %', OLD.status, NEW.status
              USING ERRCODE = 'TC001';
    END IF;
    RETURN NEW;
END
$$;
DROP TRIGGER case_moves_made ON case_moves;
DROP FUNCTION case_moves_made();
DROP FUNCTION case_moves_to(text);
RESET ROLE;
