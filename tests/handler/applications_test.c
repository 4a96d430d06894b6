/* SPDX-License-Identifier: EUPL-1.2 */
/* Applications: taken in once, by systems and by citizens; and what citizens see of their own. */
#include "common/program/program.h"
#include "tests/handler/rows.h"

#define SEND "POST /api/v1/applications"
#define JSON "Content-Type: application/json\n"
#define FORM "Content-Type: application/x-www-form-urlencoded\n"
#define KEY "Idempotency-Key: one\n"
#define ALL .who = &county, .scopes = every_scope
#define PROBLEM(name) "urn:tillit:problem:" name
#define FAULT(pointer, code) "{\"pointer\":\"" pointer "\",\"code\":\"" code "\""
#define DOCUMENT(municipality, number, needs)                                                  \
    "{\"municipality\": \"" municipality "\", \"language\": \"nb\", \"submitter\": {\"national_id\": \"" number         \
    "\", \"name\": \"Kari Prøve\", \"role\": \"self\"}, \"needs\": \"" needs                                          \
    "\", \"urgency\": \"none\", \"in_hospital\": false, \"household\": \"alone\", \"services\": [\"HSH\"], \"confirmed\": true}"
#define GOOD DOCUMENT("4627", "$anna", "Hjelp til å dusje.")
#define TAKEN "SELECT count(*) FROM cases WHERE received_at > '2026-11-25T09:30:00+01:00'"
#define LOGGED "SELECT string_agg(act || ' ' || what, ', ' ORDER BY act, what) FROM access_log WHERE at > '2026-11-25T09:30:00+01:00'"

