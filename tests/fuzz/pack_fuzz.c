/* SPDX-License-Identifier: EUPL-1.2 */
/* with: ops. Any bytes as a municipality's pack: refused with faults, or read. */
#include "services/ops/pack.h"
#include "tests/fuzz/scope.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct scope s = fuzz_scope();
    struct pack pack = { 0 };
    if (record_from_json(&s, &pack_record, RECORD_BODY, (const char *)data, size, &pack) == OK && s.errors)
        abort();
    arena_free(s.arena);
    return 0;
}
