# SPDX-License-Identifier: EUPL-1.2
"""What has come into the access log since."""
import os

import psycopg


def newest(system):
    """What is logged so far; a clock that was moved has ids ahead of ours."""
    return [i for i, in system.rows("SELECT id::text FROM access_log")]


def rows_since(system, since):
    with psycopg.connect(os.environ["TILLIT_MIGRATE_URL"], row_factory=psycopg.rows.dict_row) as db:
        return db.execute("SELECT id::text, municipality, kind, who, name, unit, role, what, act, case_id::text, reason, request_id::text FROM access_log WHERE id::text <> ALL (%s) ORDER BY id", [since]).fetchall()
