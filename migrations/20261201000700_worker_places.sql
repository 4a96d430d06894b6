-- SPDX-License-Identifier: EUPL-1.2
-- Where in each partition a worker is that goes on after an unclean end: it says so before it looks at the record. And
-- how often a tick has been begun since it last went well.
-- migrate:up
SET ROLE tillit_owner;
CREATE TABLE worker_places (
    consumer  text NOT NULL,
    topic     text NOT NULL,
    partition integer NOT NULL,
    "offset"  bigint NOT NULL,
    tries     integer NOT NULL,   -- of this offset, that have no good end yet
    case_id   uuid,               -- what the record rings for, once the log was found to have it
    case_seq  integer,
    type      text,
    PRIMARY KEY (consumer, topic, partition),
    CHECK ((case_id IS NULL) = (case_seq IS NULL) AND (case_id IS NULL) = (type IS NULL))
) WITH (fillfactor = 50);
ALTER TABLE tick_runs ADD COLUMN tries integer NOT NULL DEFAULT 0;
INSERT INTO role_grants (role, "table", privilege, columns)
SELECT 'tillit_' || worker, 'worker_places', privilege, NULL
  FROM unnest(ARRAY['triage', 'scheduling', 'letters', 'metrics']) worker, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE']) privilege;
RESET ROLE;

-- migrate:down
SET ROLE tillit_owner;
DELETE FROM role_grants WHERE "table" = 'worker_places';
DROP TABLE worker_places;
ALTER TABLE tick_runs DROP COLUMN tries;
RESET ROLE;
