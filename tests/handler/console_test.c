/* SPDX-License-Identifier: EUPL-1.2 */
/* How staff stand to cases, and what each of their pages and forms refuses. */
#include "tests/handler/rows.h"

#define FORM "Content-Type: application/x-www-form-urlencoded\n"
#define STAFF(person) .internal = true, .who = &person
#define OPEN(id, person, until)                                                                \
    "INSERT INTO case_openings (id, municipality, case_id, staff_id, reason, emergency, opened_at, until) "      \
    "SELECT gen_random_uuid(), '4627', '$" id "', id, 'handling', false, '2026-11-25T08:00Z', '" until "' FROM staff WHERE name = '" person "' AND municipality = '4627'"
#define LATER "2026-11-25T16:00Z"
#define OPENINGS(id) "SELECT count(*) FROM case_openings WHERE case_id = '$" id "'"
#define SHIELDED(id) "UPDATE cases SET shielded = true WHERE id = '$" id "'"
#define LOGGED "SELECT string_agg(act || ' ' || what, ', ' ORDER BY act, what) FROM access_log WHERE at > '2026-11-25T09:30:00+01:00'"
#define WROTE "Hjelp til å dusje."

/* Odd, whose issuer names him as a person of a case; and as a browser has him, with a session. */
static struct principal near, guarded;

/* clang-format off */
static const struct ask_row rooms[] = {
    { "nobody is led to the login", .asked = { .line = "GET /saker", .internal = true }, .status = 303, { "Location: /logg-inn" } },
    { "a caseworker sees the cases", .asked = { .line = "GET /saker", STAFF(odd) }, .status = 200, { "text/html" } },
    { "an operator sees none", .asked = { .line = "GET /saker", STAFF(operator) }, .status = 403 },
    { "a benefit owner sees none", .asked = { .line = "GET /saker/$dialogue", STAFF(owner) }, .status = 403, { "!" WROTE } },
    { "a privacy officer sees none", .asked = { .line = "GET /saker/$dialogue", STAFF(officer) }, .status = 403, { "!" WROTE } },
    { "an administrator sees none", .asked = { .line = "GET /saker/$dialogue", STAFF(administrator) }, .status = 403, { "!" WROTE } },
    { "a caseworker changes no set-up", .asked = { .line = "GET /oppsett", STAFF(odd) }, .status = 403 },
    { "an administrator sees the set-up", .asked = { .line = "GET /oppsett", STAFF(administrator) }, .status = 200, { "Askøy kommune" } },
    { "a caseworker reads no access log", .asked = { .line = "GET /logg", STAFF(odd) }, .status = 403 },
    { "a privacy officer does", .asked = { .line = "GET /logg", STAFF(officer) }, .status = 200 },
    { "a benefit owner sees figures", .asked = { .line = "GET /gevinster", STAFF(owner) }, .status = 200 },
    { "an operator sees what is parked", .asked = { .line = "GET /drift", STAFF(operator) }, .status = 200 },
    { "a team leader does not", .asked = { .line = "GET /drift", STAFF(synne) }, .status = 403 },
    { "staff have no door among the citizens'", .asked = { .line = "GET /saker", .who = &odd }, .status = 404 },
    { "citizens have none among staff's", .asked = { .line = "GET /mine", .internal = true, .who = &anna }, .status = 404 },
    { "a slash too many leads to the page", .asked = { .line = "GET /saker/", STAFF(odd) }, .status = 308, { "Location: /saker\r\n" } },
    { "a page that there is not is told in words", .asked = { .line = "GET /sakene", .headers = "Accept: text/html\n", STAFF(odd) }, .status = 404, { "text/html" } },
};

