-- SPDX-License-Identifier: EUPL-1.2
-- Teams and their meetings, the early talk as a task, and every deadline as a row.
-- migrate:up
SET ROLE tillit_owner;

CREATE TABLE staff (
    id           uuid PRIMARY KEY,
    municipality text NOT NULL REFERENCES municipalities,
    name         text NOT NULL,
    role         text NOT NULL CHECK (role IN ('caseworker', 'team_member', 'team_leader', 'benefit_owner',
                                               'privacy_officer', 'administrator', 'operator'))
);

CREATE TABLE teams (
    id           uuid PRIMARY KEY,
    municipality text NOT NULL REFERENCES municipalities,
    code         text NOT NULL,      -- "ho-vurderingsteam"
    name         text NOT NULL,
    department   text NOT NULL CHECK (department IN ('ho', 'il')),
    weekday      integer NOT NULL CHECK (weekday BETWEEN 1 AND 7),  -- ISO 8601: 1 = Monday
    starts       time NOT NULL,      -- Europe/Oslo
    slots        integer NOT NULL CHECK (slots BETWEEN 1 AND 100),
    slot_minutes integer NOT NULL CHECK (slot_minutes BETWEEN 5 AND 120),
    UNIQUE (municipality, code)
);

CREATE TABLE team_members (
    team_id      uuid NOT NULL REFERENCES teams,
    staff_id     uuid NOT NULL REFERENCES staff,
    municipality text NOT NULL REFERENCES municipalities,
    profession   text NOT NULL,
    PRIMARY KEY (team_id, staff_id)
);

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

CREATE TABLE agenda_items (
    id           uuid PRIMARY KEY,
    municipality text NOT NULL REFERENCES municipalities,
    meeting_id   uuid NOT NULL REFERENCES meetings,
    team_id      uuid NOT NULL REFERENCES teams,
    case_id      uuid NOT NULL REFERENCES cases,
    cause_seq    integer NOT NULL,   -- the event that put it here
    starts_at    timestamptz NOT NULL,
    ends_at      timestamptz NOT NULL,
    late         boolean NOT NULL,   -- later than 7 days before preliminary_reply
    UNIQUE (case_id, cause_seq),
    -- No team is double-booked, whatever the programs do.
    CONSTRAINT agenda_items_no_overlap
        EXCLUDE USING gist (team_id WITH =, tstzrange(starts_at, ends_at) WITH &&)
);
CREATE INDEX agenda_items_by_meeting ON agenda_items (meeting_id, starts_at);

CREATE TABLE tasks (
    id           uuid PRIMARY KEY,
    municipality text NOT NULL REFERENCES municipalities,
    case_id      uuid NOT NULL REFERENCES cases,
    cause_seq    integer NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('first_talk')),
    due_at       timestamptz NOT NULL,
    done_at      timestamptz,
    UNIQUE (case_id, kind, cause_seq)
) WITH (fillfactor = 70);

-- state: met_at -> met, void_at -> void (the case ended first), missed_at -> missed, else open.
CREATE TABLE deadlines (
    case_id      uuid NOT NULL REFERENCES cases,
    kind         text NOT NULL,      -- a row of common/case/deadline.c
    municipality text NOT NULL REFERENCES municipalities,
    due_at       timestamptz NOT NULL,
    near_at      timestamptz NOT NULL,
    source       text NOT NULL,      -- the law or promise
    near_said_at timestamptz,
    missed_at    timestamptz,        -- when deadline.missed was said
    met_at       timestamptz,
    void_at      timestamptz,
    PRIMARY KEY (case_id, kind)
) WITH (fillfactor = 70);
CREATE INDEX deadlines_near ON deadlines (near_at)
    WHERE near_said_at IS NULL AND missed_at IS NULL AND met_at IS NULL AND void_at IS NULL;
CREATE INDEX deadlines_due ON deadlines (due_at)
    WHERE missed_at IS NULL AND met_at IS NULL AND void_at IS NULL;

SELECT keep_tenants_apart(name::regclass)
  FROM unnest(ARRAY['staff', 'teams', 'team_members', 'meetings', 'agenda_items', 'tasks', 'deadlines']) name;
RESET ROLE;

-- migrate:down
SET ROLE tillit_owner;
DROP TABLE deadlines, tasks, agenda_items, meetings, team_members, teams, staff;
RESET ROLE;
