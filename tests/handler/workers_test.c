/* SPDX-License-Identifier: EUPL-1.2 */
/* What each worker does with an event of the log: what it writes, what it says, what it passes and what it parks. */
#include <stdlib.h>

#include "tests/handler/rows.h"

#define OF(id, columns) "SELECT concat_ws(' ', " columns ") FROM cases WHERE id = '$" id "'"
#define SAID(id) "SELECT string_agg(type, ' ' ORDER BY case_seq) FROM events WHERE case_id = '$" id "' AND case_seq > $" id "_seq"
#define BECOME(id, status) "UPDATE cases SET status = '" status "' WHERE id = '$" id "'"
#define MARK(worker, id) "SELECT mark FROM inbox WHERE consumer = '" worker "' AND case_id = '$" id "'"
#define PARKED(worker, id) "SELECT problem || ' ' || attempts FROM parked_events WHERE consumer = '" worker "' AND case_id = '$" id "' AND closed_at IS NULL"
#define DEADLINE(id, kind, column) "SELECT " column " FROM deadlines WHERE case_id = '$" id "' AND kind = '" kind "'"
#define FACT(id, column) "SELECT " column " FROM case_facts WHERE case_id = '$" id "'"
#define OSLO(column) "to_char(" column " AT TIME ZONE 'Europe/Oslo', 'YYYY-MM-DD HH24:MI')"
/* The application's event says something else. */
#define RECEIVED(changes) "UPDATE events SET data = (data::jsonb || '" changes "')::json WHERE case_id = '$received' AND case_seq = 1"

