-- SPDX-License-Identifier: EUPL-1.2
-- The life of a case: from where it may go to where, and by whom.
-- migrate:up
SET ROLE tillit_owner;

CREATE TABLE case_moves (
    from_status text NOT NULL,
    to_status   text NOT NULL,
    actor       text NOT NULL,
    PRIMARY KEY (from_status, to_status, actor)
);
COMMENT ON TABLE case_moves IS 'The life of a case: a copy of common/case/status.def, compared by a test.';

-- Looking a move up in the table took longer than all else that the move writes, so the answer is a function made
-- from the table's rows, and made again when they change.
CREATE FUNCTION case_moves_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE OR REPLACE FUNCTION case_moves_to(from_status text) RETURNS text[] LANGUAGE sql IMMUTABLE AS %L',
        (SELECT 'SELECT CASE from_status ' || string_agg(format('WHEN %L THEN %L::text[]', from_status, tos), ' ') || ' ELSE ''{}'' END'
           FROM (SELECT from_status, array_agg(DISTINCT to_status) AS tos FROM case_moves GROUP BY from_status) t));
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION case_moves_made IS 'Makes case_moves_to() of the rows of case_moves.';
CREATE TRIGGER case_moves_made AFTER INSERT OR UPDATE OR DELETE ON case_moves
    FOR EACH STATEMENT EXECUTE FUNCTION case_moves_made();

INSERT INTO case_moves (from_status, to_status, actor)
VALUES ('RECEIVED',    'TRIAGED',     'TRIAGE'),
       ('TRIAGED',     'DIALOGUE',    'SCHEDULING'),
       ('DIALOGUE',    'ASSESSMENT',  'CASEWORKER'),
       ('ASSESSMENT',  'TEAM',        'TEAM_LEADER'),
       ('ASSESSMENT',  'READY',       'CASEWORKER'),
       ('TEAM',        'READY',       'CASEWORKER'),
       ('READY',       'DECIDED',     'CASEWORKER'),
       ('DECIDED',     'NOTIFIED',    'LETTERS'),
       ('NOTIFIED',    'EFFECTUATED', 'CASEWORKER'),
       ('NOTIFIED',    'EFFECTUATED', 'SYSTEM'),
       ('NOTIFIED',    'CLOSED',      'SCHEDULING'),
       ('EFFECTUATED', 'CLOSED',      'SCHEDULING'),
       ('DECIDED',     'ASSESSMENT',  'CASEWORKER'),
       ('NOTIFIED',    'ASSESSMENT',  'CASEWORKER'),
       ('EFFECTUATED', 'ASSESSMENT',  'CASEWORKER')
UNION ALL
SELECT status, 'WAITING', 'CASEWORKER' FROM unnest(ARRAY['TRIAGED', 'DIALOGUE', 'ASSESSMENT', 'TEAM', 'READY']) status
UNION ALL
SELECT 'WAITING', status, 'CASEWORKER' FROM unnest(ARRAY['TRIAGED', 'DIALOGUE', 'ASSESSMENT', 'TEAM', 'READY']) status
UNION ALL
SELECT undecided, ending.status, ending.actor
  FROM unnest(ARRAY['RECEIVED', 'TRIAGED', 'DIALOGUE', 'ASSESSMENT', 'TEAM', 'READY', 'WAITING']) undecided,
       (VALUES ('WITHDRAWN', 'APPLICANT'), ('DISMISSED', 'CASEWORKER'), ('FORWARDED', 'CASEWORKER')) ending (status, actor)
UNION ALL
SELECT status, 'DECEASED', 'SYSTEM'
  FROM unnest(ARRAY['RECEIVED', 'TRIAGED', 'DIALOGUE', 'ASSESSMENT', 'TEAM', 'READY', 'WAITING', 'DECIDED',
                    'NOTIFIED', 'EFFECTUATED', 'WITHDRAWN', 'DISMISSED', 'FORWARDED']) status;
COMMENT ON FUNCTION case_moves_to IS 'Where a case may go from there.';

CREATE FUNCTION case_may_move() RETURNS trigger LANGUAGE plpgsql AS $$
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
COMMENT ON FUNCTION case_may_move IS 'A case that would go where it may not is refused (TC001).';
RESET ROLE;

-- migrate:down
