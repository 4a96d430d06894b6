# SPDX-License-Identifier: EUPL-1.2
"""What the database itself refuses."""
import os
import re
import subprocess

import psycopg
import pytest

import clock
from codes import CODES
from conftest import ROOT, application, until
from issuer import party


def as_role(role):
    return psycopg.connect(os.environ["DATABASE_URL"], user=role, autocommit=False)


@pytest.fixture
def neighbour(system):
    """Another municipality with a case of its own, made as the owner would."""
    system.rows("INSERT INTO municipalities (number, name) VALUES ('4601', 'Bergen kommune') ON CONFLICT DO NOTHING")
    system.rows("INSERT INTO clients (organisation, name, municipalities) VALUES ('310999989', 'Bergen journal', '{4601}') ON CONFLICT DO NOTHING")

    def taken():
        answer = system.post(application(seed=90, municipality="4601"), Authorization=system.logins.bearer(consumer=party("310999989")))
        return answer if answer.status_code == 201 else None
    case = until("the API to know the new municipality", taken)
    system.settle()
    return case.json()


def test_neither_municipality_sees_the_others_rows(system, neighbour):
    own = system.post(application(seed=91)).json()
    system.settle()
    with as_role("tillit_api") as db:
        for seen, hidden in (("4627", neighbour), ("4601", own)):
            db.execute("SELECT set_config('tillit.municipalities', %s, true)", [seen])
            for table, column in (("cases", "id"), ("applications", "case_id"), ("events", "case_id"),
                                  ("deadlines", "case_id"), ("letters", "case_id"), ("tasks", "case_id"), ("case_facts", "case_id"), ("case_parties", "case_id")):
                assert db.execute(f"SELECT count(*) FROM {table} WHERE {column} = %s", [hidden["case_id"]]).fetchone()[0] == 0, table
                assert db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] > 0, table
            db.rollback()
        assert db.execute("SELECT count(*) FROM cases").fetchone()[0] == 0, "without a tenant something was seen"
    assert system.case(neighbour["case_id"]).status_code == 404