/* clang-format off */
static const struct event_row triage[] = {
    { "one service of Helse og omsorg is for a caseworker", "triage", NULL, "$received", NULL, NULL, "OK", NULL,
      OF("received", "status, department, path, priority, step_asked"), "TRIAGED ho caseworker p3 3" },
    { "it says so", "triage", NULL, "$received", NULL, NULL, "OK", NULL, SAID("received"), "no.tillit.case.triaged.v1" },
    { "it says by which rules", "triage", NULL, "$received", NULL, NULL, "OK", NULL,
      "SELECT data->>'rules' FROM events WHERE case_id = '$received' AND case_seq = 2",
      "[\"department.ho\",\"urgency.ordinary\",\"path.caseworker\",\"ladder.lower\"]" },
    { "it keeps why in words", "triage", NULL, "$received", NULL, NULL, "OK", NULL,
      OF("received", "rules->0->>'text'"), "Tjenestene det søkes om, hører til Helse og omsorg, eller ingen er krysset av." },
    { "what it said goes out", "triage", NULL, "$received", NULL, NULL, "OK", NULL, "SELECT count(*) FROM unsent WHERE case_id = '$received' AND case_seq = 2", "1" },
    { "it remembers how far it came", "triage", NULL, "$received", NULL, NULL, "OK", NULL, MARK("triage", "received"), "1" },
    { "acute goes first", "triage", RECEIVED("{\"urgency\": \"acute\"}"), "$received", NULL, NULL, "OK", NULL, OF("received", "path, priority, urgent"), "urgent p0 t" },
    { "in hospital goes before a week", "triage", RECEIVED("{\"urgency\": \"week\", \"in_hospital\": true}"), "$received", NULL, NULL, "OK", NULL, OF("received", "priority"), "p1" },
    { "within a week", "triage", RECEIVED("{\"urgency\": \"week\"}"), "$received", NULL, NULL, "OK", NULL, OF("received", "priority"), "p2" },
    { "both departments are a team's", "triage", RECEIVED("{\"services\": [\"HSH\", \"STOTTE\", \"OPPL\"]}"), "$received", NULL, NULL, "OK", NULL, OF("received", "path, joint"), "team t" },
    { "the transport card is the county's", "triage", RECEIVED("{\"services\": [\"TT\"]}"), "$received", NULL, NULL, "OK", NULL, OF("received", "department, path"), "forward caseworker" },
    { "nothing ticked is Helse og omsorg's", "triage", RECEIVED("{\"services\": []}"), "$received", NULL, NULL, "OK", NULL, OF("received", "department, path, step_asked"), "ho caseworker" },
    { "a municipality's own rule counts from its day", "triage",
      "INSERT INTO municipality_rules (municipality, since, team_step) VALUES ('4627', '2026-01-01', 3) ON CONFLICT DO NOTHING", "$received", NULL, NULL, "OK", NULL, OF("received", "path"), "team" },
    { "a case that was triaged has moved on", "triage", "DELETE FROM inbox WHERE consumer = 'triage' AND case_id = '$dialogue'", "$dialogue", NULL, NULL, "PASSED", NULL, OF("dialogue", "status"), "DIALOGUE" },
    { "a case that was never said to be elsewhere is no case that has moved on", "triage", BECOME("received", "TRIAGED"), "$received", NULL, NULL, "WRONG_STATUS", "the case is TRIAGED at its head", PARKED("triage", "received"), "WRONG_STATUS 1" },
    { "a case that ended is passed", "triage", NULL, "$ended", NULL, NULL, "PASSED", NULL, OF("ended", "status"), "WITHDRAWN" },
    { "an urgency that is none is parked", "triage", RECEIVED("{\"urgency\": \"soon\"}"), "$received", NULL, NULL, "MALFORMED",
      "application.received; /urgency choice", PARKED("triage", "received"), "MALFORMED 1" },
    { "what is parked has moved nothing", "triage", RECEIVED("{\"urgency\": \"soon\"}"), "$received", NULL, NULL, "MALFORMED", NULL, OF("received", "status"), "RECEIVED" },
    { "an event that lacks a member is parked", "triage", "UPDATE events SET data = (data::jsonb - 'services')::json WHERE case_id = '$received'", "$received", NULL, NULL, "MALFORMED", NULL,
      PARKED("triage", "received"), "MALFORMED 1" },
    { "an event that is no object is parked", "triage", "UPDATE events SET data = '[]' WHERE case_id = '$received'", "$received", NULL, NULL, "MALFORMED", NULL, PARKED("triage", "received"), "MALFORMED 1" },
    { "a member of tomorrow is no fault", "triage", RECEIVED("{\"of_tomorrow\": 1}"), "$received", NULL, NULL, "OK", NULL, OF("received", "status"), "TRIAGED" },
    { "an event of the end of all days is parked", "triage", "UPDATE events SET occurred_at = 'infinity' WHERE case_id = '$received'", "$received", NULL, NULL, "MALFORMED",
      "the event's time is none that we can write", PARKED("triage", "received"), "MALFORMED 1" },
    { "an event of before all days is parked", "triage", "UPDATE events SET occurred_at = '-infinity' WHERE case_id = '$received'", "$received", NULL, NULL, "MALFORMED",
      "the event's time is none that we can write", PARKED("triage", "received"), "MALFORMED 1" },
    { "an event of before Christ is parked", "triage", "UPDATE events SET occurred_at = '4714-11-24 00:00:00+00 BC' WHERE case_id = '$received'", "$received", NULL, NULL, "MALFORMED",
      "the event's time is none that we can write", PARKED("triage", "received"), "MALFORMED 1" },
    { "an event of the century before the last is parked", "triage", "UPDATE events SET occurred_at = '1899-12-31 00:00:00+00' WHERE case_id = '$received'", "$received", NULL, NULL, "MALFORMED",
      "the event's time is none that we can write", PARKED("triage", "received"), "MALFORMED 1" },
    { "an event of year 294276 is parked", "triage", "UPDATE events SET occurred_at = '294276-12-31 00:00:00+00' WHERE case_id = '$received'", "$received", NULL, NULL, "MALFORMED",
      "the event's time is none that we can write", PARKED("triage", "received"), "MALFORMED 1" },
    { "what is handled is handled once", "triage", "INSERT INTO inbox (consumer, case_id, mark) VALUES ('triage', '$received', 1)", "$received", NULL, NULL, "NOTHING", NULL, OF("received", "status"), "RECEIVED" },
    { "another worker's event is none of its", "scheduling", NULL, "$received", NULL, NULL, "NOTHING", NULL, OF("received", "status"), "RECEIVED" },
};

#define TRIAGED(department, path) "{\"department\": \"" department "\", \"path\": \"" path "\", \"urgency\": \"p3\", \"lower_services\": [], \"rules\": [], \"rule_set\": \"2026-11\"}"
#define CONTACT(two_way, at) "{\"contact_id\": \"$nowhere\", \"kind\": \"phone\", \"two_way\": " two_way ", \"at\": \"" at "\"}"

