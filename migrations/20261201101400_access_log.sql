-- SPDX-License-Identifier: EUPL-1.2
-- Who saw, changed or looked up what of a person, or was refused: rows that no program may change, each with its own HMAC,
-- chained per municipality by a tick.
-- migrate:up
SET ROLE tillit_owner;

CREATE TABLE access_log (
    id           uuid NOT NULL,
    municipality text NOT NULL,
    at           timestamptz NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('citizen', 'staff', 'system')),
    who          text NOT NULL,      -- staff's id, "0192:..." of a system, a citizen's pseudonym, "operator:" and the machine's user of
                                     -- who uses the command line; "none": nobody had logged in
    name         text,               -- of staff, or of the system's organisation, as it was; what an operator calls themself
    unit         text,               -- of staff
    role         text,               -- by which staff came in
    what         text NOT NULL,      -- a row of common/who/access.def; of a refusal the route
    act          text NOT NULL CHECK (act IN ('read', 'write', 'look_up', 'refused', 'emergency')),
    case_id      uuid,               -- of a refusal, where there is no such case, what was asked for
    reason       bytea,              -- sealed, and never sealed anew: it is part of what the HMAC is of
    request_id   uuid,
    mac          bytea NOT NULL CHECK (length(mac) = 36), -- key id (4) and HMAC over all other columns (common/who/chain.h)
    PRIMARY KEY (municipality, id)
);
COMMENT ON TABLE access_log IS 'Who saw, changed or looked up what of a person, or was refused. No program may change a row, and each has its '
    'own HMAC.';
CREATE INDEX access_log_by_case ON access_log (case_id, id);

-- Without an index: it is short, and read as a whole.
CREATE TABLE access_unchained (
    municipality text NOT NULL,
    access_id    uuid NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
COMMENT ON TABLE access_unchained IS 'What the chain does not hold yet: the statement that logs puts it here, so that a row which becomes visible '
    'late is chained late, and none is passed over.';

CREATE TABLE access_chain (
    municipality text NOT NULL,
    n            bigint NOT NULL CHECK (n > 0),
    access_id    uuid NOT NULL,
    h            bytea NOT NULL CHECK (length(h) = 36), -- key id (4) and HMAC over the one before it and the row
    PRIMARY KEY (municipality, n),
    UNIQUE (municipality, access_id)
);
COMMENT ON TABLE access_chain IS 'The rows of the access log in a chain, one per municipality: what is taken away or put between shows.';

SELECT keep_tenants_apart(name::regclass) FROM unnest(ARRAY['access_log', 'access_unchained', 'access_chain']) name;
CREATE POLICY operator ON access_log FOR SELECT TO tillit_ops USING (true);
CREATE POLICY operator ON access_chain FOR SELECT TO tillit_ops USING (true);
CREATE POLICY operator_logs ON access_log FOR INSERT TO tillit_ops WITH CHECK (true);
CREATE POLICY operator_logs ON access_unchained FOR INSERT TO tillit_ops WITH CHECK (true);
RESET ROLE;

-- migrate:down
