-- SPDX-License-Identifier: EUPL-1.2
-- Teams' meetings and what they look at, the early talk as a task, and every deadline as a row.
-- migrate:up
SET ROLE tillit_owner;

CREATE TABLE meetings (
    id           uuid PRIMARY KEY,
    municipality text NOT NULL REFERENCES municipalities,
    team_id      uuid NOT NULL REFERENCES teams,
    starts_at    timestamptz NOT NULL,
    ends_at      timestamptz NOT NULL,
    slots        integer NOT NULL,
    slot_minutes integer NOT NULL,
    CHECK (ends_at > starts_at),
    UNIQUE (team_id, starts_at)
);
COMMENT ON TABLE meetings IS 'A team''s meetings, some weeks ahead.';

CREATE TABLE agenda_items (
    id           uuid PRIMARY KEY,
    municipality text NOT NULL,
    meeting_id   uuid NOT NULL REFERENCES meetings,
    team_id      uuid NOT NULL REFERENCES teams,
    case_id      uuid NOT NULL REFERENCES cases,
    cause_seq    integer NOT NULL,   -- the event that put it here
    starts_at    timestamptz NOT NULL,
    ends_at      timestamptz NOT NULL,
    late         boolean NOT NULL,   -- later than 7 days before preliminary_reply
    UNIQUE (case_id, cause_seq),
    CONSTRAINT agenda_items_no_overlap
        EXCLUDE USING gist (team_id WITH =, tstzrange(starts_at, ends_at) WITH &&)
);
COMMENT ON TABLE agenda_items IS 'A case''s place in a meeting. No team is double-booked, whatever the programs do.';
CREATE INDEX agenda_items_by_meeting ON agenda_items (meeting_id, starts_at);

CREATE TABLE tasks (
    id           uuid PRIMARY KEY,
    municipality text NOT NULL,
    case_id      uuid NOT NULL,
    cause_seq    integer NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('first_talk')),
    due_at       timestamptz NOT NULL,
    done_at      timestamptz,
    UNIQUE (case_id, kind, cause_seq)
) WITH (fillfactor = 70);
COMMENT ON TABLE tasks IS 'What staff are to do: the early talk.';

CREATE TABLE deadlines (
    case_id      uuid NOT NULL,
    kind         text NOT NULL,      -- a row of common/case/deadline.c
    municipality text NOT NULL,
    due_at       timestamptz NOT NULL,
    near_at      timestamptz NOT NULL,
    source       text NOT NULL,      -- the law or promise
    near_said_at timestamptz,
    missed_at    timestamptz,        -- when deadline.missed was said
    met_at       timestamptz,
    void_at      timestamptz,
    PRIMARY KEY (case_id, kind),
    CHECK (near_at <= due_at)
) WITH (fillfactor = 70);
COMMENT ON TABLE deadlines IS 'Every deadline of a case. met_at: met; void_at: void (the case ended first); missed_at: missed; else open.';
-- One index for what comes next: no deadline is near after it is due.
CREATE INDEX deadlines_next ON deadlines ((CASE WHEN near_said_at IS NULL THEN near_at ELSE due_at END)) INCLUDE (case_id, municipality)
    WHERE missed_at IS NULL AND met_at IS NULL AND void_at IS NULL;
-- Nothing is written here until a deadline is missed.
CREATE INDEX deadlines_missed ON deadlines (case_id) INCLUDE (due_at, municipality)
    WHERE missed_at IS NOT NULL AND met_at IS NULL AND void_at IS NULL;

CREATE TRIGGER tasks_cases_are_there AFTER INSERT ON tasks REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION cases_are_there();
CREATE TRIGGER tasks_case_stays BEFORE UPDATE OF case_id ON tasks FOR EACH ROW EXECUTE FUNCTION case_stays();
CREATE TRIGGER deadlines_cases_are_there AFTER INSERT ON deadlines REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION cases_are_there();
CREATE TRIGGER deadlines_case_stays BEFORE UPDATE OF case_id ON deadlines FOR EACH ROW EXECUTE FUNCTION case_stays();

SELECT keep_tenants_apart(name::regclass) FROM unnest(ARRAY['meetings', 'agenda_items', 'tasks', 'deadlines']) name;
CREATE POLICY operator ON deadlines FOR SELECT TO tillit_ops USING (true);
RESET ROLE;

-- migrate:down