static const struct ask_row menus[] = {
    { "a caseworker's menu leads to cases", .asked = { .line = "GET /", STAFF(odd) }, .status = 200, { "<ul class=\"menu\">\n<li><a href=\"/saker\">Saker</a></li>\n</ul>" } },
    { "a privacy officer's to the log and to emergencies", .asked = { .line = "GET /", STAFF(officer) }, .status = 200,
      { "<ul class=\"menu\">\n<li><a href=\"/logg\">", "</li>\n<li><a href=\"/nod\">", "!<a href=\"/saker\">" } },
    { "an operator's to the programs", .asked = { .line = "GET /", STAFF(operator) }, .status = 200, { "<ul class=\"menu\">\n<li><a href=\"/drift\">" } },
    { "nobody who is no member of staff has one", .asked = { .line = "GET /mine", .who = &anna }, .status = 200, { "!class=\"menu\"" } },
};

#define EVENT "01890000-0000-7000-8000-0000000000aa"
#define PARK "INSERT INTO parked_events (id, consumer, type, problem, attempts, sealed, parked_at, case_id, case_seq, municipality, topic) VALUES ('" EVENT "', 'metrics', 'case.triaged', 'MALFORMED', 1, '', '2026-11-25T08:00Z', "
#define VALUE(name) "name=\"act\" value=\"" name "\""

static const struct ask_row acts_on_pages[] = {
    { "workers and the log", .asked = { .line = "GET /drift/acts", STAFF(operator) }, .status = 200,
      { VALUE("pause"), VALUE("resume") ">\n<label>Hvorfor", "<option>scheduling</option>", VALUE("replay"), "!" VALUE("redrive") } },
    { "a parked event", PARK "'$dialogue', 1, '4627', NULL)", .asked = { .line = "GET /drift/parked/" EVENT, STAFF(operator) }, .status = 200,
      { VALUE("preview") ">\n<input type=\"hidden\" name=\"parked_id\" value=\"" EVENT "\">", VALUE("redrive"), VALUE("give-up"), "Gi opp</button>", "!name=\"rate\"" } },
    { "one of no case is only given up", PARK "NULL, NULL, NULL, 'x')", .asked = { .line = "GET /drift/parked/" EVENT, STAFF(operator) }, .status = 200,
      { VALUE("give-up"), "!" VALUE("preview"), "!" VALUE("redrive") } },
    { "all of a cause", PARK "'$dialogue', 1, '4627', NULL)", .asked = { .line = "GET /drift/cause?consumer=metrics&problem=MALFORMED", STAFF(operator) }, .status = 200,
      { VALUE("redrive"), "name=\"problem\" value=\"MALFORMED\"", "name=\"rate\"", "Kjør alle på nytt</button>", "!name=\"parked_id\"" } },
};

