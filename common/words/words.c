/* SPDX-License-Identifier: EUPL-1.2 */
/* A search in the table, which deploy/build/words.py has sorted by the keys' bytes. */
#include "common/words/words.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *key;
    const char *said[EN + 1];
} table[] = {
#include "common/words/table.h"
};

static int compare(const char *kind, const char *code, const char *key)
{
    size_t length = strlen(kind);
    int order = strncmp(kind, key, length);
    return order ? order : strcmp(code, key + length);
}

const char *words_for(enum language language, const char *kind, const char *code)
{
    size_t from = 0, to = sizeof(table) / sizeof(*table);
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = compare(kind, code, table[middle].key);
        if (order == 0)
            return table[middle].said[language] ? table[middle].said[language] : table[middle].said[NB];
        if (order < 0)
            to = middle;
        else
            from = middle + 1;
    }
    return NULL;
}

const char *words_of(enum language language, const char *key)
{
    return words_for(language, key, "");
}
