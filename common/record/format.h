/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_RECORD_FORMAT_H
#define COMMON_RECORD_FORMAT_H
/* What a text must look like to be what a field says that it is. */
#include <stdbool.h>

/* What a text must look like, beyond well-formed UTF-8 without control characters (C0 but \n and
 * \t, DEL, C1) and noncharacters, which holds for every text. */
enum format {
    FORMAT_ANY,
    FORMAT_UUID,         /* lower-case, 36 characters */
    FORMAT_DATE,         /* YYYY-MM-DD, a day of the calendar */
    FORMAT_TIME,         /* RFC 3339 with zone */
    FORMAT_CODE,         /* ^[A-Za-z0-9_.-]{1,64}$ */
    FORMAT_MUNICIPALITY, /* ^[0-9]{4}$ */
    FORMAT_POSTAL_CODE,  /* ^[0-9]{4}$ */
    FORMAT_PHONE,        /* ^\+?[0-9 ]{5,20}$ */
    FORMAT_EMAIL,        /* as HTML's input type=email, at most 254 */
    FORMAT_NATIONAL_ID,  /* 11 digits; the checksum is the application's own check */
    FORMAT_ORGANISATION, /* 9 digits; the checksum likewise */
    FORMAT_CLOCK,        /* HH:MM, 00:00 to 23:59 */
    FORMAT_COLOUR,       /* ^#[0-9a-f]{6}$ */
    FORMAT_WEB,          /* http:// or https://, a host, no blanks, at most 200 */
    FORMAT_COUNT,
};
bool text_has_format(const char *text, enum format format);

#endif
