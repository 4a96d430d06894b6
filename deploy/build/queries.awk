# SPDX-License-Identifier: EUPL-1.2
# queries.sql -> queries.h (-v part=h) or queries.c (-v part=c). A statement begins at
# "-- name: case_show :maybe"; other comment lines are left out.
#   -v list=triage_statements  the name of the NULL-terminated list
#   -v header=services/triage/queries.h  how the .c includes the .h
# A type of event is named as {{event:case.triaged}}, by its row of common/event/events.def, which is read first.
function finish() {
    if (name == "")
        return
    sub(/;[ \t\n]*$/, "", sql)
    gsub(/\\/, "\\\\", sql); gsub(/"/, "\\\"", sql); gsub(/\n/, "\\n\"\n    \"", sql)
    if (part == "h")
        printf "extern const struct statement sql_%s;\n", name
    else
        printf "const struct statement sql_%s = { \"%s\", \"%s\", ROWS_%s };\n", name, name, sql, rows
    all = all sprintf("    &sql_%s,\n", name)
}
BEGIN {
    print "/* Generated from queries.sql. */"
    if (part == "h")
        print "#pragma once\n#include \"common/db/run.h\"\n"
    else
        printf "#include \"%s\"\n\n", header
}
FILENAME ~ /\.def$/ {
    if (split($0, row, /[(), ]+/) > 3 && row[1] ~ /^(EVENT|ALIKE)$/)
        types[row[2] "." row[3]] = "'no.tillit." row[2] "." row[3] ".v1'"
    next
}
/^-- name: / {
    finish()
    name = $3
    rows = toupper(substr($4, 2))
    sql = ""
    if (rows !~ /^(NONE|ONE|MAYBE|ANY)$/) {
        printf "%s:%d: %s is none of :none :one :maybe :any\n", FILENAME, FNR, $4 > "/dev/stderr"
        exit 1
    }
    next
}
/^--/ || /^[ \t]*$/ { next }
{
    while (match($0, /\{\{event:[^}]*\}\}/)) {
        type = substr($0, RSTART + 8, RLENGTH - 10)
        if (!(type in types)) {
            printf "%s:%d: common/event/events.def has no %s\n", FILENAME, FNR, type > "/dev/stderr"
            failed = 1
            exit 1
        }
        $0 = substr($0, 1, RSTART - 1) types[type] substr($0, RSTART + RLENGTH)
    }
    sql = sql (sql == "" ? "" : "\n") $0
}
END {
    if (failed)
        exit 1
    finish()
    if (part == "h")
        printf "\nextern const struct statement *const %s[];\n", list
    else
        printf "\nconst struct statement *const %s[] = {\n%s    NULL,\n};\nSTATEMENTS_LINKED(%s);\n", list, all, list
}
