/* SPDX-License-Identifier: EUPL-1.2 */
/* What letters are made of, whatever their kind. */
#include "common/letter/facts.h"

#include <string.h>

#include "common/page/template.h"

/* clang-format off */
static const struct field letter_head_fields[] = {
    FIELD(struct letter_head, language,          .flags = MADE,             .example = "\"nb\""),
    FIELD(struct letter_head, recipient_name,    .flags = MADE | PERSONAL,  .example = "\"Aud Testdal\""),
    FIELD(struct letter_head, municipality_name,                            .example = "\"Askøy kommune\""),
    FIELD(struct letter_head, phone,             .flags = OPTIONAL,         .example = "\"56 15 80 00\""),
    FIELD(struct letter_head, reference,                                    .example = "\"T-7K3M9QXW4\""),
    FIELD(struct letter_head, sender_where,      .flags = OPTIONAL | INNER),
    FIELD(struct letter_head, sender_colour,     .flags = OPTIONAL | INNER),
    { 0 },
};
/* clang-format on */
const struct record letter_head_record = RECORD("letter_head", struct letter_head, letter_head_fields);

const char *letter_source_text(const struct letter_source *from, const char *part, const char *name)
{
    const json_t *in = part ? json_object_get(from->document, part) : from->document;
    return json_string_value(json_object_get(in, name));
}

json_t *letter_lines(struct scope *s, const char *text)
{
    json_t *lines = json_array();
    while (!text_blank(text)) {
        struct buffer b = buffer_new(s->arena);
        size_t length = strcspn(text, "\n");
        const char *line = arena_strndup(s->arena, text, length);
        text += length + (text[length] == '\n');
        template_escape(&b, ESCAPE_MARKDOWN, line);
        if (!text_blank(line) && !strchr("\n", text[strspn(text, " \t")]))
            buffer_char(&b, '\\');
        json_array_append_new(lines, json_pack("{s: s}", "line", b.text));
    }
    return lines;
}
