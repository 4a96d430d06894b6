/* SPDX-License-Identifier: EUPL-1.2 */
/* Any bytes as a template, and as a text that a template is filled with: refused in words, or rendered without markup
 * of the text's own. */
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"
#include "common/letter/compose.h"
#include "common/page/template.h"
#include "tests/fuzz/scope.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct scope s = { .arena = arena_new() };
    const char *text = arena_strndup(s.arena, (const char *)data, size);
    char *out = NULL;
    json_t *view = json_pack("{s: s?, s: [{s: s}, {s: b}], s: {s: i}, s: b}", "a", text_well_formed(text, strlen(text)) ? text : "",
                             "list", "b", "x", "b", 1, "in", "n", 7, "yes", 1);
    template_render(&s, text, &(struct view){ .json = view }, ESCAPE_HTML, NULL, &out);
    if (template_render(&s, "{{a}}", &(struct view){ .json = view }, ESCAPE_HTML, NULL, &out) || strpbrk(out, "<>\"'"))
        abort();
    if (text_well_formed(text, strlen(text)))
        letter_template_fault(&s, letter_kinds, text);
    json_decref(view);
    arena_free(s.arena);
    return 0;
}
