#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Writes an assembler file that embeds every file below FOLDER as the table
# `const struct asset SYMBOL[]` (common/page/asset.h).   usage: embed.sh SYMBOL FOLDER >out.S
set -eu
symbol=$1
folder=$2
files=$(cd "$folder" && find . -type f ! -name '*.md~' | sed 's|^\./||' | LC_ALL=C sort)
echo '    .section .note.GNU-stack,"",@progbits'
echo '    .section .rodata'
n=0
for file in $files; do
    printf '%s_name_%d:\n    .asciz "%s"\n' "$symbol" "$n" "$file"
    printf '%s_start_%d:\n    .incbin "%s/%s"\n%s_end_%d:\n    .byte 0\n' \
        "$symbol" "$n" "$folder" "$file" "$symbol" "$n"
    n=$((n + 1))
done
echo '    .section .data.rel.ro,"aw"'
printf '    .balign 8\n    .globl %s\n    .type %s, @object\n%s:\n' "$symbol" "$symbol" "$symbol"
i=0
while [ "$i" -lt "$n" ]; do
    printf '    .quad %s_name_%d, %s_start_%d, %s_end_%d\n' "$symbol" "$i" "$symbol" "$i" "$symbol" "$i"
    i=$((i + 1))
done
printf '    .quad 0, 0, 0\n    .size %s, . - %s\n' "$symbol" "$symbol"
