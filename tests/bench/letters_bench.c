/* SPDX-License-Identifier: EUPL-1.2 */
/* Letters a second on one core: a golden letter's facts to PDF/A-2a, one line.   usage: letters_bench [SECONDS] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/time/clock.h"
#include "services/letters/letters.h"
#include "tests/unit/golden.h"

static enum problem make_letter(struct scope *s, void *typesetter, const char *name)
{
    struct letter letter = { 0 };
    struct pdf pdf;
    TRY(golden_write(s, name, golden_read(s, name), &letter));
    TRY(letter_typeset(s, typesetter, &letter, &pdf));
    return pdf_finish(s, &letter, &pdf);
}

int main(int argc, char **argv)
{
    int64_t length = (argc > 1 ? atoi(argv[1]) : 3) * INT64_C(1000), count = 0, begin, now;
    struct scope s = { .arena = arena_new() };
    void *typesetter = typesetter_new();
    enum problem p = make_letter(&s, typesetter, "receipt.nb"); /* the fonts are looked up once */
    begin = clock_steady_ms();
    for (now = begin; !p && now - begin < length; now = clock_steady_ms(), count++) {
        arena_reset(s.arena);
        p = make_letter(&s, typesetter, "receipt.nb");
    }
    if (p)
        fprintf(stderr, "letters_bench: %s\n", problem_name(p));
    else
        printf("letters_per_second %.0f\n", (double)count * 1000 / (double)(now - begin));
    typesetter_free(typesetter);
    arena_free(s.arena);
    return p != OK;
}
