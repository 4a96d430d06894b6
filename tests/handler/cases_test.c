/* SPDX-License-Identifier: EUPL-1.2 */
/* What other systems get and are refused at the doors of cases, talks, letters, agendas and figures. */
#include "common/program/program.h"
#include "tests/handler/rows.h"

#define CASE(id) "GET /api/v1/cases/" id
#define CONTACTS(id) "POST /api/v1/cases/" id "/contacts"
#define JSON "Content-Type: application/json\n"
#define KEY "Idempotency-Key: one\n"
#define MATCH(id) "If-Match: \"$" id "_seq\"\n"
#define TALK "{\"kind\": \"phone\", \"with\": [\"applicant\"], \"two_way\": true, \"at\": \"2026-11-25T09:55:00+01:00\"}"
#define WITH(kind, with, two_way, at) "{\"kind\": " kind ", \"with\": " with ", \"two_way\": " two_way ", \"at\": " at "}"
#define NOW "\"2026-11-25T09:55:00+01:00\""
#define ALL .who = &county, .scopes = every_scope
#define PROBLEM(name) "urn:tillit:problem:" name
#define FAULT(pointer, code) "{\"pointer\":\"" pointer "\",\"code\":\"" code "\""
#define TALKS(id) "SELECT count(*) FROM contacts WHERE case_id = '$" id "'"
#define STATUS_OF(id) "SELECT status FROM cases WHERE id = '$" id "'"
#define LAST_LOGGED                                                                            \
    "SELECT string_agg(act || ' ' || what || ' ' || coalesce(case_id::text, '-'), ', ' ORDER BY act, what) " \
    "FROM access_log WHERE at > '2026-11-25T09:30:00+01:00'"

