-- SPDX-License-Identifier: EUPL-1.2
-- Municipalities and what each has set: who works there, in which teams, its rules, and its words in letters.
-- migrate:up
SET ROLE tillit_owner;

CREATE TABLE municipalities (
    number       text PRIMARY KEY CHECK (number ~ '^[0-9]{4}$'),
    name         text NOT NULL,           -- "Askøy kommune"
    phone        text,
    address      text,
    organisation text UNIQUE CHECK (organisation ~ '^[0-9]{9}$'),
    web          text,
    accent       text CHECK (accent ~ '^#[0-9a-f]{6}$')
);
COMMENT ON TABLE municipalities IS 'Whom this installation serves, and how they look to those who apply.';

CREATE TABLE staff (
    id           uuid PRIMARY KEY,
    municipality text NOT NULL REFERENCES municipalities,
    name         text NOT NULL,
    role         text NOT NULL CHECK (role IN ('caseworker', 'team_member', 'team_leader', 'benefit_owner',
                                               'privacy_officer', 'administrator', 'operator')),
    subject      text,                    -- what their issuer calls them (sub); NULL = has no login
    unit         text,
    named        boolean NOT NULL DEFAULT false, -- by their municipality's pack; else they came by their login
    UNIQUE (municipality, name),
    UNIQUE (municipality, subject) DEFERRABLE INITIALLY DEFERRED
);
COMMENT ON TABLE staff IS 'Who works there. Who has left has no login any more; the row stays, for what they did names them.';

CREATE TABLE teams (
    id           uuid PRIMARY KEY,
    municipality text NOT NULL REFERENCES municipalities,
    code         text NOT NULL,           -- "ho-vurderingsteam"
    name         text NOT NULL,
    department   text NOT NULL CHECK (department IN ('ho', 'il')),
    weekday      integer NOT NULL CHECK (weekday BETWEEN 1 AND 7),  -- ISO 8601: 1 = Monday
    starts       time NOT NULL,           -- Europe/Oslo
    slots        integer NOT NULL CHECK (slots BETWEEN 1 AND 100),
    slot_minutes integer NOT NULL CHECK (slot_minutes BETWEEN 5 AND 120),
    closed       boolean NOT NULL DEFAULT false, -- gets no more cases
    UNIQUE (municipality, code)
);
COMMENT ON TABLE teams IS 'Teams that meet each week, and how many cases a meeting has room for.';

CREATE TABLE team_members (
    team_id      uuid NOT NULL REFERENCES teams,
    staff_id     uuid NOT NULL REFERENCES staff,
    municipality text NOT NULL REFERENCES municipalities,
    profession   text NOT NULL,
    PRIMARY KEY (team_id, staff_id)
);
COMMENT ON TABLE team_members IS 'Who is of which team, and as what.';

CREATE TABLE municipality_rules (
    municipality           text NOT NULL REFERENCES municipalities,
    since                  timestamptz NOT NULL,
    first_talk_days        integer CHECK (first_talk_days BETWEEN 1 AND 10),
    first_talk_urgent_days integer CHECK (first_talk_urgent_days BETWEEN 1 AND 3),
    team_services          integer CHECK (team_services BETWEEN 2 AND 10),
    team_step              integer CHECK (team_step BETWEEN 2 AND 6),
    PRIMARY KEY (municipality, since)
);
COMMENT ON TABLE municipality_rules IS 'What a municipality has set for applications received from a time on; NULL = as the house has it '
    '(common/case/rules.c). Rows stay: an old case keeps its rules, whoever counts and whenever.';

CREATE TABLE letter_templates (
    municipality text NOT NULL REFERENCES municipalities,
    kind         text NOT NULL,
    language     text NOT NULL,
    since        timestamptz NOT NULL,
    text         text,                    -- Markdown
    PRIMARY KEY (municipality, kind, language, since)
);
COMMENT ON TABLE letter_templates IS 'A municipality''s own words in place of ours; the latest is in use, NULL = ours again. '
    'A letter names its template by hash: rows stay.';

CREATE TABLE clients (
    organisation   text PRIMARY KEY CHECK (organisation ~ '^[0-9]{9}$'),
    name           text NOT NULL,
    municipalities text[] NOT NULL CHECK (cardinality(municipalities) > 0)
);
COMMENT ON TABLE clients IS 'Other systems'' organisations that may come, and for which municipalities: that Maskinporten gave one a scope '
    'is not enough.';

SELECT keep_tenants_apart(name::regclass)
  FROM unnest(ARRAY['staff', 'teams', 'team_members', 'municipality_rules', 'letter_templates']) name;
CREATE POLICY operator ON staff TO tillit_ops USING (true) WITH CHECK (true);
CREATE POLICY operator ON teams TO tillit_ops USING (true) WITH CHECK (true);
CREATE POLICY operator ON team_members TO tillit_ops USING (true) WITH CHECK (true);
CREATE POLICY operator ON municipality_rules TO tillit_ops USING (true) WITH CHECK (true);
CREATE POLICY operator ON letter_templates TO tillit_ops USING (true) WITH CHECK (true);
RESET ROLE;

-- migrate:down