/* clang-format off */
static const struct ask_row applications[] = {
    { "an application becomes a case", .asked = { .line = SEND, .headers = JSON KEY, .body = GOOD, ALL }, .status = 201, { "\"reference\":\"T-", "Location: /api/v1/applications/" }, TAKEN, "1" },
    { "what came is logged as written", .asked = { .line = SEND, .headers = JSON KEY, .body = GOOD, ALL }, .status = 201, { NULL }, LOGGED, "write application" },
    { "it is said once", .asked = { .line = SEND, .headers = JSON KEY, .body = GOOD, ALL }, .status = 201, { NULL },
      "SELECT type || ' ' || case_seq FROM events WHERE occurred_at > '2026-11-25T09:30:00+01:00'", "no.tillit.application.received.v1 1" },
    { "what is said names nobody", .asked = { .line = SEND, .headers = JSON KEY, .body = GOOD, ALL }, .status = 201, { NULL },
      "SELECT count(*) FROM events WHERE data::text LIKE '%$anna%' OR data::text LIKE '%dusje%'", "0" },
    { "what was written is sealed", .asked = { .line = SEND, .headers = JSON KEY, .body = GOOD, ALL }, .status = 201, { NULL },
      "SELECT count(*) FROM documents WHERE position('dusje'::bytea IN sealed) > 0", "0" },
    { "the same once more is the same application", .asked = { .line = SEND, .headers = JSON KEY, .body = GOOD, ALL }, .times = 3, .status = 201, { "\"reference\":\"T-" }, TAKEN, "1" },
    { "nobody sends one without a login", .asked = { .line = SEND, .headers = JSON KEY, .body = GOOD }, .status = 401, { PROBLEM("unauthenticated") }, TAKEN, "0" },
    { "it takes its scope", .asked = { .line = SEND, .headers = JSON KEY, .body = GOOD, .who = &county, .scopes = "applications.read" }, .status = 403, { "tillit:applications.write" }, TAKEN, "0" },
    { "staff's session sends none", .asked = { .line = SEND, .headers = JSON KEY, .body = GOOD, .who = &odd }, .status = 403, { PROBLEM("forbidden") }, TAKEN, "0" },
    { "a system comes for its own municipalities", .asked = { .line = SEND, .headers = JSON KEY, .body = DOCUMENT("6901", "$anna", "Hjelp."), ALL }, .status = 403,
      { "the client may not come for this municipality" }, TAKEN, "0" },
    { "a municipality that is not served", .asked = { .line = SEND, .headers = JSON KEY, .body = DOCUMENT("0301", "$anna", "Hjelp."), ALL }, .status = 400, { FAULT("/municipality", "choice") }, TAKEN, "0" },
    { "a number with a wrong control digit", .asked = { .line = SEND, .headers = JSON KEY, .body = DOCUMENT("4627", "11819344631", "Hjelp."), ALL }, .status = 400, { FAULT("/submitter/national_id", "checksum"), "!11819344631" }, TAKEN, "0" },
    { "needs that show nothing", .asked = { .line = SEND, .headers = JSON KEY, .body = DOCUMENT("4627", "$anna", "\\u200b\\u3000"), ALL }, .status = 400, { FAULT("/needs", "missing") }, TAKEN, "0" },
    { "a document of nothing", .asked = { .line = SEND, .headers = JSON KEY, .body = "{}", ALL }, .status = 400, { FAULT("/municipality", "missing"), FAULT("/submitter", "missing"), FAULT("/confirmed", "missing") }, TAKEN, "0" },
    { "a document that is a list", .asked = { .line = SEND, .headers = JSON KEY, .body = "[]", ALL }, .status = 400, { PROBLEM("malformed") }, TAKEN, "0" },
    { "no key", .asked = { .line = SEND, .headers = JSON, .body = GOOD, ALL }, .status = 400, { PROBLEM("key-missing") }, TAKEN, "0" },
    { "a key with a blank", .asked = { .line = SEND, .headers = JSON "Idempotency-Key: a b\n", .body = GOOD, ALL }, .status = 400, { PROBLEM("key-missing") }, TAKEN, "0" },
    { "a key of 256 signs", .asked = { .line = SEND, .headers = JSON "Idempotency-Key: $longest-\n", .body = GOOD, ALL }, .status = 400, { PROBLEM("key-missing") }, TAKEN, "0" },
    { "another alphabet", .asked = { .line = SEND, .headers = "Content-Type: application/json; charset=latin1\n" KEY, .body = GOOD, ALL }, .status = 415, { PROBLEM("media-type") }, TAKEN, "0" },
    { "another type", .asked = { .line = SEND, .headers = "Content-Type: text/xml\n" KEY, .body = GOOD, ALL }, .status = 415, { PROBLEM("media-type") }, TAKEN, "0" },
    { "an answer in words", .asked = { .line = SEND, .headers = JSON KEY "Accept: text/html\n", .body = GOOD, ALL }, .status = 406, { PROBLEM("not-acceptable") }, TAKEN, "0" },
    { "applications are not listed", .asked = { .line = "GET /api/v1/applications", ALL }, .status = 405, { "Allow: POST" } },
    { "a body longer than is taken", .asked = { .line = SEND, .headers = JSON KEY "Content-Length: 262145\n", ALL }, .status = 413, { NULL }, TAKEN, "0" },
    { "a citizen's own, by the API", .asked = { .line = SEND, .headers = JSON KEY, .body = GOOD, .who = &anna }, .status = 201, { NULL }, TAKEN, "1" },
    { "nobody sends in another's name", .asked = { .line = SEND, .headers = JSON KEY, .body = GOOD, .who = &bo }, .status = 400, { FAULT("/submitter/national_id", "choice") }, TAKEN, "0" },
    { "an application is shown to a system of its municipality", .asked = { .line = "GET /api/v1/applications/$dialogue_application", ALL }, .status = 200, { "\"case_id\":\"$dialogue\"" }, LOGGED, "read application" },
    { "not to another's", .asked = { .line = "GET /api/v1/applications/$dialogue_application", .who = &neighbour, .scopes = every_scope }, .status = 404, { PROBLEM("not-found") } },
    { "a case's id is no application's", .asked = { .line = "GET /api/v1/applications/$dialogue", ALL }, .status = 404 },
};

