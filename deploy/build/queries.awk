# SPDX-License-Identifier: EUPL-1.2
# queries.sql -> queries.h (-v part=h) or queries.c (-v part=c). A statement begins at
# "-- name: case_show :maybe"; other comment lines are left out.
#   -v list=triage_statements  the name of the NULL-terminated list
#   -v header=services/triage/queries.h  how the .c includes the .h
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
{ sql = sql (sql == "" ? "" : "\n") $0 }
END {
    finish()
    if (part == "h")
        printf "\nextern const struct statement *const %s[];\n", list
    else
        printf "\nconst struct statement *const %s[] = {\n%s    NULL,\n};\nSTATEMENTS_LINKED(%s);\n", list, all, list
}