/* clang-format off */
static const struct ask_row cases[] = {
    { "a case is shown, with the tag of its last event", .asked = { .line = CASE("$dialogue"), .who = &county, .scopes = "cases.read" }, .status = 200,
      { "\"status\":\"DIALOGUE\"", "ETag: \"$dialogue_seq\"", "\"kind\":\"first_talk\"", "\"href\":\"/api/v1/cases/$dialogue/letters/1\"" } },
    { "a case before triage has nothing decided", .asked = { .line = CASE("$received"), ALL }, .status = 200,
      { "\"status\":\"RECEIVED\"", "\"department\":null", "\"path\":null", "\"deadlines\":[]", "\"letters\":[]" } },
    { "a case on an agenda says which", .asked = { .line = CASE("$team"), ALL }, .status = 200, { "\"path\":\"team\"", "\"team\":\"ho-vurderingsteam\"" } },
    { "a case is asked for by a HEAD", .asked = { .line = "HEAD /api/v1/cases/$dialogue", ALL }, .status = 200, { "ETag: \"$dialogue_seq\"" } },
    { "an id in capitals is the same id", .asked = { .line = CASE("$upper"), ALL }, .status = 200, { "\"case_id\":\"$dialogue\"" } },
    { "nobody is shown a case", .asked = { .line = CASE("$dialogue") }, .status = 401, { PROBLEM("unauthenticated"), "WWW-Authenticate: Bearer\r\n" } },
    { "a token that nobody issued is none", .asked = { .line = CASE("$dialogue"), .headers = "Authorization: Bearer e30.e30.x\n" }, .status = 401,
      { PROBLEM("unauthenticated"), "WWW-Authenticate: Bearer error=\"invalid_token\"" } },
    { "another scheme than Bearer is no login", .asked = { .line = CASE("$dialogue"), .headers = "Authorization: Basic YTpi\n" }, .status = 401, { PROBLEM("unauthenticated") } },
    { "a token without the scope is refused, and told which it takes", .asked = { .line = CASE("$dialogue"), .who = &county, .scopes = "cases.write agenda.read" }, .status = 403,
      { PROBLEM("forbidden"), "WWW-Authenticate: Bearer error=\"insufficient_scope\", scope=\"tillit:cases.read\"" } },
    { "a citizen's session opens no case", .asked = { .line = CASE("$dialogue"), .who = &anna }, .status = 403, { PROBLEM("forbidden"), "it is for other roles" } },
    { "a case that is not there", .asked = { .line = CASE("$nowhere"), ALL }, .status = 404, { PROBLEM("not-found") } },
    { "another municipality's case is not there", .asked = { .line = CASE("$neighbours"), ALL }, .status = 404, { PROBLEM("not-found"), "!$neighbours" } },
    { "a case is not there for another municipality's system", .asked = { .line = CASE("$dialogue"), .who = &neighbour, .scopes = every_scope }, .status = 404, { PROBLEM("not-found") } },
    { "each system sees its own", .asked = { .line = CASE("$neighbours"), .who = &neighbour, .scopes = every_scope }, .status = 200, { "\"status\":\"DIALOGUE\"" } },
    { "what is no id leads nowhere", .asked = { .line = CASE("4627"), ALL }, .status = 404, { PROBLEM("not-found") } },
    { "a slash too many is no case", .asked = { .line = CASE("$dialogue/"), ALL }, .status = 404, { PROBLEM("not-found") } },
    { "a case is not deleted", .asked = { .line = "DELETE /api/v1/cases/$dialogue", ALL }, .status = 405, { PROBLEM("method"), "Allow: GET, HEAD" } },
    { "a case is not told in XML", .asked = { .line = CASE("$dialogue"), .headers = "Accept: application/xml\n", ALL }, .status = 406, { PROBLEM("not-acceptable") } },
    { "a case is told to who takes anything", .asked = { .line = CASE("$dialogue"), .headers = "Accept: text/html, */*;q=0.1\n", ALL }, .status = 200, { "application/json" } },
    { "JSON that is not wanted at all is not sent", .asked = { .line = CASE("$dialogue"), .headers = "Accept: application/json;q=0, */*\n", ALL }, .status = 406, { PROBLEM("not-acceptable") } },
    { "a parameter that a case has not", .asked = { .line = CASE("$dialogue?full=1"), ALL }, .status = 400, { FAULT("/full", "unknown") } },
    { "a problem is told in Nynorsk", .asked = { .line = CASE("$nowhere"), .headers = "Accept-Language: nn\n", ALL }, .status = 404, { "Her er det ingenting" } },
    { "what was looked at is logged", .asked = { .line = CASE("$dialogue"), ALL }, .status = 200, { NULL }, LAST_LOGGED, "read case $dialogue" },
    { "a look that is refused is logged in the case's municipality", .asked = { .line = CASE("$dialogue"), .who = &county, .scopes = "agenda.read" }, .status = 403, { NULL },
      LAST_LOGGED, "refused /api/v1/cases/{id} $dialogue" },
    { "a reason is kept with the look", .asked = { .line = CASE("$dialogue"), .headers = "Access-Reason: Svar til pasienten\n", ALL }, .status = 200, { NULL },
      "SELECT reason IS NOT NULL FROM access_log WHERE at > '2026-11-25T09:30:00+01:00'", "t" },
    { "no national id belongs in a reason", .asked = { .line = CASE("$dialogue"), .headers = "Access-Reason: svar til $anna\n", ALL }, .status = 400,
      { PROBLEM("malformed"), "no national id belongs in Access-Reason", "!$anna" } },
    { "nobody is logged for what nobody may see", .asked = { .line = CASE("$dialogue") }, .status = 401, { NULL },
      "SELECT count(*) FROM access_log WHERE case_id = '$dialogue' AND act = 'refused'", "0" },
};