static const struct event_row scheduling[] = {
    { "a talk is planned", "scheduling", BECOME("received", "TRIAGED"), "$received", "case.triaged", TRIAGED("ho", "caseworker"), "OK", NULL, OF("received", "status"), "DIALOGUE" },
    { "it says so", "scheduling", BECOME("received", "TRIAGED"), "$received", "case.triaged", TRIAGED("ho", "caseworker"), "OK", NULL, SAID("received"), "no.tillit.case.triaged.v1 no.tillit.dialogue.planned.v1" },
    { "a talk is promised within three working days", "scheduling", BECOME("received", "TRIAGED"), "$received", "case.triaged", TRIAGED("ho", "caseworker"), "OK", NULL,
      DEADLINE("received", "first_talk", OSLO("due_at")), "2026-12-01 00:00" },
    { "a preliminary reply within a month", "scheduling", BECOME("received", "TRIAGED"), "$received", "case.triaged", TRIAGED("ho", "caseworker"), "OK", NULL,
      DEADLINE("received", "preliminary_reply", OSLO("due_at")), "2026-12-26 00:00" },
    { "somebody has to call", "scheduling", BECOME("received", "TRIAGED"), "$received", "case.triaged", TRIAGED("ho", "caseworker"), "OK", NULL,
      "SELECT kind || ' ' || (done_at IS NULL) FROM tasks WHERE case_id = '$received'", "first_talk true" },
    { "what goes to the county gets no talk", "scheduling", BECOME("received", "TRIAGED"), "$received", "case.triaged", TRIAGED("forward", "caseworker"), "OK", NULL,
      "SELECT status || ' ' || (SELECT string_agg(kind, ' ') FROM deadlines WHERE case_id = cases.id) FROM cases WHERE id = '$received'", "TRIAGED preliminary_reply" },
    { "a team case gets a place on an agenda", "scheduling", BECOME("received", "TRIAGED"), "$received", "case.triaged", TRIAGED("ho", "team"), "OK", NULL,
      "SELECT teams.code || ' ' || late FROM agenda_items JOIN teams ON teams.id = team_id WHERE case_id = '$received'", "ho-vurderingsteam false" },
    { "behind who came first", "scheduling", BECOME("received", "TRIAGED"), "$received", "case.triaged", TRIAGED("ho", "team"), "OK", NULL,
      "SELECT mine.meeting_id = first.meeting_id AND mine.starts_at = first.ends_at FROM agenda_items mine, agenda_items first WHERE mine.case_id = '$received' AND first.case_id = '$team'", "t" },
    { "Individ og levekår has a team of its own", "scheduling", BECOME("received", "TRIAGED"), "$received", "case.triaged", TRIAGED("il", "team"), "OK", NULL,
      "SELECT teams.code FROM agenda_items JOIN teams ON teams.id = team_id WHERE case_id = '$received'", "il-mestringsteam" },
    { "a case of both is Helse og omsorg's team's", "scheduling", BECOME("received", "TRIAGED"), "$received", "case.triaged", TRIAGED("both", "team"), "OK", NULL,
      "SELECT teams.code FROM agenda_items JOIN teams ON teams.id = team_id WHERE case_id = '$received'", "ho-vurderingsteam" },
    { "the agenda's place is said", "scheduling", BECOME("received", "TRIAGED"), "$received", "case.triaged", TRIAGED("il", "team"), "OK", NULL, SAID("received"),
      "no.tillit.case.triaged.v1 no.tillit.dialogue.planned.v1 no.tillit.agenda.planned.v1" },
    { "a municipality without such a team", "scheduling", "UPDATE cases SET status = 'TRIAGED' WHERE id = '$received'; DELETE FROM team_members; DELETE FROM agenda_items; DELETE FROM meetings; DELETE FROM teams WHERE municipality = '4627'",
      "$received", "case.triaged", TRIAGED("ho", "team"), "NOT_FOUND", "the municipality has no team", OF("received", "status"), "TRIAGED" },
    { "a case that was never triaged is not planned", "scheduling", NULL, "$received", "case.triaged", TRIAGED("ho", "caseworker"), "WRONG_STATUS", NULL, PARKED("scheduling", "received"), "WRONG_STATUS 1" },
    { "a case that has ended is not planned", "scheduling", NULL, "$ended", "case.triaged", TRIAGED("ho", "caseworker"), "WRONG_STATUS", NULL, "SELECT count(*) FROM tasks WHERE case_id = '$ended'", "0" },
    { "a department that is none is parked", "scheduling", BECOME("received", "TRIAGED"), "$received", "case.triaged", TRIAGED("xx", "team"), "MALFORMED", NULL, OF("received", "status"), "TRIAGED" },
    { "a talk both ways meets the first deadline, when it was held", "scheduling", NULL, "$dialogue", "contact.made", CONTACT("true", "2026-11-25T08:00:00Z"), "OK", NULL,
      DEADLINE("dialogue", "first_talk", OSLO("met_at")), "2026-11-25 09:00" },
    { "and somebody has called", "scheduling", NULL, "$dialogue", "contact.made", CONTACT("true", "2026-11-25T08:00:00Z"), "OK", NULL, "SELECT " OSLO("done_at") " FROM tasks WHERE case_id = '$dialogue'", "2026-11-25 09:00" },
    { "a talk one way meets nothing", "scheduling", NULL, "$dialogue", "contact.made", CONTACT("false", "2026-11-25T08:00:00Z"), "OK", NULL, DEADLINE("dialogue", "first_talk", "met_at IS NULL"), "t" },
    { "a talk about what has no deadline is no fault", "scheduling", NULL, "$forward", "contact.made", CONTACT("true", "2026-11-25T08:00:00Z"), "OK", NULL, DEADLINE("forward", "preliminary_reply", "met_at IS NULL"), "t" },
    { "the first talk counts, whatever comes behind it", "scheduling", "UPDATE deadlines SET met_at = '2026-11-25T07:00:00Z' WHERE case_id = '$dialogue' AND kind = 'first_talk'", "$dialogue", "contact.made", CONTACT("true", "2026-11-25T08:00:00Z"), "OK", NULL,
      DEADLINE("dialogue", "first_talk", OSLO("met_at")), "2026-11-25 08:00" },
    { "what a talk says of tomorrow is no fault", "scheduling", NULL, "$dialogue", "contact.made", "{\"contact_id\": \"$nowhere\", \"kind\": \"phone\", \"two_way\": false, \"at\": \"2026-11-25T08:00:00Z\", \"colour\": \"blue\"}", "OK", NULL,
      DEADLINE("dialogue", "first_talk", "met_at IS NULL"), "t" },
    { "a talk at no time is parked", "scheduling", NULL, "$dialogue", "contact.made", CONTACT("true", "yesterday"), "MALFORMED", NULL, PARKED("scheduling", "dialogue"), "MALFORMED 1" },
};