static const struct ask_row doors[] = {
    { "behind the door nothing is shown of who it is about", .asked = { .line = "GET /saker/$dialogue", STAFF(odd) }, .status = 200, { "Hvorfor skal du inn", "/saker/$dialogue/apne", "!" WROTE, "!$anna", "!Kari Prøve" }, LOGGED, "look_up case" },
    { "what is open is shown, with what the person wrote", OPEN("dialogue", "Odd Prøvestad", LATER), .asked = { .line = "GET /saker/$dialogue", STAFF(odd) }, .status = 200, { WROTE, "Kari Prøve" } },
    { "and logged", OPEN("dialogue", "Odd Prøvestad", LATER), .asked = { .line = "GET /saker/$dialogue", STAFF(odd) }, .status = 200, { NULL }, LOGGED, "read application, read case" },
    { "what was open is shut when its time is up", OPEN("dialogue", "Odd Prøvestad", "2026-11-25T09:00Z"), .asked = { .line = "GET /saker/$dialogue", STAFF(odd) }, .status = 200, { "!" WROTE } },
    { "another's opening opens nothing", OPEN("dialogue", "Synne Testberg", LATER), .asked = { .line = "GET /saker/$dialogue", STAFF(odd) }, .status = 200, { "!" WROTE } },
    { "a case that is not there", .asked = { .line = "GET /saker/$nowhere", STAFF(odd) }, .status = 404 },
    { "the neighbours' case is not there", .asked = { .line = "GET /saker/$neighbours", STAFF(odd) }, .status = 404 },
    { "a shielded case is not there", SHIELDED("dialogue"), .asked = { .line = "GET /saker/$dialogue", STAFF(odd) }, .status = 404 },
    { "nor for who had opened it", SHIELDED("dialogue") ";" OPEN("dialogue", "Odd Prøvestad", LATER), .asked = { .line = "GET /saker/$dialogue", STAFF(odd) }, .status = 404, { "!" WROTE } },
    { "it is for the named few",
      SHIELDED("dialogue") "; INSERT INTO shielded_readers (staff_id, municipality) SELECT id, municipality FROM staff WHERE name = 'Odd Prøvestad' AND municipality = '4627'",
      .asked = { .line = "GET /saker/$dialogue", STAFF(odd) }, .status = 200, { "/saker/$dialogue/apne" } },
    { "a team's case is its members' to open", .asked = { .line = "POST /saker/$team/apne", .headers = FORM, .body = "reason=assessment", STAFF(liv) }, .status = 303, { "Location: /saker/$team" }, OPENINGS("team"), "1" },
    { "another team's is not", .asked = { .line = "POST /saker/$team/apne", .headers = FORM, .body = "reason=assessment", STAFF(maret) }, .status = 403, { NULL }, OPENINGS("team"), "0" },
    { "but in an emergency, with words", .asked = { .line = "POST /saker/$team/apne", .headers = FORM, .body = "emergency=1&words=Personen+er+funnet+bevisstl%C3%B8s", STAFF(maret) }, .status = 303, { NULL },
      "SELECT emergency || ' ' || (until - opened_at) FROM case_openings WHERE case_id = '$team'", "true PT1H" },
    { "an emergency is logged as one", .asked = { .line = "POST /saker/$team/apne", .headers = FORM, .body = "emergency=1&words=Personen+er+funnet+bevisstl%C3%B8s", STAFF(maret) }, .status = 303, { NULL }, LOGGED, "emergency case" },
    { "an emergency without words is none", .asked = { .line = "POST /saker/$team/apne", .headers = FORM, .body = "emergency=1", STAFF(maret) }, .status = 400, { NULL }, OPENINGS("team"), "0" },
    { "a caseworker opens for a reason, for a working day", .asked = { .line = "POST /saker/$dialogue/apne", .headers = FORM, .body = "reason=handling", STAFF(odd) }, .status = 303, { "Location: /saker/$dialogue" },
      "SELECT reason || ' ' || (until - opened_at) FROM case_openings WHERE case_id = '$dialogue'", "handling PT8H" },
    { "no reason is none", .asked = { .line = "POST /saker/$dialogue/apne", .headers = FORM, .body = "", STAFF(odd) }, .status = 400, { "role=\"alert\"", "Grunn" }, OPENINGS("dialogue"), "0" },
    { "a reason that is none of ours", .asked = { .line = "POST /saker/$dialogue/apne", .headers = FORM, .body = "reason=curious", STAFF(odd) }, .status = 400, { "role=\"alert\"", "Grunn" }, OPENINGS("dialogue"), "0" },
    { "another reason takes words", .asked = { .line = "POST /saker/$dialogue/apne", .headers = FORM, .body = "reason=other", STAFF(odd) }, .status = 400, { "role=\"alert\"", "Utdyping" }, OPENINGS("dialogue"), "0" },
    { "blanks are no words", .asked = { .line = "POST /saker/$dialogue/apne", .headers = FORM, .body = "reason=other&words=%E2%80%8B+%C2%A0", STAFF(odd) }, .status = 400, { "role=\"alert\"", "Utdyping" }, OPENINGS("dialogue"), "0" },
    { "two signs are too few", .asked = { .line = "POST /saker/$dialogue/apne", .headers = FORM, .body = "reason=other&words=ab", STAFF(odd) }, .status = 400, { ">ab<" }, OPENINGS("dialogue"), "0" },
    { "three are enough", .asked = { .line = "POST /saker/$dialogue/apne", .headers = FORM, .body = "reason=other&words=abc", STAFF(odd) }, .status = 303, { NULL }, "SELECT sealed IS NOT NULL FROM case_openings WHERE case_id = '$dialogue'", "t" },
    { "501 are too many", .asked = { .line = "POST /saker/$dialogue/apne", .headers = FORM, .body = "reason=other&words=$long", STAFF(odd) }, .status = 400, { "role=\"alert\"", "Utdyping" }, OPENINGS("dialogue"), "0" },
    { "no national id belongs in words that others read", .asked = { .line = "POST /saker/$dialogue/apne", .headers = FORM, .body = "reason=other&words=ringte+fra+$anna", STAFF(odd) }, .status = 400, { "ligner et fødselsnummer" }, OPENINGS("dialogue"), "0" },
    { "what is no text is its field's fault", .asked = { .line = "POST /saker/$dialogue/apne", .headers = FORM, .body = "reason=other&words=a%00bcd", STAFF(odd) }, .status = 400, { "role=\"alert\"", "Utdyping", "abcd" }, OPENINGS("dialogue"), "0" },
    { "an emergency opens no shielded case", SHIELDED("dialogue"), .asked = { .line = "POST /saker/$dialogue/apne", .headers = FORM, .body = "emergency=1&words=Det+haster", STAFF(odd) }, .status = 404, { NULL }, OPENINGS("dialogue"), "0" },
    { "the neighbours' case has no door", .asked = { .line = "POST /saker/$neighbours/apne", .headers = FORM, .body = "reason=handling", STAFF(odd) }, .status = 404, { NULL }, OPENINGS("neighbours"), "0" },
    { "a shielded case has no door", SHIELDED("dialogue"), .asked = { .line = "POST /saker/$dialogue/apne", .headers = FORM, .body = "reason=handling", STAFF(odd) }, .status = 404, { NULL }, OPENINGS("dialogue"), "0" },
    { "a form without a type", .asked = { .line = "POST /saker/$dialogue/apne", .body = "reason=handling", STAFF(odd) }, .status = 415, { NULL }, OPENINGS("dialogue"), "0" },
    { "a door is not looked through by a GET", .asked = { .line = "GET /saker/$dialogue/apne", STAFF(odd) }, .status = 405, { "Allow: POST" } },
    { "who is inside takes the case on", OPEN("dialogue", "Odd Prøvestad", LATER), .asked = { .line = "POST /saker/$dialogue/ta", .headers = FORM, .body = "", STAFF(odd) }, .status = 303, { NULL },
      "SELECT staff.name FROM case_workers JOIN staff ON staff.id = staff_id WHERE case_id = '$dialogue'", "Odd Prøvestad" },
    { "who is outside does not", .asked = { .line = "POST /saker/$dialogue/ta", .headers = FORM, .body = "", STAFF(odd) }, .status = 403, { NULL }, "SELECT count(*) FROM case_workers WHERE case_id = '$dialogue'", "0" },
    { "a letter is read inside", OPEN("dialogue", "Odd Prøvestad", LATER), .asked = { .line = "GET /saker/$dialogue/brev/1", STAFF(odd) }, .status = 200, { "%PDF-" }, LOGGED, "read letter" },
    { "and not from the door", .asked = { .line = "GET /saker/$dialogue/brev/1", STAFF(odd) }, .status = 403, { "!%PDF-" } },
    { "a letter that there is not", OPEN("dialogue", "Odd Prøvestad", LATER), .asked = { .line = "GET /saker/$dialogue/brev/2", STAFF(odd) }, .status = 404 },
    { "nobody sees a case of who they stand too near", .asked = { .line = "GET /saker/$dialogue", .internal = true, .who = &near }, .status = 404 },
};