static const struct ask_row contacts[] = {
    { "a talk both ways moves the case on", .asked = { .line = CONTACTS("$dialogue"), .headers = JSON KEY MATCH("dialogue"), .body = TALK, ALL }, .status = 201,
      { "\"case_id\":\"$dialogue\"", "ETag: " }, STATUS_OF("dialogue"), "ASSESSMENT" },
    { "a talk is a row and an event", .asked = { .line = CONTACTS("$dialogue"), .headers = JSON KEY MATCH("dialogue"), .body = TALK, ALL }, .status = 201, { NULL },
      "SELECT kind || ' ' || (events.data->>'two_way') FROM contacts JOIN events USING (case_id, case_seq) WHERE case_id = '$dialogue'", "phone true" },
    { "the event waits for Kafka", .asked = { .line = CONTACTS("$dialogue"), .headers = JSON KEY MATCH("dialogue"), .body = TALK, ALL }, .status = 201, { NULL },
      "SELECT count(*) FROM unsent WHERE case_id = '$dialogue' AND case_seq > $dialogue_seq", "1" },
    { "a talk is logged as written", .asked = { .line = CONTACTS("$dialogue"), .headers = JSON KEY MATCH("dialogue"), .body = TALK, ALL }, .status = 201, { NULL },
      LAST_LOGGED, "write contact $dialogue" },
    { "nobody answered: the case waits for a talk still",
      .asked = { .line = CONTACTS("$dialogue"), .headers = JSON KEY MATCH("dialogue"), .body = WITH("\"phone\"", "[\"applicant\"]", "false", NOW), ALL }, .status = 201,
      { NULL }, STATUS_OF("dialogue"), "DIALOGUE" },
    { "a second talk moves nothing", .asked = { .line = CONTACTS("$assessment"), .headers = JSON KEY MATCH("assessment"), .body = TALK, ALL }, .status = 201, { NULL },
      STATUS_OF("assessment"), "ASSESSMENT" },
    { "a talk about what goes to the county leaves it where it is",
      .asked = { .line = CONTACTS("$forward"), .headers = JSON KEY MATCH("forward"), .body = TALK, ALL }, .status = 201, { NULL }, STATUS_OF("forward"), "TRIAGED" },
    { "any tag at all is right for who says so", .asked = { .line = CONTACTS("$dialogue"), .headers = JSON KEY "If-Match: *\n", .body = TALK, ALL }, .status = 201 },
    { "one tag of several", .asked = { .line = CONTACTS("$dialogue"), .headers = JSON KEY "If-Match: \"1\", \"$dialogue_seq\"\n", .body = TALK, ALL }, .status = 201 },
    { "nobody registers a talk", .asked = { .line = CONTACTS("$dialogue"), .headers = JSON KEY MATCH("dialogue"), .body = TALK }, .status = 401, { PROBLEM("unauthenticated") }, TALKS("dialogue"), "0" },
    { "who may read may not write", .asked = { .line = CONTACTS("$dialogue"), .headers = JSON KEY MATCH("dialogue"), .body = TALK, .who = &county, .scopes = "cases.read" }, .status = 403,
      { PROBLEM("forbidden"), "tillit:cases.write" }, TALKS("dialogue"), "0" },
    { "a talk about no case", .asked = { .line = CONTACTS("$nowhere"), .headers = JSON KEY "If-Match: *\n", .body = TALK, ALL }, .status = 404, { PROBLEM("not-found") },
      "SELECT count(*) FROM idempotency_keys WHERE key = 'one'", "0" },
    { "a talk about another municipality's case", .asked = { .line = CONTACTS("$neighbours"), .headers = JSON KEY "If-Match: *\n", .body = TALK, ALL }, .status = 404,
      { PROBLEM("not-found") }, TALKS("neighbours"), "0" },
    { "talks are not listed there", .asked = { .line = "GET /api/v1/cases/$dialogue/contacts", ALL }, .status = 405, { "Allow: POST" } },
    { "an answer that can not be given", .asked = { .line = CONTACTS("$dialogue"), .headers = JSON KEY "Accept: text/plain\n" MATCH("dialogue"), .body = TALK, ALL }, .status = 406,
      { PROBLEM("not-acceptable") }, TALKS("dialogue"), "0" },
    { "before triage there is nothing to talk about", .asked = { .line = CONTACTS("$received"), .headers = JSON KEY MATCH("received"), .body = TALK, ALL }, .status = 409,
      { PROBLEM("wrong-status"), "the case is RECEIVED" }, TALKS("received"), "0" },
    { "after the end it is too late", .asked = { .line = CONTACTS("$ended"), .headers = JSON KEY MATCH("ended"), .body = TALK, ALL }, .status = 409,
      { PROBLEM("wrong-status"), "the case is WITHDRAWN" }, TALKS("ended"), "0" },
    { "the case was changed since", .asked = { .line = CONTACTS("$dialogue"), .headers = JSON KEY "If-Match: \"1\"\n", .body = TALK, ALL }, .status = 412,
      { PROBLEM("changed") }, TALKS("dialogue"), "0" },
    { "a weak tag matches nothing", .asked = { .line = CONTACTS("$dialogue"), .headers = JSON KEY "If-Match: W/\"$dialogue_seq\"\n", .body = TALK, ALL }, .status = 412, { PROBLEM("changed") } },
    { "a changed case is told before its status", .asked = { .line = CONTACTS("$received"), .headers = JSON KEY "If-Match: \"9\"\n", .body = TALK, ALL }, .status = 412, { PROBLEM("changed") } },
    { "a talk without a type", .asked = { .line = CONTACTS("$dialogue"), .headers = KEY MATCH("dialogue"), .body = TALK, ALL }, .status = 415, { PROBLEM("media-type") } },
    { "a talk as a form", .asked = { .line = CONTACTS("$dialogue"), .headers = "Content-Type: application/x-www-form-urlencoded\n" KEY MATCH("dialogue"), .body = "kind=phone", ALL }, .status = 415, { PROBLEM("media-type") } },
    { "a talk in another alphabet", .asked = { .line = CONTACTS("$dialogue"), .headers = "Content-Type: application/json; charset=latin1\n" KEY MATCH("dialogue"), .body = TALK, ALL }, .status = 415, { PROBLEM("media-type") } },
    { "a type with its alphabet", .asked = { .line = CONTACTS("$dialogue"), .headers = "Content-Type: application/json; charset=\"UTF-8\"\n" KEY MATCH("dialogue"), .body = TALK, ALL }, .status = 201 },
    { "a talk without a key", .asked = { .line = CONTACTS("$dialogue"), .headers = JSON MATCH("dialogue"), .body = TALK, ALL }, .status = 400, { PROBLEM("key-missing") } },
    { "a key with a blank", .asked = { .line = CONTACTS("$dialogue"), .headers = JSON "Idempotency-Key: a b\n" MATCH("dialogue"), .body = TALK, ALL }, .status = 400, { PROBLEM("key-missing") } },
    { "a key of 255 signs", .asked = { .line = CONTACTS("$dialogue"), .headers = JSON "Idempotency-Key: $longest\n" MATCH("dialogue"), .body = TALK, ALL }, .status = 201 },
    { "a key of 256 signs", .asked = { .line = CONTACTS("$dialogue"), .headers = JSON "Idempotency-Key: $longest-\n" MATCH("dialogue"), .body = TALK, ALL }, .status = 400, { PROBLEM("key-missing") } },
    { "a talk that says not what it changes", .asked = { .line = CONTACTS("$dialogue"), .headers = JSON KEY, .body = TALK, ALL }, .status = 428, { PROBLEM("match-missing") } },
    { "blanks are no tag", .asked = { .line = CONTACTS("$dialogue"), .headers = JSON KEY "If-Match:  \n", .body = TALK, ALL }, .status = 428, { PROBLEM("match-missing") } },
    { "what is missing of the head is told before the body is read", .asked = { .line = CONTACTS("$dialogue"), .headers = JSON KEY, .body = "{", ALL }, .status = 428, { PROBLEM("match-missing") } },
    { "a talk that is no JSON", .asked = { .line = CONTACTS("$dialogue"), .headers = JSON KEY MATCH("dialogue"), .body = "{\"kind\": ", ALL }, .status = 400, { PROBLEM("malformed") } },
    { "a talk without a body", .asked = { .line = CONTACTS("$dialogue"), .headers = JSON KEY MATCH("dialogue"), ALL }, .status = 400, { PROBLEM("malformed") } },
    { "all that is missing is told at once", .asked = { .line = CONTACTS("$dialogue"), .headers = JSON KEY MATCH("dialogue"), .body = "{}", ALL }, .status = 400,
      { FAULT("/kind", "missing"), FAULT("/with", "missing"), FAULT("/two_way", "missing"), FAULT("/at", "missing") } },
    { "all that is wrong is told at once",
      .asked = { .line = CONTACTS("$dialogue"), .headers = JSON KEY MATCH("dialogue"), .body = WITH("\"letter\"", "[\"applicant\", \"applicant\"]", "\"yes\"", "\"yesterday\""), ALL }, .status = 400,
      { FAULT("/kind", "choice"), FAULT("/with/1", "repeat"), FAULT("/two_way", "type"), FAULT("/at", "format"), "!yesterday" } },
    { "a member that talks have not", .asked = { .line = CONTACTS("$dialogue"), .headers = JSON KEY MATCH("dialogue"), .body = "{\"note\": 1}", ALL }, .status = 400, { FAULT("/note", "unknown") } },
    { "with whom is a list", .asked = { .line = CONTACTS("$dialogue"), .headers = JSON KEY MATCH("dialogue"), .body = WITH("\"phone\"", "\"applicant\"", "true", NOW), ALL }, .status = 400, { FAULT("/with", "type") } },
    { "a talk that is null", .asked = { .line = CONTACTS("$dialogue"), .headers = JSON KEY MATCH("dialogue"), .body = WITH("null", "null", "null", "null"), ALL }, .status = 400,
      { FAULT("/kind", "type"), FAULT("/at", "type") } },
    { "a talk was not held in the future", .asked = { .line = CONTACTS("$dialogue"), .headers = JSON KEY MATCH("dialogue"), .body = WITH("\"phone\"", "[\"applicant\"]", "true", "\"2026-11-25T10:06:00+01:00\""), ALL }, .status = 400,
      { FAULT("/at", "range") }, TALKS("dialogue"), "0" },
    { "clocks may differ by five minutes", .asked = { .line = CONTACTS("$dialogue"), .headers = JSON KEY MATCH("dialogue"), .body = WITH("\"phone\"", "[\"applicant\"]", "true", "\"2026-11-25T10:05:00+01:00\""), ALL }, .status = 201 },
    { "the call that led to it came that morning", .asked = { .line = CONTACTS("$dialogue"), .headers = JSON KEY MATCH("dialogue"), .body = WITH("\"phone\"", "[\"applicant\"]", "true", "\"2026-11-25T00:00:00+01:00\""), ALL }, .status = 201 },
    { "a talk was not held the day before the application", .asked = { .line = CONTACTS("$dialogue"), .headers = JSON KEY MATCH("dialogue"), .body = WITH("\"phone\"", "[\"applicant\"]", "true", "\"2026-11-24T23:54:00+01:00\""), ALL }, .status = 400,
      { FAULT("/at", "range") }, TALKS("dialogue"), "0" },
    { "what was refused has used up no key", .asked = { .line = CONTACTS("$dialogue"), .headers = JSON KEY "If-Match: \"1\"\n", .body = TALK, ALL }, .status = 412, { NULL },
      "SELECT count(*) FROM idempotency_keys WHERE key = 'one'", "0" },
    { "the same once more is the same talk", .asked = { .line = CONTACTS("$dialogue"), .headers = JSON KEY MATCH("dialogue"), .body = TALK, ALL }, .times = 3, .status = 201, { "\"case_id\":\"$dialogue\"" }, TALKS("dialogue"), "1" },
    { "a talk by a nurse's scope is no caseworker's page", .asked = { .line = "GET /saker/$dialogue", .internal = true, ALL }, .status = 403, { NULL } },
};

