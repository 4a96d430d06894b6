/* SPDX-License-Identifier: EUPL-1.2 */
/* Any bytes as Markdown: read or refused; and what was escaped is always read, whatever it is. */
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"
#include "common/page/markdown.h"
#include "common/page/template.h"
#include "tests/fuzz/scope.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    const char *text = arena_strndup(a, (const char *)data, size);
    struct buffer b = buffer_new(a);
    markdown_read(text, NULL, NULL);
    template_escape(&b, ESCAPE_MARKDOWN, text);
    if (text_well_formed(text, strlen(text)) && !markdown_read(b.text, NULL, NULL))
        abort();
    arena_free(a);
    return 0;
}