#define HELD "seq=$dialogue_seq&kind=phone&with=applicant&two_way=on&at=2026-11-25T09:55"

static const struct ask_row forms[] = {
    { "a talk by the case's page", OPEN("dialogue", "Odd Prøvestad", LATER), .asked = { .line = "POST /saker/$dialogue/samtale", .headers = FORM, .body = HELD, STAFF(odd) }, .status = 303, { "Location: /saker/$dialogue" },
      "SELECT status FROM cases WHERE id = '$dialogue'", "ASSESSMENT" },
    { "the same talk once more is the same", OPEN("dialogue", "Odd Prøvestad", LATER), .asked = { .line = "POST /saker/$dialogue/samtale", .headers = FORM, .body = HELD, STAFF(odd) }, .times = 2, .status = 303, { NULL },
      "SELECT count(*) FROM contacts WHERE case_id = '$dialogue'", "1" },
    { "a talk from the door", .asked = { .line = "POST /saker/$dialogue/samtale", .headers = FORM, .body = HELD, STAFF(odd) }, .status = 403, { NULL }, "SELECT count(*) FROM contacts WHERE case_id = '$dialogue'", "0" },
    { "a talk at no time", OPEN("dialogue", "Odd Prøvestad", LATER), .asked = { .line = "POST /saker/$dialogue/samtale", .headers = FORM, .body = "seq=$dialogue_seq&kind=phone&with=applicant&at=", STAFF(odd) }, .status = 400, { NULL } },
    { "a talk at a time that comes", OPEN("dialogue", "Odd Prøvestad", LATER), .asked = { .line = "POST /saker/$dialogue/samtale", .headers = FORM, .body = "seq=$dialogue_seq&kind=phone&with=applicant&at=2026-11-25T10:30", STAFF(odd) }, .status = 400, { NULL } },
    { "a talk about a case that changed meanwhile", OPEN("dialogue", "Odd Prøvestad", LATER), .asked = { .line = "POST /saker/$dialogue/samtale", .headers = FORM, .body = "seq=1&kind=phone&with=applicant&at=2026-11-25T09:55", STAFF(odd) }, .status = 412, { NULL } },
    { "a talk about a case that ended", OPEN("ended", "Odd Prøvestad", LATER), .asked = { .line = "POST /saker/$ended/samtale", .headers = FORM, .body = "seq=$ended_seq&kind=phone&with=applicant&at=2026-11-25T09:55", STAFF(odd) }, .status = 409, { NULL } },
    { "a form of another session changes nothing", .asked = { .line = "POST /saker/$dialogue/apne", .headers = FORM, .body = "reason=handling&csrf=x", .internal = true, .who = &guarded }, .status = 403, { NULL }, OPENINGS("dialogue"), "0" },
    { "a form without its token changes nothing", .asked = { .line = "POST /saker/$dialogue/apne", .headers = FORM, .body = "reason=handling", .internal = true, .who = &guarded }, .status = 403, { NULL }, OPENINGS("dialogue"), "0" },
    { "a form of this session does", .asked = { .line = "POST /saker/$dialogue/apne", .headers = FORM, .body = "reason=handling&csrf=right", .internal = true, .who = &guarded }, .status = 303, { NULL }, OPENINGS("dialogue"), "1" },
    { "what another site made a browser send changes nothing", .asked = { .line = "POST /saker/$dialogue/apne", .headers = FORM "Sec-Fetch-Site: cross-site\n", .body = "reason=handling&csrf=right", .internal = true, .who = &guarded }, .status = 403, { NULL }, OPENINGS("dialogue"), "0" },
    { "nor what another origin sent", .asked = { .line = "POST /saker/$dialogue/apne", .headers = FORM "Origin: https://elsewhere.example\n", .body = "reason=handling&csrf=right", .internal = true, .who = &guarded }, .status = 403, { NULL }, OPENINGS("dialogue"), "0" },
    { "a search by number", .asked = { .line = "POST /saker/finn", .headers = FORM, .body = "q=$anna", STAFF(odd) }, .status = 200, { "/saker/$dialogue", "!$anna" } },
    { "a search by number, written as people do", .asked = { .line = "POST /saker/finn", .headers = FORM, .body = "q=118193+44630.", STAFF(odd) }, .status = 200, { "/saker/$dialogue" } },
    { "a search by reference", .asked = { .line = "POST /saker/finn", .headers = FORM, .body = "q=$reference", STAFF(odd) }, .status = 200, { "/saker/$dialogue" } },
    { "the neighbours are not found", .asked = { .line = "POST /saker/finn", .headers = FORM, .body = "q=$ruth", STAFF(odd) }, .status = 200, { "!/saker/$neighbours" } },
    { "who searched is logged, found or not", .asked = { .line = "POST /saker/finn", .headers = FORM, .body = "q=$ruth", STAFF(odd) }, .status = 200, { NULL }, LOGGED, "look_up case" },
    { "the neighbours' case is not found by its reference", .asked = { .line = "POST /saker/finn", .headers = FORM, .body = "q=$neighbours_reference", STAFF(odd) }, .status = 200, { "!/saker/$neighbours" } },
    { "a shielded case is not found", SHIELDED("dialogue"), .asked = { .line = "POST /saker/finn", .headers = FORM, .body = "q=$reference", STAFF(odd) }, .status = 200, { "!/saker/$dialogue" } },
    { "nobody finds a case of their own", .asked = { .line = "POST /saker/finn", .headers = FORM, .body = "q=$anna", .internal = true, .who = &near }, .status = 200, { "!/saker/$dialogue" } },
    { "a search for what is no number", .asked = { .line = "POST /saker/finn", .headers = FORM, .body = "q=11819344631", STAFF(odd) }, .status = 400 },
    { "a search for nothing", .asked = { .line = "POST /saker/finn", .headers = FORM, .body = "q=", STAFF(odd) }, .status = 400 },
    { "who stands too near steps back", .asked = { .line = "POST /inhabil", .headers = FORM, .body = "person=$anna", STAFF(odd) }, .status = 200, { "!$anna" }, "SELECT count(*) FROM staff_relations", "1" },
    { "from whom there is not, nobody steps back", .asked = { .line = "POST /inhabil", .headers = FORM, .body = "person=11819344631", STAFF(odd) }, .status = 400, { NULL }, "SELECT count(*) FROM staff_relations", "0" },
    { "a finding about no opening", .asked = { .line = "POST /nod", .headers = FORM, .body = "opening=x&finding=fitting", STAFF(officer) }, .status = 400 },
    { "a finding that is none", .asked = { .line = "POST /nod", .headers = FORM, .body = "opening=$nowhere&finding=fine", STAFF(officer) }, .status = 400 },
    { "an opening that is looked at already", .asked = { .line = "POST /nod", .headers = FORM, .body = "opening=$nowhere&finding=fitting", STAFF(officer) }, .status = 409 },
    { "a part that there is not ends not", OPEN("dialogue", "Odd Prøvestad", LATER), .asked = { .line = "POST /saker/$dialogue/deltaker/9", .headers = FORM, .body = "why=own_wish", STAFF(odd) }, .status = 404 },
    { "a part does not end for no reason", OPEN("dialogue", "Odd Prøvestad", LATER), .asked = { .line = "POST /saker/$dialogue/deltaker/1", .headers = FORM, .body = "why=", STAFF(odd) }, .status = 400 },
    { "a part does not end from the door", .asked = { .line = "POST /saker/$dialogue/deltaker/1", .headers = FORM, .body = "why=own_wish", STAFF(odd) }, .status = 403 },
};
/* clang-format on */