static const struct ask_row letters[] = {
    { "a letter is a file that is called what it is", .asked = { .line = CASE("$dialogue/letters/1"), ALL }, .status = 200, { "application/pdf", "%PDF-", "filename=\"T-" }, LAST_LOGGED, "read letter $dialogue" },
    { "a letter that was not written", .asked = { .line = CASE("$dialogue/letters/2"), ALL }, .status = 404, { PROBLEM("not-found") } },
    { "letters are counted from one", .asked = { .line = CASE("$dialogue/letters/0"), ALL }, .status = 404, { PROBLEM("not-found") } },
    { "a number with a sign before it is none", .asked = { .line = CASE("$dialogue/letters/+1"), ALL }, .status = 404, { PROBLEM("not-found") } },
    { "another municipality's letter is not there", .asked = { .line = CASE("$dialogue/letters/1"), .who = &neighbour, .scopes = every_scope }, .status = 404, { "!%PDF" } },
    { "nobody reads a letter", .asked = { .line = CASE("$dialogue/letters/1") }, .status = 401, { "!%PDF" } },
    { "a letter takes its scope", .asked = { .line = CASE("$dialogue/letters/1"), .who = &county, .scopes = "cases.write" }, .status = 403, { "!%PDF" } },
    { "a letter is not written over", .asked = { .line = "POST /api/v1/cases/$dialogue/letters/1", ALL }, .status = 405, { "Allow: GET, HEAD" } },
    { "a damaged letter is shown to nobody", "UPDATE documents SET sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1) WHERE id = (SELECT document_id FROM letters WHERE case_id = '$dialogue')",
      { .line = CASE("$dialogue/letters/1"), ALL }, .status = 500, { PROBLEM("damaged"), "!%PDF", "!detail" } },
};

