# SPDX-License-Identifier: EUPL-1.2
"""Puts the schema of a migrated database (TILLIT_MIGRATE_URL) into migrations/README.md, or with --check says that it is another."""
import json
import os
import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "migrations/README.md"
BEGIN, END = "<!-- the schema, by deploy/build/schema.py -->\n", "<!-- end of the schema -->"
ROLES = ["api", "intake", "worker", "triage", "scheduling", "letters", "upkeep", "metrics", "relay", "ops"]
RIGHTS = {"SELECT": "R", "INSERT": "I", "UPDATE": "U", "DELETE": "D"}

# Oids grow: tables come in the order of the migrations.
TABLES = """
SELECT c.relname AS name, obj_description(c.oid) AS what, c.relkind = 'v' AS view, c.relforcerowsecurity AS apart,
       json_agg(json_build_object('name', attname, 'type', format_type(atttypid, atttypmod), 'null', NOT attnotnull, 'key', attnum = ANY (pk.conkey),
                                  'made', attgenerated <> '', 'of', (SELECT confrelid::regclass::text FROM pg_constraint f
                                                                     WHERE f.conrelid = c.oid AND f.contype = 'f' AND f.conkey = ARRAY[attnum]))
                ORDER BY attnum) AS columns
  FROM pg_class c JOIN pg_attribute a ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
  LEFT JOIN pg_constraint pk ON pk.conrelid = c.oid AND pk.contype = 'p'
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v') AND c.relname <> 'schema_migrations'
 GROUP BY c.oid ORDER BY c.oid"""
GRANTS = """
SELECT c.relname AS table, substr(r.rolname, 8) AS role, acl.privilege_type AS right, given.attname AS column
  FROM (SELECT oid, NULL::name AS attname, 0 AS attnum, relacl AS acl FROM pg_class UNION ALL SELECT attrelid, attname, attnum, attacl FROM pg_attribute) given,
       aclexplode(given.acl) acl JOIN pg_roles r ON r.oid = grantee, pg_class c
 WHERE c.oid = given.oid AND c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v') AND c.relname <> 'schema_migrations'
   AND r.rolname LIKE 'tillit\\_%' AND r.rolname <> 'tillit_owner' ORDER BY 1, 2, 3, given.attnum"""
MOVES = "SELECT from_status AS was, to_status AS is, string_agg(lower(actor), ', ' ORDER BY actor) AS by FROM case_moves GROUP BY 1, 2 ORDER BY 1, 2"


def ask(sql):
    done = subprocess.run(["psql", "-qAtX", "-v", "ON_ERROR_STOP=1", os.environ["TILLIT_MIGRATE_URL"], "-c", f"SELECT coalesce(json_agg(t), '[]') FROM ({sql}) t"],
                          capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def column(one):
    notes = (" key" if one["key"] else "") + (" or none" if one["null"] else "") + (f" of {one['of']}" if one["of"] else "") + (" (made)" if one["made"] else "")
    return f"`{one['name']}` {one['type'].replace('timestamp with time zone', 'timestamptz')}{notes}"


def cell(given, table, role):
    """RIUD: of all columns; riu: of some, which are listed below the table."""
    letters = ""
    for right, letter in RIGHTS.items():
        columns = {g["column"] for g in given if (g["table"], g["role"], g["right"]) == (table, role, right)}
        letters += letter if None in columns else letter.lower() if columns else ""
    return letters


def some(given, table):
    whole = {(g["role"], g["right"]) for g in given if g["table"] == table and g["column"] is None}
    found = {}
    for g in given:
        if g["table"] == table and (g["role"], g["right"]) not in whole:
            found.setdefault((g["right"], g["role"]), []).append(f"`{g['column']}`")
    same = {}
    for (right, role), columns in found.items():
        same.setdefault((right, ", ".join(columns)), []).append(role)
    return [f"- {' and '.join(roles)} may {right.lower()} {columns}" for (right, columns), roles in sorted(same.items())]


def page():
    tables, given, moves = ask(TABLES), ask(GRANTS), ask(MOVES)
    nameless = [table["name"] for table in tables if not table["what"]] + sorted({g["role"] for g in given} - set(ROLES))
    if nameless:
        sys.exit(f"no COMMENT ON says what these are for, or ROLES does not know them: {', '.join(nameless)}")
    roles = [role for role in ROLES if any(g["role"] == role for g in given)]
    lines = ["### Who may do what", "", "R I U D: select, insert, update, delete; small: of some columns, listed with the table.", "",
             "| | " + " | ".join(roles) + " |", "|---" * (len(roles) + 1) + "|"]
    lines += [f"| [{t['name']}](#{t['name']}) | " + " | ".join(cell(given, t["name"], role) for role in roles) + " |" for t in tables]
    lines += ["", "### How a case moves", ""]
    for was in dict.fromkeys(m["was"] for m in moves):
        lines += [f"- {was} to " + ", ".join(f"{m['is']} ({m['by']})" for m in moves if m["was"] == was)]
    for t in tables:
        lines += ["", f"### {t['name']}", "", t["what"] + (" Rows are kept apart by municipality." if t["apart"] else ""), "",
                  ", ".join(map(column, t["columns"])), *([""] + s if (s := some(given, t["name"])) else [])]
    return "\n".join(lines) + "\n"


text = PAGE.read_text()
right = re.sub(re.escape(BEGIN) + ".*?" + re.escape(END), lambda _: BEGIN + page() + END, text, flags=re.S)
if "--check" not in sys.argv:
    PAGE.write_text(right)
elif text != right:
    sys.exit("migrations/README.md: not what the database has: TILLIT_MIGRATE_URL=... python3 deploy/build/schema.py")
