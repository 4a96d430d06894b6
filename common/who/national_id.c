/* SPDX-License-Identifier: EUPL-1.2 */
/* Both checksum rules, the day, and which kinds are taken. */
#include "common/who/national_id.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

enum { LENGTH = 11 };

enum kind { PLAIN, PLUS_40, PLUS_65, PLUS_80, NO_DATE };

/* (sum of weight * digit + check digit) mod 11; 0 is right. */
static int remainder_of(const int *digit, const int *weights, int count)
{
    int sum = digit[count];
    for (int i = 0; i < count; i++)
        sum += weights[i] * digit[i];
    return sum % 11;
}

static bool checksums_hold(const int *digit, bool since_2032)
{
    static const int first[] = { 3, 7, 6, 1, 8, 9, 4, 5, 2 };
    static const int second[] = { 5, 4, 3, 2, 7, 6, 5, 4, 3, 2 };
    return remainder_of(digit, first, 9) <= (since_2032 ? 3 : 0) &&
           remainder_of(digit, second, 10) == 0;
}

/* The kind by the month, which is brought back to 1-12. */
static enum kind kind_of(int *month)
{
    static const struct {
        int added;
        enum kind kind;
    } kinds[] = { { 80, PLUS_80 }, { 65, PLUS_65 }, { 40, PLUS_40 } };
    for (int i = 0; i < 3; i++)
        if (*month > kinds[i].added && *month <= kinds[i].added + 12) {
            *month -= kinds[i].added;
            return kinds[i].kind;
        }
    return PLAIN;
}

static bool taken(enum kind kind, struct national_id_rules rules)
{
    switch (kind) {
    case PLAIN:
        return true;
    case PLUS_40:
        return rules.synthetic || rules.help_numbers;
    case PLUS_65:
    case PLUS_80:
        return rules.synthetic;
    case NO_DATE:
        return rules.help_numbers;
    }
    return false;
}

/* Whether the individual number says 20YY (NoCommons). Numbers given by the rule of 2032 say nothing of the
 * century: who was born in 1939 may have one as who was born in 2039. */
static bool born_since_2000(const int *digit, struct national_id_rules rules)
{
    static const struct {
        bool temporary; /* a D-number */
        int from, to;
    } rows[] = { { false, 500, 999 }, { true, 200, 499 }, { true, 600, 999 } };
    bool temporary = digit[0] >= 4, found = false;
    int individual = digit[6] * 100 + digit[7] * 10 + digit[8];
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        found = found || (rows[i].temporary == temporary && individual >= rows[i].from && individual <= rows[i].to);
    return found && digit[4] < 4 && !rules.since_2032;
}

/* Of digits with a date: whether there is such a day, and it has come. */
static bool day_holds(const int *digit, struct national_id_rules rules, enum kind *kind)
{
    /* 29 February is a day if any century had it; 00 was leap in 2000. */
    int day = (digit[0] % 4) * 10 + digit[1], month = digit[2] * 10 + digit[3];
    *kind = kind_of(&month);
    struct date born = { 2000 + digit[4] * 10 + digit[5], month, day };
    return date_valid(born) && !(born_since_2000(digit, rules) && date_compare(born, rules.today) > 0);
}

enum national_id_verdict national_id_check(const char *text, struct national_id_rules rules)
{
    int digit[LENGTH];
    if (strlen(text) != LENGTH || strspn(text, "0123456789") != LENGTH)
        return NATIONAL_ID_FORMAT;
    for (int i = 0; i < LENGTH; i++)
        digit[i] = text[i] - '0';
    if (!checksums_hold(digit, rules.since_2032))
        return NATIONAL_ID_CHECKSUM;
    enum kind kind = NO_DATE;
    if (digit[0] < 8 && !day_holds(digit, rules, &kind))
        return NATIONAL_ID_DATE;
    return taken(kind, rules) ? NATIONAL_ID_OK : NATIONAL_ID_NOT_TAKEN;
}

/* How far the eleven digits that begin there go; 0 if they are not eleven. */
static size_t eleven(const char *text)
{
    static const char digits[] = "0123456789";
    size_t first = strspn(text, digits);
    bool parted = first == 6 && text[6] && strchr(" -.", text[6]) && strspn(text + 7, digits) == 5;
    return first == LENGTH ? LENGTH : parted ? LENGTH + 1 : 0;
}

bool national_id_within(const char *text)
{
    for (const char *at = text; *at; at++) {
        bool begins = at == text || !isxdigit((unsigned char)at[-1]); /* else of an id of ours */
        size_t length = begins ? eleven(at) : 0;
        if (length && !isxdigit((unsigned char)at[length]))
            return true;
    }
    return false;
}