static const struct ask_row agendas[] = {
    { "what a team meets about", .asked = { .line = "GET /api/v1/agenda", ALL }, .status = 200, { "\"case_id\":\"$team\"", "\"team\":\"ho-vurderingsteam\"" }, LAST_LOGGED, "read agenda $team" },
    { "one team's alone", .asked = { .line = "GET /api/v1/agenda?team=il-mestringsteam", ALL }, .status = 200, { "!$team" } },
    { "another municipality's agenda is another", .asked = { .line = "GET /api/v1/agenda", .who = &neighbour, .scopes = every_scope }, .status = 200, { "!$team" } },
    { "a team that there is not", .asked = { .line = "GET /api/v1/agenda?team=nobody", ALL }, .status = 400, { FAULT("/team", "choice") } },
    { "the neighbours' team is none", .asked = { .line = "GET /api/v1/agenda?team=tildelingsteam", ALL }, .status = 400, { FAULT("/team", "choice") } },
    { "a day that there is not", .asked = { .line = "GET /api/v1/agenda?from=2026-02-30", ALL }, .status = 400, { FAULT("/from", "date") } },
    { "days the wrong way round", .asked = { .line = "GET /api/v1/agenda?from=2026-12-02&to=2026-12-01", ALL }, .status = 400, { FAULT("/to", "range") } },
    { "a place to go on from that is none", .asked = { .line = "GET /api/v1/agenda?cursor=12", ALL }, .status = 400, { FAULT("/cursor", "format") } },
    { "all that is wrong with a question is told at once", .asked = { .line = "GET /api/v1/agenda?from=x&team=y&cursor=z", ALL }, .status = 400,
      { FAULT("/from", "format"), FAULT("/team", "choice"), FAULT("/cursor", "format") } },
    { "an agenda takes its scope", .asked = { .line = "GET /api/v1/agenda", .who = &county, .scopes = "cases.read" }, .status = 403, { "!$team" } },
    { "figures of a period", .asked = { .line = "GET /api/v1/indicators?from=2026-11-01&to=2026-12-01", ALL }, .status = 200, { "\"from\":\"2026-11-01\"", "\"suppressed\":" } },
    { "figures of no period", .asked = { .line = "GET /api/v1/indicators", ALL }, .status = 400, { FAULT("/from", "missing"), FAULT("/to", "missing") } },
    { "figures of a period that ends before it begins", .asked = { .line = "GET /api/v1/indicators?from=2026-12-01&to=2026-11-01", ALL }, .status = 400, { FAULT("/to", "range") } },
    { "figures take their scope", .asked = { .line = "GET /api/v1/indicators?from=2026-11-01&to=2026-12-01", .who = &county, .scopes = "cases.read" }, .status = 403, { PROBLEM("forbidden") } },
};
/* clang-format on */

