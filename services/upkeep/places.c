/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The places of seal.def, each with the statements that find, open and swap its values: they differ in names alone, so they are
 * written once. Keys are found by a look per key into the place's index, however many values there are; a key's blind indexes lie
 * between its id and its id behind which nothing can come.
 */
#include "services/upkeep/places.h"

#include "common/seal/seal.h"
#include "services/upkeep/queries.h"

#define BEHIND(key) key " || decode(repeat('ff', 33), 'hex')"
#define MUNICIPALITYS "municipality"
#define ANYBODYS "'" ANY_MUNICIPALITY "'"

#define WALK(table, column, key, whose, first, last)                                              \
    "WITH RECURSIVE found AS ("                                                                   \
    "(SELECT " whose " AS municipality, " key " AS key_id FROM " table " WHERE " column           \
    " IS NOT NULL ORDER BY " first column " LIMIT 1) "                                            \
    "UNION ALL SELECT next.* FROM found, LATERAL ("                                               \
    "SELECT " whose ", " key " FROM " table " WHERE " column " IS NOT NULL AND " last             \
    " ORDER BY " first column " LIMIT 1) next) SELECT municipality, key_id FROM found"

#define NAMES(table, whose, names) " FROM " table " WHERE " whose " = $1 AND " names
#define UNDAMAGED(table, id)                                                                      \
    " AND NOT EXISTS (SELECT FROM damaged_values AS d WHERE d.place = '" table "' AND d.id = " table "." id \
    " AND d.noticed_at > $3::timestamptz)"

/* Of a municipality's keys the index begins with whose they are; of anybody's it need not. */
#define WALK_MUNICIPALITYS(table) \
    WALK(table, "key_id", "key_id", MUNICIPALITYS, "municipality, ", "(municipality, key_id) > (found.municipality, found.key_id)")
#define WALK_ANYBODYS(table) WALK(table, "key_id", "key_id", ANYBODYS, "", "key_id > found.key_id")
#define OF_KEY "key_id = $2::bytea"

#define OF_INDEX(column) column " > $2::bytea AND " column " < " BEHIND("$2::bytea")

/* That the rows are wanted is said once more by their ids alone, so that no plan can begin with the whole table. Version, key and
 * nonce are of this one sealing: who finds another has been overtaken. */
#define SWAP(table, column)                                                                        \
    "UPDATE " table " SET " column " = anew.sealed FROM unnest($1::uuid[], $2::bytea[], $3::bytea[])" \
    " AS anew (id, head, sealed) WHERE " table ".id = ANY ($1::uuid[]) AND " table ".id = anew.id" \
    " AND substring(" table "." column " FOR 29) = anew.head"

#define SEALED(table, column, whose, label, at_once)                                               \
    static const struct statement table##_open = {                                                 \
        #table "_open",                                                                            \
        "SELECT id, " whose " AS municipality, " label " AS label, " #column " AS sealed FROM " #table \
        " WHERE id = ANY ($1::uuid[])",                                                            \
        ROWS_ANY                                                                                   \
    };                                                                                             \
    static const struct statement table##_reseal = { #table "_reseal", SWAP(#table, #column), ROWS_NONE };
#include "common/seal/seal.def"
#undef SEALED

/* clang-format off */
const struct place places[] = {
#define SEALED(table_, column, whose, label, at_once_)                                             \
    { .name = #table_, .table = #table_, .is_old = seal_key_is_old,                                \
      .keys = { #table_ "_keys", WALK_##whose(#table_), ROWS_ANY },                                \
      .of_key = { #table_ "_of_key", "SELECT id" NAMES(#table_, whose, OF_KEY) UNDAMAGED(#table_, "id") " LIMIT $4::integer", ROWS_ANY }, \
      .count = { #table_ "_count", "SELECT count(*) AS named" NAMES(#table_, whose, OF_KEY), ROWS_ONE }, \
      .open = &table_##_open, .renew = renew_sealed, .swap = &table_##_reseal, .at_once = at_once_ },
#define INDEXED(name_, table_, column, id, at_once_, only)                                         \
    { .name = #name_, .table = #table_, .is_old = seal_index_key_is_old,                           \
      .keys = { #name_ "_keys", WALK(#table_, #column, "substring(" #column " FOR 4)", MUNICIPALITYS, "municipality, ", \
                                     "(municipality, " #column ") > (found.municipality, " BEHIND("found.key_id") ")"), ROWS_ANY }, \
      .of_key = { #name_ "_of_key", "SELECT " id " AS id" NAMES(#table_, MUNICIPALITYS, OF_INDEX(#column)) UNDAMAGED(#table_, id) only " LIMIT $4::integer", ROWS_ANY }, \
      .count = { #name_ "_count", "SELECT count(*) AS named" NAMES(#table_, MUNICIPALITYS, OF_INDEX(#column)), ROWS_ONE }, \
      .open = &sql_##name_##_open, .renew = renew_##name_, .swap = &sql_##name_##_reindex, .at_once = at_once_ },
#include "common/seal/seal.def"
#undef SEALED
#undef INDEXED
};
const int place_count = sizeof(places) / sizeof(*places);

enum {
#define SEALED(table, column, whose, label, at_once) AT_##table,
#define INDEXED(name, table, column, id, at_once, only) AT_##name,
#include "common/seal/seal.def"
#undef SEALED
#undef INDEXED
};

static const struct statement *const place_statements[] = {
#define SEALED(table, column, whose, label, at_once) \
    &places[AT_##table].keys, &places[AT_##table].of_key, &places[AT_##table].count, &table##_open, &table##_reseal,
#define INDEXED(name, table, column, id, at_once, only) &places[AT_##name].keys, &places[AT_##name].of_key, &places[AT_##name].count,
#include "common/seal/seal.def"
    NULL,
};
STATEMENTS_LINKED(place_statements);
/* clang-format on */
