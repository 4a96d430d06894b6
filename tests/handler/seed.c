/* SPDX-License-Identifier: EUPL-1.2 */
/* Through the doors, in the order that it would happen. */
#include "tests/handler/seed.h"

#define CITIZEN(number)                                                                        \
    { .kind = WHO_CITIZEN, .client = "citizen:" number, .tenants = "4627", .person = number, .roles = ROLE_APPLICANT }
#define STAFF(person, bits) { .kind = WHO_STAFF, .client = "staff:" person, .tenants = "4627", .name = person, .roles = bits }
#define SYSTEM(number, numbers) { .kind = WHO_SYSTEM, .client = "0192:" number, .tenants = numbers, .name = "Et prøvesystem" }

struct principal anna = CITIZEN("ANNA"), bo = CITIZEN("BO"), ruth = CITIZEN("RUTH");
struct principal county = SYSTEM("310123455", "4627"), neighbour = SYSTEM("310999999", "6901");
struct principal odd = STAFF("Odd Prøvestad", ROLE_CASEWORKER), synne = STAFF("Synne Testberg", ROLE_TEAM_LEADER),
                 liv = STAFF("Liv Mønster", ROLE_TEAM_MEMBER), maret = STAFF("Máret Demo", ROLE_TEAM_LEADER),
                 officer = STAFF("Pia Vern", ROLE_PRIVACY_OFFICER), operator = STAFF("Ola Drift", ROLE_OPERATOR),
                 owner = STAFF("Gro Gevinst", ROLE_BENEFIT_OWNER), administrator = STAFF("Ada Oppsett", ROLE_ADMINISTRATOR);

const char every_scope[] = "applications.write applications.read cases.read cases.write agenda.read indicators.read";

/* The last member of that name wins, so that what changes stands behind. */
static const char *document(const struct principal *who, const char *municipality, const char *changes)
{
    static const struct {
        const char *name, *value;
    } members[] = {
        { "language", "\"nb\"" },
        { "what_matters", "\"Å bo hjemme og gå i hagen.\"" },
        { "needs", "\"Hjelp til å dusje.\"" },
        { "urgency", "\"none\"" },
        { "in_hospital", "false" },
        { "household", "\"alone\"" },
        { "services", "[\"HSH\"]" },
        { "confirmed", "true" },
    };
    struct buffer b = buffer_new(house_arena());
    buffer_printf(&b, "{\"municipality\": \"%s\", \"submitter\": {\"national_id\": \"%s\", \"name\": \"Kari Prøve\", \"role\": \"self\"}",
                  municipality, who->person);
    for (size_t i = 0; i < ROWS(members); i++)
        if (!strstr(changes, arena_printf(house_arena(), "\"%s\":", members[i].name)))
            buffer_printf(&b, ", \"%s\": %s", members[i].name, members[i].value);
    buffer_printf(&b, "%s%s}", *changes ? ", " : "", changes);
    return b.text;
}

static const char *member(const struct http_reply *reply, const char *name)
{
    json_t *answer = arena_value(house_arena(), json_loads(reply->body, 0, NULL));
    return json_string_value(json_object_get(answer, name));
}

static void must(const struct http_reply *reply, int status, const char *what)
{
    if (reply->status != status)
        fail_msg("%s: %d %s", what, reply->status, reply->body ? (const char *)reply->body : "");
}

void seed_application(const char *name, const struct principal *who, const char *municipality, const char *changes)
{
    struct principal system = { .kind = WHO_SYSTEM, .client = "0192:310123455", .tenants = "4627,6901", .name = "Et prøvesystem" };
    const struct asked asked = { .line = "POST /api/v1/applications",
                                 .headers = arena_printf(house_arena(), "Content-Type: application/json\nIdempotency-Key: seed-%s\n", name),
                                 .body = document(who, municipality, changes),
                                 .who = &system,
                                 .scopes = every_scope };
    struct http_reply reply = api_deliver(&asked);
    must(&reply, 201, name);
    house_name(house_kept(name), member(&reply, "case_id"));
    house_name(house_kept(arena_printf(house_arena(), "%s_application", name)), member(&reply, "application_id"));
}

static const char *id_of(const char *name)
{
    return house_text(arena_printf(house_arena(), "$%s", name));
}

static void take(const char *worker, const char *name)
{
    const char *verdict = worker_deliver_last(worker, id_of(name));
    if (strcmp(verdict, "OK") != 0)
        fail_msg("%s, %s: %s %s", worker, name, verdict, worker_detail());
}