/* What somebody has said of themselves counts from then on. */
static void who_has_stepped_back_finds_nothing(void **state)
{
    (void)state;
    const struct asked back = { .line = "POST /inhabil", .headers = FORM, .body = "person=$anna", STAFF(odd) };
    const struct asked look = { .line = "GET /saker/$dialogue", STAFF(odd) };
    const struct asked other = { .line = "GET /saker/$team", STAFF(odd) };
    CHECK_INT("before", api_deliver(&look).status, 200);
    CHECK_INT("steps back", api_deliver(&back).status, 200);
    CHECK_INT("after", api_deliver(&look).status, 404);
    CHECK_INT("another's case", api_deliver(&other).status, 200);
    house_do("UPDATE case_parties SET until = '2026-11-25T10:00:00+01:00' WHERE case_id = '$dialogue'");
    CHECK_INT("who had a part in it had one", api_deliver(&look).status, 404);
    const struct asked find = { .line = "POST /saker/finn", .headers = FORM, .body = "q=$reference", STAFF(odd) };
    assert_null(strstr(api_deliver(&find).body, house_text("/saker/$dialogue")));
    CHECK_TEXT("of whom is sealed", house_look("SELECT count(*) FROM staff_relations WHERE position('$anna'::bytea IN sealed) > 0"), "0");
}

