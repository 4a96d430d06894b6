/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Why a server does not let us in, in words. libpq's own quote hosts, roles and passwords' places, and the
 * server's are in whatever language it speaks: so its SQLSTATE is read first, which the connection was told
 * to write (PQERRORS_VERBOSE), and its English words only tell more.
 */
#include "common/db/refusal.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* First match wins: what tells more comes first. Both must be found, if they are given. */
static const struct {
    const char *code, *said, *means;
} table[] = {
    { NULL, "certificate verify failed", "can not prove who it is: its certificate is not by sslrootcert" },
    { NULL, "does not match host name", "can not prove who it is: its certificate is another host's" },
    { NULL, "root certificate file", "can not prove who it is: sslrootcert is not there" },
    { NULL, "does not support SSL", "speaks no TLS" },
    { NULL, "unsupported protocol", "speaks no TLS that we take" },
    { NULL, "SSL error", "can not prove who it is, or speaks no TLS that we take" },
    { "28000", "valid client certificate", "wants a certificate of ours: sslcert and sslkey in DATABASE_URL" },
    { "28000", "does not exist", "has no such role: the migrations make it" },
    { "28000", "not permitted to log in", "does not let the role log in: ALTER ROLE ... LOGIN" },
    { "28000", "no encryption", "wants TLS, or has no line in pg_hba.conf for us" },
    { "28000", "pg_hba.conf", "lets nobody in from here as that role: its pg_hba.conf" },
    { "28000", NULL, "does not let the role in: its pg_hba.conf and pg_roles say why" },
    { "28P01", NULL, "does not take the password: DATABASE_URL's must be the role's" },
    { NULL, "no password supplied", "wants a password, and DATABASE_URL has none" },
    { NULL, "authentication", "wants to know us in a way that DATABASE_URL does not serve" },
    { "3D000", NULL, "is not there: its server has none of DATABASE_URL's name" },
    { "42501", NULL, "does not let the role connect: GRANT CONNECT ON DATABASE" },
    { "53300", NULL, "has no connection left: its max_connections, or the role's own limit" },
    { "53", NULL, "has no room for a connection: its memory or disk is full" },
    { "57P03", "starting up", "is starting up" },
    { "57P03", "shutting down", "is shutting down" },
    { "57P03", "recovery", "is recovering from a crash" },
    { "57P03", NULL, "takes no connections right now: it is starting, stopping or recovering" },
    { "57", NULL, "is shutting down" },
    { "55000", NULL, "takes no connections: ALTER DATABASE ... ALLOW_CONNECTIONS" },
    { "22023", NULL, "does not know a setting that we ask for: is it PostgreSQL 15 or later, without a pooler?" },
    { "42704", NULL, "does not know a setting that we ask for: is it PostgreSQL 15 or later, without a pooler?" },
    { "08P01", NULL, "is not spoken to as it wants: is there a pooler before it?" },
    { "25006", NULL, "can only be read: it is a standby" },
    { NULL, "read-only", "can only be read: it is a standby, or default_transaction_read_only is on" },
    { NULL, "hot standby", "can only be read: it is a standby" },
    { NULL, "translate host name", "is not found: nobody knows the host in DATABASE_URL" },
    { NULL, "Connection refused", "does not answer: nothing listens at the host and port in DATABASE_URL" },
    { NULL, "invalid", "can not be asked: DATABASE_URL is none that libpq understands" },
    { NULL, "missing \"=\"", "can not be asked: DATABASE_URL is none that libpq understands" },
};

/* "FATAL:  28P01: ..." */
static bool has_code(const char *said, const char *code)
{
    for (const char *at = said; (at = strstr(at, ":  ")); at += 3)
        if (strncmp(at + 3, code, strlen(code)) == 0)
            return true;
    return false;
}

const char *db_refusal(const char *said)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
        if ((!table[i].code || has_code(said, table[i].code)) &&
            (!table[i].said || strstr(said, table[i].said)))
            return table[i].means;
    return "does not answer";
}