static const struct ask_row citizens[] = {
    { "citizens see what is theirs", .asked = { .line = "GET /status/$dialogue_application", .who = &anna }, .status = 200, { "Vi ringer deg" } },
    { "and not another's", .asked = { .line = "GET /status/$dialogue_application", .who = &bo }, .status = 404 },
    { "without a login they are led to it", .asked = { .line = "GET /status/$dialogue_application" }, .status = 303, { "Location: /logg-inn" } },
    { "their letter", .asked = { .line = "GET /status/$dialogue_application/brev/1", .who = &anna }, .status = 200, { "%PDF-" }, LOGGED, "read letter" },
    { "another's letter", .asked = { .line = "GET /status/$dialogue_application/brev/1", .who = &bo }, .status = 404, { "!%PDF-" } },
    { "a letter that was not written", .asked = { .line = "GET /status/$received_application/brev/1", .who = &anna }, .status = 404 },
    { "who has looked at it", .asked = { .line = "GET /status/$dialogue_application/innsyn", .who = &anna }, .status = 200, { "text/html" } },
    { "who has looked at another's", .asked = { .line = "GET /status/$dialogue_application/innsyn", .who = &bo }, .status = 404 },
    { "their list", .asked = { .line = "GET /mine", .who = &anna }, .status = 200, { "/status/$dialogue_application", "!$team_application" } },
    { "a list without a login", .asked = { .line = "GET /mine" }, .status = 303, { "Location: /logg-inn" } },
    { "the front leads somewhere", .asked = { .line = "GET /" }, .status = 303 },
    { "a form", .asked = { .line = "GET /soknad", .who = &anna }, .status = 200, { "<form" } },
    { "a form of nothing comes back with what is missing", .asked = { .line = "POST /soknad", .headers = FORM, .body = "", .who = &anna }, .status = 400, { "<form" }, TAKEN, "0" },
    { "what was written comes back", .asked = { .line = "POST /soknad", .headers = FORM, .body = "needs=Hjelp+til+%C3%A5+dusje", .who = &anna }, .status = 400, { "Hjelp til å dusje" }, TAKEN, "0" },
    { "a form of another type", .asked = { .line = "POST /soknad", .headers = JSON, .body = "{}", .who = &anna }, .status = 415, { NULL }, TAKEN, "0" },
    { "a form from another site", .asked = { .line = "POST /soknad", .headers = FORM "Sec-Fetch-Site: cross-site\n", .body = "", .who = &anna }, .status = 403, { NULL }, TAKEN, "0" },
    { "the contract is open to all", .asked = { .line = "GET /openapi.json" }, .status = 200, { "\"openapi\":\"3.1" } },
    { "an asset that there is not", .asked = { .line = "GET /assets/none.css" }, .status = 404 },
    { "a colour of the municipality", .asked = { .line = "GET /kommune/4627/farge.css" }, .status = 200, { "text/css" } },
};
/* clang-format on */

static void a_key_is_one_application(void **state)
{
    (void)state;
    const struct asked first = { .line = SEND, .headers = JSON KEY, .body = GOOD, ALL };
    const struct asked other = { .line = SEND, .headers = JSON KEY, .body = DOCUMENT("4627", "$anna", "Hjelp til å spise."), ALL };
    struct http_reply one = api_deliver(&first), two = api_deliver(&other), again = api_deliver(&first);
    CHECK_INT("first", one.status, 201);
    CHECK_INT("another under its key", two.status, 422);
    CHECK_INT("again", again.status, 201);
    CHECK_TEXT("the same answer", again.body, one.body);
    CHECK_TEXT("one case", house_look(TAKEN), "1");
}

/* Of a citizen alone: what is acute is taken always, and what was taken is answered again. */
static void so_many_are_open_for_one_person(void **state)
{
    (void)state;
    struct program *api = house_program("api");
    int64_t before = api->settings.open_applications;
    const struct asked second = { .line = SEND, .headers = JSON "Idempotency-Key: two\n", .body = DOCUMENT("4627", "$ruth", "Mer."), .who = &ruth };
    const struct asked mine = { .line = SEND, .headers = JSON KEY, .body = DOCUMENT("4627", "$ruth", "Hjelp."), .who = &ruth };
    api->settings.open_applications = 1;
    struct http_reply one = api_deliver(&mine), two = api_deliver(&second), again = api_deliver(&mine);
    api->settings.open_applications = before;
    CHECK_INT("one", one.status, 201);
    CHECK_INT("two", two.status, 409);
    assert_non_null(strstr(two.body, PROBLEM("many-open")));
    CHECK_INT("the first again", again.status, 201);
    CHECK_TEXT("one case", house_look(TAKEN), "1");
}

static void seed(void)
{
    char longest[256];
    seed_all();
    memset(longest, 'k', 255);
    longest[255] = '\0';
    house_name("longest", longest);
}

int main(void)
{
    ADD_ROWS(applications, ask);
    ADD_ROWS(citizens, ask);
    ADD_TEST(a_key_is_one_application);
    ADD_TEST(so_many_are_open_for_one_person);
    return house_run("applications", seed);
}