def test_intake_can_insert_and_see_nothing(system):
    system.post(application(seed=92))
    with as_role("tillit_intake") as db:
        for table in ("applications", "cases", "documents", "events", "persons", "case_parties"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                db.execute(f"SELECT * FROM {table}")
            db.rollback()


def test_every_table_with_a_municipality_has_forced_row_level_security(system):
    loose = system.rows("""
        SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'municipality'
         WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND NOT (c.relrowsecurity AND c.relforcerowsecurity)""")
    assert loose == []
    assert system.rows("SELECT rolname FROM pg_roles WHERE rolname LIKE 'tillit%%' AND (rolsuper OR rolbypassrls)") == []


def test_the_page_of_the_schema_is_what_the_database_has(system):
    """Every table and what it is for, its columns, who may do what, and how a case moves."""
    done = subprocess.run(["python3", "deploy/build/schema.py", "--check"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


READERS = {  # of what a person wrote, of who is meant, and of what events say of them
    ("documents", "sealed"): {"api", "letters", "upkeep"},
    ("parked_events", "sealed"): {"upkeep"},
    ("operator_acts", "sealed"): {"api", "ops", "upkeep"},
    ("sessions", "sealed"): {"api"},
    ("access_log", "reason"): {"api", "ops"},
    ("persons", "sealed"): {"upkeep"},
    ("staff_relations", "sealed"): {"api", "upkeep"},
    ("case_openings", "sealed"): {"api", "upkeep"},
    ("persons", "person_index"): {"upkeep"},
    ("case_parties", "person_index"): {"api", "upkeep"},
    ("events", "data"): {"relay", "triage", "scheduling", "letters", "metrics", "upkeep"},
}


def test_what_is_sealed_or_said_of_a_person_is_read_by_those_who_need_it(system):
    found = {place: {role for role, in system.rows(
        "SELECT substr(rolname, 8) FROM pg_roles WHERE rolname LIKE 'tillit\\_%%' AND rolcanlogin AND has_column_privilege(rolname, %s, %s, 'SELECT')",
        *place)} for place in READERS}
    assert found == READERS


OWN = {  # a worker's rights beside those of tillit_worker
    "triage": {"cases": "U"},
    "scheduling": {"cases": "U", "applications": "S", "teams": "S", "agenda_items": "IS", "tasks": "ISU", "deadlines": "ISU", "meetings": "DISU"},
    "letters": {"cases": "U", "applications": "S", "letter_templates": "S", "letters": "IS", "documents": "IS"},
    "metrics": {"cases": "U", "case_facts": "DISU"},
    "upkeep": {"applications": "S", "documents": "SU", "persons": "DSU", "case_parties": "SU", "parked_events": "SU", "operator_acts": "SU", "staff_relations": "SU",
               "case_openings": "SU", "damaged_values": "DISU", "idempotency_keys": "DS", "access_unchained": "DS", "access_log": "S", "access_chain": "IS"},
}


@pytest.mark.parametrize("worker", OWN)
def test_a_worker_may_do_its_own_work_and_no_other(system, worker):
    """Whoever draws letters opens the documents that they are made of, and no word else that is sealed."""
    found = dict(system.rows("""
        SELECT table_name, string_agg(DISTINCT left(privilege_type, 1), '' ORDER BY left(privilege_type, 1)) FROM information_schema.role_column_grants
         WHERE grantee = 'tillit_' || %s AND table_name <> 'schema_migrations' GROUP BY 1""", worker))
    deletes = {table for table, in system.rows("SELECT table_name FROM information_schema.role_table_grants WHERE grantee = 'tillit_' || %s AND privilege_type = 'DELETE'", worker)}
    assert {table: "D" * (table in deletes) + rights for table, rights in found.items()} == OWN[worker]
    assert system.one("SELECT pg_has_role('tillit_' || %s, 'tillit_worker', 'USAGE')", worker)


def test_where_values_name_keys_is_said_once(system):
    """By seal.def, by what the view of key uses is made of, and by the columns that there are."""
    table = re.sub(r"/\*.*?\*/", "", (ROOT / "common/seal/seal.def").read_text(), flags=re.S)
    sealed = set(re.findall(r"^SEALED\((\w+),\s*(\w+),", table, re.M))
    indexed = set(re.findall(r"^INDEXED\(\w+,\s*(\w+),\s*(\w+),", table, re.M))
    kept = set(re.findall(r"^KEPT\((\w+),\s*(\w+),", table, re.M))
    assert sealed and indexed and kept
    assert set(system.rows('SELECT "table", "column" FROM sealed_places')) == sealed | indexed | kept
    assert set(system.rows("SELECT \"table\", \"column\" FROM sealed_places WHERE key_id = 'key_id'")) == sealed
    assert set(system.rows("SELECT \"table\", \"column\" FROM sealed_places WHERE purpose = 'index'")) == indexed
    there = set(system.rows("SELECT relname, attname FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace "
                            "AND NOT attisdropped AND (attname = 'sealed' OR attname LIKE '%%\\_index' OR atttypid = 'bytea'::regtype AND attname = 'reason')"))
    assert there == sealed | indexed | kept - {("idempotency_keys", "request_hash")}
    assert {name for name, in system.rows("SELECT relname FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE relkind = 'r' AND attname = 'key_id' AND attgenerated <> ''")} \
        == {name for name, _ in sealed}


def test_operators_own_program_sees_of_a_case_that_it_is_there_and_no_more(system):
    seen = {column for column, in system.rows("SELECT attname FROM pg_attribute WHERE attrelid = 'cases'::regclass AND attnum > 0 AND NOT attisdropped "
                                              "AND has_column_privilege('tillit_ops', 'cases', attnum, 'SELECT')")}
    assert seen == {"id", "municipality", "reference", "status", "received_at", "under_way"}, "the municipality is in whose log it stands that they looked"


@pytest.mark.parametrize("role", ["tillit_ops", "tillit_api", "tillit_relay", "tillit_triage"])
def test_a_parked_events_bytes_are_read_by_none_but_who_seals_them_anew(system, role):
    with as_role(role) as db:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute("SELECT sealed FROM parked_events")


def test_the_database_knows_the_same_life_of_a_case_as_the_code(system):
    table = (ROOT / "common/case/status.def").read_text()
    moves = set(re.findall(r"^MOVE\((\w+),\s*(\w+),\s*(\w+),", table, re.M))
    assert moves == set(system.rows("SELECT from_status, to_status, actor FROM case_moves"))
    assert {(a, b) for a, b, _ in moves} == set(system.rows("SELECT DISTINCT from_status, unnest(case_moves_to(from_status)) FROM case_moves"))


NAMED_OTHERWISE = {  # columns whose vocabulary has another name than they
    ("access_log", "kind"): CODES["who"], ("access_log", "act"): re.findall(r'^ACCESS_ACT\(\w+, +"(\w+)"', (ROOT / "common/who/access.def").read_text(), re.M),
    ("case_parties", "parts"): CODES["part"], ("case_parties", "role"): set(CODES["submitter_role"]) - {"self"},
    ("contacts", "kind"): CODES["contact_kind"], ("parked_events", "closed_how"): CODES["parked_end"],
    ("staff", "role"): CODES["staff_role"],
    ("tasks", "kind"): CODES["task_kind"], ("teams", "department"): CODES["team_department"],
}


def test_the_database_takes_the_same_codes_as_the_code(system):
    """Every CHECK that lists codes."""
    found = {}
    for table, check in system.rows("SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'c' "
                                    "AND connamespace = 'public'::regnamespace"):
        listed = re.fullmatch(r"CHECK \(\((?:.* AND )?\(?(\w+) (?:= ANY|<@) \(?(ARRAY\[[^]]*\])\)*", check) or re.fullmatch(r"CHECK \(\((\w+) = ('\w+'::text)\)\)", check)
        if listed:
            assert (table, listed[1]) not in found, f"{table}.{listed[1]} is checked twice"
            found[table, listed[1]] = sorted(re.findall(r"'(\w+)'", listed[2]))
        else:
            assert "ARRAY" not in check, f"{table}: {check} is read by nobody"
    assert found.keys() >= NAMED_OTHERWISE.keys() and ("applications", "channel") in found
    assert found == {(table, column): sorted(NAMED_OTHERWISE.get((table, column)) or CODES[column]) for table, column in found}


@pytest.mark.parametrize("insert", [
    "INSERT INTO deadlines (case_id, kind, municipality, due_at, near_at, source) VALUES (%s, 'preliminary_reply', '4627', :now, :now, 'x')",
    "INSERT INTO tasks (id, municipality, case_id, cause_seq, kind, due_at) VALUES (gen_random_uuid(), '4627', %s, 1, 'first_talk', :now)",
    "INSERT INTO case_parties (case_id, n, municipality, person_id, parts, since) VALUES (%s, 1, '4627', gen_random_uuid(), '{applicant}', :now)",
], ids=["a deadline", "a task", "someone who takes part"])
def test_nothing_is_planned_for_a_case_that_is_not_there(system, insert):
    """Looked at for a whole statement at once: no foreign key row by row."""
    with as_role("tillit_intake" if "parties" in insert else "tillit_scheduling") as db:
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            db.execute(clock.told(insert), ["01a00000-0000-7000-8000-000000000000"])


def test_a_case_that_has_deadlines_is_not_deleted_and_they_change_no_case(system):
    case = system.post(application(seed=92)).json()["case_id"]
    system.settle()
    with psycopg.connect(os.environ["TILLIT_MIGRATE_URL"]) as db:
        with pytest.raises(psycopg.errors.ForeignKeyViolation), db.transaction():
            db.execute("DELETE FROM cases WHERE id = %s", [case])
        with pytest.raises(psycopg.errors.ForeignKeyViolation), db.transaction():
            db.execute("UPDATE deadlines SET case_id = gen_random_uuid() WHERE case_id = %s", [case])


def test_a_move_that_is_added_is_known_at_once_and_one_that_is_dropped_no_longer(system):
    """The trigger asks a function that is made from the table."""
    with psycopg.connect(os.environ["TILLIT_MIGRATE_URL"]) as db:
        db.execute("SET ROLE tillit_owner")
        db.execute("INSERT INTO case_moves VALUES ('CLOSED', 'RECEIVED', 'SYSTEM')")
        assert db.execute("SELECT case_moves_to('CLOSED')").fetchone() == (["RECEIVED"],)
        db.execute("DELETE FROM case_moves WHERE from_status = 'CLOSED'")
        assert db.execute("SELECT case_moves_to('CLOSED')").fetchone() == ([],)
        db.rollback()


def test_the_database_knows_which_cases_are_under_way(system):
    """No longer when the service has started, or when no move but death leads out."""
    table = (ROOT / "common/case/status.def").read_text()
    statuses = re.findall(r"^STATUS\((\w+)\)", table, re.M)
    goes_on = {a for a, b in re.findall(r"^MOVE\((\w+),\s*(\w+),", table, re.M) if b != "DECEASED"}
    under_way = system.one("SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef JOIN pg_attribute a ON a.attrelid = adrelid AND a.attnum = adnum "
                           "WHERE adrelid = 'cases'::regclass AND attname = 'under_way'")
    found = {status for status, in system.rows(f"SELECT status FROM unnest(%s::text[]) AS status WHERE {under_way.replace('%', '%%')}", statuses)}
    assert found == goes_on - {"EFFECTUATED"}


def test_counting_the_silent_reads_what_is_under_way_and_no_more(system):
    sql = re.search(r"-- name: silent_count :one\n(.*?);", (ROOT / "common/operator/queries.sql").read_text(), re.S)[1].replace("$1", ":now")
    with psycopg.connect(os.environ["TILLIT_MIGRATE_URL"]) as db:
        db.execute(clock.told("INSERT INTO cases (id, municipality, reference, status, last_seq, last_event_at, received_at) "
                   "SELECT gen_random_uuid(), '4627', 'plan-' || n, 'CLOSED', 1, :now, :now - interval '1 day' FROM generate_series(1, 20000) n"))
        db.execute("ANALYZE cases")
        db.execute("SET LOCAL enable_seqscan = off")
        plan = "\n".join(row for row, in db.execute("EXPLAIN " + clock.told(sql)))
        db.rollback()
    assert "Seq Scan" not in plan and "cases_under_way" in plan and "deadlines_missed" in plan, plan


def test_the_database_refuses_a_move_that_the_table_has_not(system):
    case_id = system.post(application(seed=93)).json()["case_id"]
    system.settle()
    with psycopg.connect(os.environ["TILLIT_MIGRATE_URL"]) as db:
        with pytest.raises(psycopg.errors.Error) as refused:
            db.execute("UPDATE cases SET status = 'CLOSED' WHERE id = %s", [case_id])
        assert refused.value.sqlstate == "TC001"


def test_a_dump_reveals_no_one(system):
    secret = "Ordene-som-ingen-ser"
    system.post(application(seed=94, needs=secret, what_matters=secret))
    system.settle()
    dump = subprocess.run(["pg_dump", os.environ["TILLIT_MIGRATE_URL"]], capture_output=True, check=True).stdout
    hidden = [secret.encode(), secret.encode().hex().encode(), "Kari Prøve".encode(), "Kari Prøve".encode().hex().encode()]
    assert not [h for h in hidden if h in dump]


def test_what_could_not_be_committed_is_not_answered_as_done(system):
    """Each statement went well; only COMMIT itself is refused."""
    case = system.post(application(seed=95)).json()["case_id"]
    system.settle()
    system.rows("CREATE FUNCTION refuse_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not now' USING ERRCODE = '53100'; END $$")
    system.rows(f"CREATE CONSTRAINT TRIGGER refuse_commit AFTER INSERT ON contacts DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
                f"WHEN (NEW.case_id = '{case}') EXECUTE FUNCTION refuse_commit()")
    try:
        answer = system.talk(case)
        assert answer.status_code >= 500 and "contact_id" not in answer.text
    finally:
        system.rows("DROP FUNCTION refuse_commit CASCADE")
    assert system.one("SELECT count(*) FROM contacts WHERE case_id = %s", case) == 0
    assert system.talk(case).status_code == 201