#define LETTER(kind) "{\"letter_id\": \"$received.1\", \"n\": 1, \"kind\": \"" kind "\", \"template\": \"t\", \"version\": \"1\", \"language\": \"nb\", \"pages\": 1}"

static const struct event_row metrics[] = {
    { "an application opens its case's facts", "metrics", NULL, "$received", NULL, NULL, "OK", NULL, FACT("received", "channel || ' ' || folded_seq"), "api 1" },
    { "with the day by which a talk will be promised", "metrics", NULL, "$received", NULL, NULL, "OK", NULL, FACT("received", "dialogue_day"), "2026-11-30" },
    { "all that has happened is folded at once", "metrics", NULL, "$assessment", NULL, NULL, "OK", NULL, FACT("assessment", "concat_ws(' ', department, " OSLO("first_contact_at") ", folded_seq = $assessment_seq)"), "ho 2026-11-25 08:55 t" },
    { "a receipt counts when it was ready", "metrics", NULL, "$dialogue", NULL, NULL, "OK", NULL, FACT("dialogue", OSLO("receipt_at")), "2026-11-25 09:00" },
    { "another letter is no receipt", "metrics", NULL, "$received", "letter.ready", LETTER("decision"), "OK", NULL, FACT("received", "receipt_at IS NULL"), "t" },
    { "the first talk both ways counts", "metrics", NULL, "$assessment", "contact.made", CONTACT("true", "2026-11-25T06:00:00Z"), "OK", NULL, FACT("assessment", OSLO("first_contact_at")), "2026-11-25 07:00" },
    { "a later one does not", "metrics", NULL, "$assessment", "contact.made", CONTACT("true", "2026-11-25T08:30:00Z"), "OK", NULL, FACT("assessment", OSLO("first_contact_at")), "2026-11-25 08:55" },
    { "a talk one way is no contact", "metrics", NULL, "$dialogue", "contact.made", CONTACT("false", "2026-11-25T06:00:00Z"), "OK", NULL, FACT("dialogue", "first_contact_at IS NULL"), "t" },
    { "the day of the talk is the day that was promised", "metrics", NULL, "$dialogue", "dialogue.planned", "{\"task_id\": \"$nowhere\", \"due\": \"2026-12-04T23:00:00Z\"}", "OK", NULL, FACT("dialogue", "dialogue_day"), "2026-12-04" },
    { "a missed deadline adds its number alone", "metrics", NULL, "$dialogue", "deadline.missed", "{\"kind\": \"first_talk\", \"due\": \"2026-12-04T23:00:00Z\"}", "OK", NULL, FACT("dialogue", "folded_seq = $dialogue_seq + 1"), "t" },
    { "what is folded is not folded again", "metrics",
      "INSERT INTO case_facts (case_id, municipality, received_at, channel, dialogue_day, folded_seq) VALUES ('$received', '4627', '2026-11-20', 'web', '2026-11-21', 9)", "$received", NULL, NULL, "OK", NULL, FACT("received", "channel || ' ' || folded_seq"), "web 9" },
    { "nor to the figures", "metrics", NULL, "$dialogue", "contact.made", "{\"contact_id\": \"$nowhere\", \"kind\": \"phone\", \"two_way\": true, \"at\": \"2026-11-25T08:00:00Z\", \"colour\": \"blue\"}", "OK", NULL, FACT("dialogue", OSLO("first_contact_at")), "2026-11-25 09:00" },
    { "a bad event is parked and folds nothing", "metrics", NULL, "$received", "case.triaged", "{}", "MALFORMED", NULL, FACT("received", "folded_seq"), "1" },
    { "the neighbours' facts are the neighbours'", "metrics", NULL, "$neighbours", NULL, NULL, "OK", NULL, FACT("neighbours", "municipality"), "6901" },
};

