-- SPDX-License-Identifier: EUPL-1.2
-- Cases, what hangs on them, and talks that were held.
-- migrate:up
SET ROLE tillit_owner;

-- A case is written five times on its first day; with room on its page its indexes are left alone.
CREATE TABLE cases (
    id             uuid PRIMARY KEY,
    municipality   text NOT NULL REFERENCES municipalities,
    reference      text NOT NULL UNIQUE,
    status         text NOT NULL,
    resume_status  text,             -- where WAITING returns to
    last_seq       integer NOT NULL, -- the number of the case's last event
    last_event_at  timestamptz NOT NULL,
    received_at    timestamptz NOT NULL,
    urgent         boolean NOT NULL DEFAULT false,
    shielded       boolean NOT NULL DEFAULT false,
    joint          boolean NOT NULL DEFAULT false,
    preliminary_reply_sent boolean NOT NULL DEFAULT false,
    department     text CHECK (department IN ('ho', 'il', 'both', 'forward')),
    path           text CHECK (path IN ('caseworker', 'team', 'urgent')),
    priority       text CHECK (priority IN ('p0', 'p1', 'p2', 'p3')),
    step_asked     integer CHECK (step_asked BETWEEN 0 AND 6),
    lower_services text[] NOT NULL DEFAULT '{}',
    rules          json NOT NULL DEFAULT '[]',  -- [{id, text}]: which rules fired, and why in words
    rule_set       text,
    -- An application has its outcome when its service has started (EFFECTUATED) or its case has ended for good. A column of
    -- its own because an index over the status would be written at each move; this changes once or twice in a case's life.
    under_way      boolean NOT NULL GENERATED ALWAYS AS
        (status NOT IN ('EFFECTUATED', 'CLOSED', 'WITHDRAWN', 'DISMISSED', 'FORWARDED', 'DECEASED')) STORED,
    CHECK ((status = 'WAITING') = (resume_status IS NOT NULL))
) WITH (fillfactor = 50);
COMMENT ON TABLE cases IS 'A case, where it is in its life, and what triage made of it.';
CREATE INDEX cases_by_municipality ON cases (municipality, received_at);
CREATE INDEX cases_under_way ON cases (municipality, received_at) INCLUDE (id) WHERE under_way;
CREATE TRIGGER case_may_move BEFORE UPDATE OF status ON cases
    FOR EACH ROW WHEN (NEW.status IS DISTINCT FROM OLD.status) EXECUTE FUNCTION case_may_move();

-- What hangs on a case has the case's municipality, which is checked there: a second look-up per row was a tenth of every
-- accept and a quarter of planning. What comes by the hundred is looked at a statement at a time: a foreign key's look for
-- each row's case was half of what their insert took. A case is never deleted (its application's foreign key sees to
-- that), so that what was there once is there for good and needs no lock. Who writes may not see cases: it looks as the owner.
CREATE FUNCTION cases_are_there() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM added WHERE NOT EXISTS (SELECT FROM cases WHERE cases.id = added.case_id)) THEN
        RAISE EXCEPTION 'a row of % has no case', TG_TABLE_NAME
              USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION cases_are_there IS 'The foreign key to cases, for a statement''s rows together.';

CREATE FUNCTION case_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the case of a row of % can not be changed', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation';
END
$$;
COMMENT ON FUNCTION case_stays IS 'What hangs on a case stays with it.';

CREATE TABLE contacts (
    id           uuid PRIMARY KEY,
    municipality text NOT NULL REFERENCES municipalities,
    case_id      uuid NOT NULL REFERENCES cases,
    case_seq     integer NOT NULL,   -- the event that told of it
    kind         text NOT NULL CHECK (kind IN ('phone', 'visit', 'meeting', 'video')),
    with_whom    text[] NOT NULL,
    two_way      boolean NOT NULL,
    at           timestamptz NOT NULL,
    UNIQUE (case_id, case_seq)
);
COMMENT ON TABLE contacts IS 'Talks that were held, or tried: when, how and with whom.';

SELECT keep_tenants_apart(name::regclass) FROM unnest(ARRAY['cases', 'contacts']) name;
-- Operators' own program sees the queues of all municipalities.
CREATE POLICY operator ON cases FOR SELECT TO tillit_ops USING (true);
RESET ROLE;

-- migrate:down
