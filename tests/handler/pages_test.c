/* SPDX-License-Identifier: EUPL-1.2 */
/* Every page, shown to whom it is for: nothing that its template asks for is missing. */
#include "tests/handler/rows.h"

#define FORM "Content-Type: application/x-www-form-urlencoded\n"
#define STAFF(person) .internal = true, .who = &person
#define OPENED                                                                                 \
    "INSERT INTO case_openings (id, municipality, case_id, staff_id, reason, emergency, opened_at, until) "        \
    "SELECT gen_random_uuid(), '4627', '$assessment', id, 'handling', false, '2026-11-25T08:00Z', '2026-11-25T16:00Z' FROM staff WHERE name = 'Odd Prøvestad' AND municipality = '4627'"

/* clang-format off */
static const struct ask_row pages[] = {
    { "the form", .asked = { .line = "GET /soknad", .who = &anna }, .status = 200, { "<title>Søk om helse- og omsorgstjenester</title>" } },
    { "the form of a municipality that is not ours", .asked = { .line = "GET /soknad?kommune=0301", .who = &anna }, .status = 200 },
    { "the form as it was, with its faults", .asked = { .line = "POST /soknad", .headers = FORM, .body = "key=01890000-0000-7000-8000-000000000001&municipality=4627&what_matters=Ro&urgency=week", .who = &anna }, .status = 400, { "Noe mangler eller stemmer ikke" } },
    { "a receipt", .asked = { .line = "GET /status/$dialogue_application?kvittering=1", .who = &anna }, .status = 200, { "Takk, vi har fått søknaden din" } },
    { "a status", .asked = { .line = "GET /status/$dialogue_application", .who = &anna }, .status = 200, { "Dette har skjedd", "Kvittering" } },
    { "who saw it", .asked = { .line = "GET /status/$dialogue_application/innsyn", .who = &anna }, .status = 200 },
    { "all of one's own", .asked = { .line = "GET /mine", .who = &anna }, .status = 200, { "/status/$dialogue_application" } },
    { "who has none", .asked = { .line = "GET /mine", .who = &bo }, .status = 200 },
    { "a way out", .asked = { .line = "GET /logget-ut" }, .status = 200 },
    { "staff's first", .asked = { .line = "GET /", STAFF(odd) }, .status = 200, { "Odd Prøvestad" } },
    { "one's cases", .asked = { .line = "GET /saker", STAFF(synne) }, .status = 200 },
    { "a door", .asked = { .line = "GET /saker/$dialogue", STAFF(odd) }, .status = 200, { "/saker/$dialogue/apne" } },
    { "a door with its faults", .asked = { .line = "POST /saker/$dialogue/apne", .headers = FORM, .body = "reason=other&words=a", STAFF(odd) }, .status = 400 },
    { "a case", OPENED, .asked = { .line = "GET /saker/$assessment", STAFF(odd) }, .status = 200, { "118193 44630" } },
    { "what is found", .asked = { .line = "POST /saker/finn", .headers = FORM, .body = "q=$anna", STAFF(odd) }, .status = 200, { "/saker/$dialogue" } },
    { "what is no number", .asked = { .line = "POST /saker/finn", .headers = FORM, .body = "q=12", STAFF(odd) }, .status = 400 },
    { "benefits", .asked = { .line = "GET /gevinster", STAFF(owner) }, .status = 200, { "november 2026" } },
    { "benefits of a month before", .asked = { .line = "GET /gevinster?maned=2026-03", STAFF(owner) }, .status = 200, { "mars 2026", "februar 2026" } },
    { "a setup", .asked = { .line = "GET /oppsett", STAFF(administrator) }, .status = 200, { "4627" } },
    { "emergencies", .asked = { .line = "GET /nod", STAFF(officer) }, .status = 200 },
    { "the log", .asked = { .line = "GET /logg", STAFF(officer) }, .status = 200 },
    { "the log of a case", OPENED, .asked = { .line = "GET /logg?case=$dialogue", STAFF(officer) }, .status = 200 },
    { "how it is with the programs", .asked = { .line = "GET /drift", STAFF(operator) }, .status = 200 },
    { "what operators asked for", .asked = { .line = "GET /drift/acts", STAFF(operator) }, .status = 200 },
    { "an act that says too little", .asked = { .line = "POST /drift/acts", .headers = FORM, .body = "act=redrive&parked_id=x", STAFF(operator) }, .status = 400, { "<li>" } },
    { "nothing there", .asked = { .line = "GET /noe", .headers = "Accept: text/html\n", .who = &anna }, .status = 404 },
};
/* clang-format on */

/* What a worker could not take: on the page, by its cause, and alone. */
static void what_is_parked(void **state)
{
    (void)state;
    const struct asked drift = { .line = "GET /drift", STAFF(operator) };
    const struct asked cause = { .line = "GET /drift/cause?consumer=scheduling&problem=MALFORMED", STAFF(operator) };
    const struct asked one = { .line = "GET /drift/parked/$parked", STAFF(operator) };
    seed_event(house_text("$received"), "case.triaged", "{}");
    CHECK_TEXT("parked", worker_deliver_last("scheduling", house_text("$received")), "MALFORMED");
    house_name("parked", house_look("SELECT id FROM parked_events LIMIT 1"));
    assert_non_null(strstr(api_deliver(&drift).body, "problem=MALFORMED"));
    assert_non_null(strstr(api_deliver(&cause).body, house_text("/drift/parked/$parked")));
    assert_non_null(strstr(api_deliver(&one).body, "scheduling"));
}

int main(void)
{
    ADD_ROWS(pages, ask);
    ADD_TEST(what_is_parked);
    return house_run("pages", seed_all);
}
