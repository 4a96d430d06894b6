/* SPDX-License-Identifier: EUPL-1.2 */
/* What each format asks of a text. */
#include "common/record/format.h"

#include <stddef.h>
#include <string.h>

#include "common/base/uuid.h"
#include "common/time/instant.h"

static bool all_of(const char *text, const char *alphabet, size_t least, size_t most)
{
    size_t length = strlen(text);
    return length >= least && length <= most && strspn(text, alphabet) == length;
}

#define DIGITS "0123456789"
#define LETTERS_AZ "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

static bool is_uuid(const char *text)
{
    return uuid_parse(text, NULL) && strpbrk(text, "ABCDEF") == NULL;
}

static bool is_date(const char *text)
{
    return strlen(text) == 10 && text[4] == '-' && text[7] == '-' &&
           strspn(text, DIGITS "-") == 10;
}

static bool is_time(const char *text)
{
    int64_t instant;
    return instant_parse(text, &instant);
}

static bool is_code(const char *text)
{
    return all_of(text, LETTERS_AZ DIGITS "_.-", 1, 64);
}

static bool is_four_digits(const char *text)
{
    return all_of(text, DIGITS, 4, 4);
}

static bool is_phone(const char *text)
{
    return all_of(text + (*text == '+'), DIGITS " ", 5, 20);
}

static bool is_national_id(const char *text)
{
    return all_of(text, DIGITS, 11, 11);
}

/* Labels of letters, digits and inner hyphens, at most 63 each, with dots between. */
static bool is_domain(const char *text)
{
    for (;;) {
        size_t label = strspn(text, LETTERS_AZ DIGITS "-");
        if (label == 0 || label > 63 || text[0] == '-' || text[label - 1] == '-')
            return false;
        if (!text[label])
            return true;
        if (text[label] != '.')
            return false;
        text += label + 1;
    }
}

/* HTML Living Standard, "valid e-mail address" of input type=email. */
static bool is_email(const char *text)
{
    size_t local = strspn(text, LETTERS_AZ DIGITS ".!#$%&'*+/=?^_`{|}~-");
    return strlen(text) <= 254 && local > 0 && text[local] == '@' && is_domain(text + local + 1);
}

static bool is_organisation(const char *text)
{
    return all_of(text, DIGITS, 9, 9);
}

static bool is_clock(const char *text)
{
    return strlen(text) == 5 && text[2] == ':' && strspn(text, DIGITS) == 2 &&
           strspn(text + 3, DIGITS) == 2 && strncmp(text, "24", 2) < 0 && text[3] < '6';
}

static bool is_colour(const char *text)
{
    return text[0] == '#' && all_of(text + 1, DIGITS "abcdef", 6, 6);
}

/* A host, a port or none, and a path of what needs no quotes. */
static bool is_web(const char *text)
{
    static const char *const schemes[] = { "https://", "http://" };
    for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++) {
        size_t length = strlen(schemes[i]);
        if (strncmp(text, schemes[i], length) == 0)
            return all_of(text + length, LETTERS_AZ DIGITS "-._~:/?#@!$&()*+,;=%", 1, 200) &&
                   strspn(text + length, LETTERS_AZ DIGITS) > 0;
    }
    return false;
}

static bool is_any(const char *text)
{
    (void)text;
    return true;
}

static bool (*const formats[FORMAT_COUNT])(const char *) = {
    [FORMAT_ANY] = is_any,
    [FORMAT_UUID] = is_uuid,
    [FORMAT_DATE] = is_date,
    [FORMAT_TIME] = is_time,
    [FORMAT_CODE] = is_code,
    [FORMAT_MUNICIPALITY] = is_four_digits,
    [FORMAT_POSTAL_CODE] = is_four_digits,
    [FORMAT_PHONE] = is_phone,
    [FORMAT_EMAIL] = is_email,
    [FORMAT_NATIONAL_ID] = is_national_id,
    [FORMAT_ORGANISATION] = is_organisation,
    [FORMAT_CLOCK] = is_clock,
    [FORMAT_COLOUR] = is_colour,
    [FORMAT_WEB] = is_web,
};

bool text_has_format(const char *text, enum format format)
{
    return formats[format](text);
}
