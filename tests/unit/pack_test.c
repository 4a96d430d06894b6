/* SPDX-License-Identifier: EUPL-1.2 */
/* with: ops. Whatever a municipality's pack holds and lacks, it is taken or refused at places that there are. */
#include "services/ops/pack.h"
#include "tests/unit/mixtures.h"
#include "tests/unit/without_main.h"

static void try_pack(const struct record *record, const char *json, size_t length)
{
    struct scope s = { .arena = arena_new() };
    try_body(&s, record, json, length);
    arena_free(s.arena);
}

static void packs(void **state)
{
    (void)state;
    try_mixtures(&pack_record, 10000, try_pack);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(packs) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
