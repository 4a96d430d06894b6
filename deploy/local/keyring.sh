#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Makes a key ring if there is none: a key for each purpose, readable by its owner only.   usage: keyring.sh FILE
set -eu
[ -f "$1" ] && exit 0
umask 077
for purpose in seal index idempotency chain; do
    printf '%s %s * %s\n' "$(head -c 4 /dev/urandom | od -An -tx1 | tr -d ' \n')" "$purpose" "$(head -c 32 /dev/urandom | base64)"
done >"$1.new"
mv "$1.new" "$1"