/* The key stands for one request: another body, or another case, is another. */
static void a_key_is_one_request(void **state)
{
    (void)state;
    const struct asked first = { .line = CONTACTS("$dialogue"), .headers = JSON KEY MATCH("dialogue"), .body = TALK, ALL };
    const struct asked other_body = { .line = CONTACTS("$dialogue"), .headers = JSON KEY MATCH("dialogue"), .body = WITH("\"visit\"", "[\"applicant\"]", "true", NOW), ALL };
    const struct asked other_case = { .line = CONTACTS("$assessment"), .headers = JSON KEY MATCH("assessment"), .body = TALK, ALL };
    const struct asked again = { .line = CONTACTS("$dialogue"), .headers = JSON KEY "If-Match: \"1\"\n", .body = TALK, ALL };
    struct http_reply one = api_deliver(&first), reply = api_deliver(&other_body);
    CHECK_INT("first", one.status, 201);
    CHECK_INT("another body", reply.status, 422);
    reply = api_deliver(&other_case);
    CHECK_INT("another case", reply.status, 422);
    reply = api_deliver(&again);
    CHECK_INT("again, with whatever tag", reply.status, 201);
    CHECK_TEXT("the same answer", reply.body, one.body);
    CHECK_TEXT("with the tag of then", reply.etag, one.etag);
    CHECK_TEXT("one talk", house_look(TALKS("dialogue")), "1");
}