#define OWN_WORDS(text) "INSERT INTO letter_templates (municipality, kind, language, since, text) VALUES ('4627', 'receipt', 'nb', '2026-01-01', '" text "')"
#define LETTERS_OF(id, columns) "SELECT concat_ws(' ', " columns ") FROM letters WHERE case_id = '$" id "'"

static const struct event_row letters[] = {
    { "whoever applies gets a receipt", "letters", NULL, "$received", NULL, NULL, "OK", NULL, LETTERS_OF("received", "n, kind, language"), "1 receipt nb" },
    { "it says so", "letters", NULL, "$received", NULL, NULL, "OK", NULL, SAID("received"), "no.tillit.letter.ready.v1" },
    { "in the municipality's own words", "letters", OWN_WORDS("Hei {{reference}} {{reply_by}} {{call_by}} {{#lines}}{{{line}}}{{/lines}}"), "$received", NULL, NULL, "OK", NULL, LETTERS_OF("received", "template, substring(version FOR 4)"), "receipt.nb own." },
    { "which say all that it must", "letters", OWN_WORDS("Hei {{reference}} {{call_by}} {{#lines}}{{{line}}}{{/lines}}"), "$received", NULL, NULL, "MALFORMED", "does not always say {{reply_by}}", PARKED("letters", "received"), "MALFORMED 1" },
    { "it is sealed", "letters", NULL, "$received", NULL, NULL, "OK", NULL,
      "SELECT position('%PDF'::bytea IN sealed) FROM documents WHERE id = (SELECT document_id FROM letters WHERE case_id = '$received')", "0" },
    { "one receipt for one application", "letters", "DELETE FROM inbox WHERE consumer = 'letters'", "$dialogue", NULL, NULL, "MALFORMED", NULL, "SELECT count(*) FROM letters WHERE case_id = '$dialogue'", "1" },
    { "nobody writes to who has taken it back", "letters", NULL, "$ended", NULL, NULL, "PASSED", NULL, "SELECT count(*) FROM letters WHERE case_id = '$ended'", "0" },
    { "nobody writes to who is dead", "letters", "UPDATE cases SET status = 'DECEASED', last_seq = last_seq + 1 WHERE id = '$received'", "$received", NULL, NULL, "PASSED", NULL, "SELECT count(*) FROM letters WHERE case_id = '$received'", "0" },
    { "an application that can not be opened is parked", "letters",
      "UPDATE documents SET sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1) WHERE id = (SELECT document_id FROM applications WHERE case_id = '$received')",
      "$received", NULL, NULL, "DAMAGED", NULL, PARKED("letters", "received"), "DAMAGED 1" },
    { "a malformed event is parked before anything is written", "letters", "UPDATE events SET data = '{}' WHERE case_id = '$received'", "$received", NULL, NULL, "MALFORMED", NULL, PARKED("letters", "received"), "MALFORMED 1" },
};