void seed_planned(const char *name)
{
    take("triage", name);
    take("scheduling", name);
}

void seed_contact(const char *name)
{
    const char *seq = house_look(arena_printf(house_arena(), "SELECT last_seq FROM cases WHERE id = '$%s'", name));
    const struct asked asked = {
        .line = arena_printf(house_arena(), "POST /api/v1/cases/$%s/contacts", name),
        .headers = arena_printf(house_arena(), "Content-Type: application/json\nIdempotency-Key: contact-%s\nIf-Match: \"%s\"\n", name, seq),
        .body = "{\"kind\": \"phone\", \"with\": [\"applicant\"], \"two_way\": true, \"at\": \"2026-11-25T08:55:00+01:00\"}",
        .who = &county,
        .scopes = every_scope,
    };
    struct http_reply reply = api_deliver(&asked);
    must(&reply, 201, name);
}

/* Whoever the pack does not name is there by a row, as after a first login. */
static void be_staff(struct principal *who)
{
    const char *id = house_look(arena_printf(house_arena(), "SELECT id FROM staff WHERE municipality = '4627' AND name = '%s'", who->name));
    if (!id)
        id = house_look(arena_printf(house_arena(),
                                     "INSERT INTO staff (id, municipality, name, role) VALUES (gen_random_uuid(), '4627', '%s', '%s') RETURNING id",
                                     who->name, role_names(&(struct scope){ .arena = house_arena() }, who->roles).items[0]));
    who->staff_id = house_kept(id);
    who->client = house_kept(arena_printf(house_arena(), "staff:%s", id));
}

static void be_citizen(struct principal *who, const char *name, const char *number)
{
    who->person = number;
    who->client = house_kept(arena_printf(house_arena(), "citizen:%s", name));
    house_name(name, number);
}

void seed_event(const char *case_id, const char *type, const char *data)
{
    bool is_whole = strncmp(type, "no.", 3) == 0;
    const char *whole = is_whole ? type : arena_printf(house_arena(), "no.tillit.%s.v1", type);
    house_do(arena_printf(house_arena(),
                          "WITH moved AS (UPDATE cases SET last_seq = last_seq + 1 WHERE id = '%s' RETURNING last_seq, municipality) "
                          "INSERT INTO events (case_id, case_seq, municipality, type, source, data, occurred_at) "
                          "SELECT '%s', last_seq, municipality, '%s', 'tillit/test', '%s', "
                          "to_timestamp(%lld::numeric / 1000000) FROM moved",
                          case_id, case_id, whole, data, (long long)house_now()));
}

static void name_numbers(void)
{
    static const char *const cases[] = { "received", "dialogue", "assessment", "team", "forward", "ended", "neighbours" };
    for (size_t i = 0; i < ROWS(cases); i++)
        house_name(house_kept(arena_printf(house_arena(), "%s_seq", cases[i])),
                   house_look(arena_printf(house_arena(), "SELECT last_seq FROM cases WHERE id = '$%s'", cases[i])));
}

void seed_all(void)
{
    struct principal *staff[] = { &odd, &synne, &liv, &maret, &officer, &operator, &owner, &administrator };
    house_take_in("deploy/local/askoy.json");
    house_take_in("tests/handler/neighbour.json");
    for (size_t i = 0; i < ROWS(staff); i++)
        be_staff(staff[i]);
    be_citizen(&anna, "anna", "11819344630");
    be_citizen(&bo, "bo", "05845903834");
    be_citizen(&ruth, "ruth", "15904834626");
    house_name("nowhere", "019ab000-0000-7000-8000-000000000000");
    seed_application("received", &anna, "4627", "");
    seed_application("dialogue", &anna, "4627", "");
    seed_application("assessment", &anna, "4627", "");
    seed_application("team", &bo, "4627", "\"services\": [\"HSH\", \"LANG\"]");
    seed_application("forward", &bo, "4627", "\"services\": [\"TT\"]");
    seed_application("ended", &bo, "4627", "");
    seed_application("neighbours", &ruth, "6901", "");
    take("letters", "dialogue");
    seed_planned("dialogue");
    seed_planned("assessment");
    seed_contact("assessment");
    seed_planned("team");
    seed_planned("forward");
    seed_planned("neighbours");
    house_do("UPDATE cases SET status = 'WITHDRAWN', last_seq = last_seq + 1 WHERE id = '$ended'");
    name_numbers();
}