static void each_system_has_keys_of_its_own(void **state)
{
    (void)state;
    struct principal other = county;
    other.client = "0192:310777777";
    const struct asked first = { .line = CONTACTS("$dialogue"), .headers = JSON KEY "If-Match: *\n", .body = TALK, ALL };
    const struct asked second = { .line = CONTACTS("$dialogue"), .headers = JSON KEY "If-Match: *\n", .body = TALK, .who = &other, .scopes = every_scope };
    CHECK_INT("one system", api_deliver(&first).status, 201);
    CHECK_INT("another", api_deliver(&second).status, 201);
    CHECK_TEXT("two talks", house_look(TALKS("dialogue")), "2");
}

static void who_comes_too_often_waits(void **state)
{
    (void)state;
    struct program *api = house_program("api");
    int64_t before = api->settings.rate_client;
    const struct asked asked = { .line = CASE("$dialogue"), ALL };
    api->settings.rate_client = 3;
    struct http_reply third = api_deliver_often(&asked, 3), fourth = api_deliver(&asked);
    api->settings.rate_client = before;
    CHECK_INT("the third", third.status, 200);
    CHECK_INT("the fourth", fourth.status, 429);
    assert_true(fourth.retry_after > 0 && fourth.retry_after <= 60);
}

static void what_can_not_be_logged_is_not_shown(void **state)
{
    (void)state;
    const struct asked asked = { .line = CASE("$dialogue"), ALL };
    house_do("REVOKE INSERT ON access_log FROM tillit_api");
    struct http_reply reply = api_deliver(&asked);
    assert_true(reply.status >= 500);
    assert_null(strstr(reply.body, "DIALOGUE"));
}

static void seed(void)
{
    char longest[256];
    seed_all();
    memset(longest, 'k', 255);
    longest[255] = '\0';
    house_name("longest", longest);
    house_name("upper", house_look("SELECT upper('$dialogue')"));
}

int main(void)
{
    ADD_ROWS(cases, ask);
    ADD_ROWS(contacts, ask);
    ADD_ROWS(letters, ask);
    ADD_ROWS(agendas, ask);
    ADD_TEST(a_key_is_one_request);
    ADD_TEST(each_system_has_keys_of_its_own);
    ADD_TEST(who_comes_too_often_waits);
    ADD_TEST(what_can_not_be_logged_is_not_shown);
    return house_run("cases", seed);
}