#define KNOWN_OF(id, columns) "SELECT " columns " FROM persons JOIN case_parties USING (municipality, person_index) JOIN applications USING (case_id) WHERE case_id = '$" id "'"

static const struct event_row upkeep[] = {
    { "what somebody says of themself is learnt", "upkeep", "UPDATE persons SET own = false, said_at = '2026-01-01'", "$received", NULL, NULL, "OK", NULL,
      KNOWN_OF("received", "own AND said_at = received_at"), "t" },
    { "what was said by the application itself is known", "upkeep", NULL, "$received", NULL, NULL, "OK", NULL, KNOWN_OF("received", "updated_at = created_at"), "t" },
    { "it is no matter where the case is", "upkeep", "UPDATE persons SET said_at = '2026-01-01'", "$ended", NULL, NULL, "OK", NULL, KNOWN_OF("ended", "said_at = received_at"), "t" },
    { "it says nothing", "upkeep", NULL, "$received", NULL, NULL, "OK", NULL, SAID("received"), "" },
    { "a malformed event is parked by all who take it", "upkeep", "UPDATE events SET data = '{}' WHERE case_id = '$received'", "$received", NULL, NULL, "MALFORMED", NULL, PARKED("upkeep", "received"), "MALFORMED 1" },
    { "an application whose people can not be read is parked", "upkeep",
      "UPDATE documents SET sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1) WHERE id = (SELECT document_id FROM applications WHERE case_id = '$received')",
      "$received", NULL, NULL, "DAMAGED", NULL, PARKED("upkeep", "received"), "DAMAGED 1" },
};

/* What nobody should say, and who parks it: whoever takes that type, and nobody else. */
static const struct poison_row {
    const char *name, *type, *data, *parked;
} poisons[] = {
    { "a missing member", "letter.ready", "{\"n\": 1}", "metrics MALFORMED" },
    { "an ill-typed member", "contact.made", "{\"contact_id\": 7, \"kind\": [], \"two_way\": \"x\", \"at\": {}}", "metrics MALFORMED, scheduling MALFORMED" },
    { "no object at all", "contact.made", "[1, 2]", "metrics MALFORMED, scheduling MALFORMED" },
    { "no member at all", "case.triaged", "{}", "metrics MALFORMED, scheduling MALFORMED" },
    { "a deadline of none", "deadline.near", "{\"kind\": \"some day\"}", "metrics MALFORMED" },
    { "a type that nobody knows", "no.tillit.never.heard.v1", "{}", "nobody" },
    { "a version that nobody knows", "no.tillit.contact.made.v2", "{}", "nobody" },
};
/* clang-format on */

static void poison(void **state)
{
    static const char *const workers[] = { "triage", "scheduling", "letters", "metrics", "upkeep" };
    const struct poison_row *row = *state;
    seed_event(house_text("$dialogue"), row->type, row->data);
    int64_t n = atoll(house_look("SELECT last_seq FROM cases WHERE id = '$dialogue'"));
    for (size_t i = 0; i < ROWS(workers); i++)
        worker_deliver(workers[i], "$dialogue", n);
    CHECK_TEXT(row->name, house_look("SELECT coalesce(string_agg(consumer || ' ' || problem, ', ' ORDER BY consumer), 'nobody') FROM parked_events WHERE case_id = '$dialogue'"), row->parked);
}

/* All that is wrong is said, by pointer and code; what was said stays sealed. */
static void what_is_wrong_with_an_event_is_said_without_what_it_said(void **state)
{
    (void)state;
    seed_event(house_text("$dialogue"), "contact.made", "{\"kind\": \"smoke signal\", \"two_way\": \"perhaps\"}");
    CHECK_TEXT("parked", worker_deliver_last("metrics", house_text("$dialogue")), "MALFORMED");
    CHECK_TEXT("detail", worker_detail(), "contact.made; /contact_id missing; /kind choice; /two_way type; /at missing");
    CHECK_TEXT("sealed", house_look("SELECT position('smoke'::bytea IN sealed) FROM parked_events WHERE case_id = '$dialogue'"), "0");
}