static void nobody_judges_an_emergency_of_their_own(void **state)
{
    (void)state;
    struct principal both = maret;
    both.roles |= ROLE_PRIVACY_OFFICER;
    const struct asked open = { .line = "POST /saker/$team/apne", .headers = FORM, .body = "emergency=1&words=Det+haster", .internal = true, .who = &both };
    const struct asked list = { .line = "GET /nod", .internal = true, .who = &both };
    const struct asked find = { .line = "POST /nod", .headers = FORM, .body = "opening=$opening&finding=fitting", .internal = true, .who = &both };
    CHECK_INT("opened", api_deliver(&open).status, 303);
    house_name("opening", house_look("SELECT id FROM case_openings WHERE emergency"));
    assert_null(strstr(api_deliver(&list).body, "Det haster"));
    CHECK_INT("nothing of theirs to judge", api_deliver(&find).status, 409);
}

/* An emergency is looked at by somebody else, once. */
static void an_emergency_is_looked_at_once(void **state)
{
    (void)state;
    const struct asked open = { .line = "POST /saker/$team/apne", .headers = FORM, .body = "emergency=1&words=Funnet+alene", STAFF(maret) };
    const struct asked list = { .line = "GET /nod", STAFF(officer) };
    const struct asked find = { .line = "POST /nod", .headers = FORM, .body = "opening=$opening&finding=fitting", STAFF(officer) };
    CHECK_INT("opened", api_deliver(&open).status, 303);
    house_name("opening", house_look("SELECT id FROM case_openings WHERE emergency"));
    struct http_reply page = api_deliver(&list);
    CHECK_INT("listed", page.status, 200);
    assert_non_null(strstr(page.body, "Funnet alene"));
    CHECK_INT("found", api_deliver(&find).status, 303);
    CHECK_INT("found again", api_deliver(&find).status, 409);
}

static void seed(void)
{
    char longest[502];
    seed_all();
    memset(longest, 'o', 501);
    longest[501] = '\0';
    house_name("long", longest);
    house_name("reference", house_look("SELECT reference FROM cases WHERE id = '$dialogue'"));
    house_name("neighbours_reference", house_look("SELECT reference FROM cases WHERE id = '$neighbours'"));
    near = guarded = odd;
    near.person = anna.person;
    guarded.csrf = "right";
}

int main(void)
{
    ADD_ROWS(rooms, ask);
    ADD_ROWS(menus, ask);
    ADD_ROWS(acts_on_pages, ask);
    ADD_ROWS(doors, ask);
    ADD_ROWS(forms, ask);
    ADD_TEST(who_has_stepped_back_finds_nothing);
    ADD_TEST(an_emergency_is_looked_at_once);
    ADD_TEST(nobody_judges_an_emergency_of_their_own);
    return house_run("console", seed);
}