/* Nothing overtakes within a case, and one bad event stops its own case alone. */
static void what_is_behind_a_parked_event_waits(void **state)
{
    (void)state;
    house_do(RECEIVED("{\"urgency\": \"soon\"}"));
    CHECK_TEXT("parked", worker_deliver("triage", "$received", 1), "MALFORMED");
    seed_event(house_text("$received"), "application.received", "{}");
    CHECK_TEXT("waits", worker_deliver("triage", "$received", 2), "NOTHING");
    CHECK_TEXT("one is parked", house_look("SELECT count(*) FROM parked_events WHERE case_id = '$received'"), "1");
    CHECK_TEXT("it is sealed", house_look("SELECT position('soon'::bytea IN sealed) FROM parked_events WHERE case_id = '$received'"), "0");
    seed_application("another", &anna, "4627", "");
    CHECK_TEXT("another case goes on", worker_deliver("triage", "$another", 1), "OK");
}

/* What time alone brings. */
static void deadlines_are_told_once(void **state)
{
    (void)state;
    CHECK_INT("nothing yet", worker_tick("scheduling", "deadlines"), OK);
    CHECK_TEXT("nothing said", house_look("SELECT count(*) FROM events WHERE type LIKE '%deadline%'"), "0");
    house_at("2026-12-01T00:00:00+01:00");
    CHECK_INT("missed", worker_tick("scheduling", "deadlines"), OK);
    CHECK_TEXT("said", house_look("SELECT string_agg(data->>'kind', ' ') FROM events WHERE case_id = '$dialogue' AND type = 'no.tillit.deadline.missed.v1'"), "first_talk");
    CHECK_TEXT("who was talked with waits for the reply alone",
               house_look("SELECT count(*) FROM events WHERE case_id = '$assessment' AND type LIKE '%deadline%'"), "1");
    CHECK_INT("again", worker_tick("scheduling", "deadlines"), OK);
    CHECK_TEXT("said once", house_look("SELECT count(*) FROM events WHERE case_id = '$dialogue' AND type = 'no.tillit.deadline.missed.v1'"), "1");
}

static void an_ended_case_has_no_deadlines(void **state)
{
    (void)state;
    house_do("UPDATE cases SET status = 'WITHDRAWN' WHERE id = '$dialogue'");
    house_at("2027-02-01T00:00:00+01:00");
    CHECK_INT("tick", worker_tick("scheduling", "deadlines"), OK);
    CHECK_TEXT("void", house_look("SELECT count(*) FROM deadlines WHERE case_id = '$dialogue' AND void_at IS NOT NULL"), "2");
    CHECK_TEXT("nothing said", house_look("SELECT count(*) FROM events WHERE case_id = '$dialogue' AND type LIKE '%deadline%'"), "0");
}

static void the_access_log_is_chained_and_old_keys_are_gone(void **state)
{
    (void)state;
    CHECK_TEXT("behind", house_look("SELECT count(*) > 0 FROM access_unchained"), "t");
    CHECK_INT("tick", worker_tick("upkeep", "access_chain"), OK);
    CHECK_TEXT("all of it", house_look("SELECT (SELECT count(*) FROM access_unchained) = 0 AND (SELECT count(*) FROM access_log) = (SELECT count(*) FROM access_chain)"), "t");
    house_do("INSERT INTO idempotency_keys (client, key, request_hash, effect_id, answer, location, created_at)"
             " SELECT 'old', n::text, '', gen_random_uuid(), '', '', timestamptz '2026-11-25T12:00:00Z' - n * interval '1 day' FROM generate_series(28, 32) n");
    CHECK_INT("tick", worker_tick("upkeep", "idempotency_keys"), OK);
    CHECK_TEXT("thirty days", house_look("SELECT string_agg(key, ' ' ORDER BY key) FROM idempotency_keys WHERE client = 'old'"), "28 29 30");
}

int main(void)
{
    ADD_ROWS(triage, take_event);
    ADD_ROWS(scheduling, take_event);
    ADD_ROWS(metrics, take_event);
    ADD_ROWS(letters, take_event);
    ADD_ROWS(upkeep, take_event);
    ADD_ROWS(poisons, poison);
    ADD_TEST(what_is_wrong_with_an_event_is_said_without_what_it_said);
    ADD_TEST(what_is_behind_a_parked_event_waits);
    ADD_TEST(deadlines_are_told_once);
    ADD_TEST(an_ended_case_has_no_deadlines);
    ADD_TEST(the_access_log_is_chained_and_old_keys_are_gone);
    return house_run("workers", seed_all);
}
