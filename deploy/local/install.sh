#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Installs the Debian packages that are missing, and says which and why.   usage: install.sh run|test|fuzz
set -eu
packages() {
    cat <<'TABLE'
run  gcc                  the compiler
run  libc6-dev            headers of the C library
run  pkg-config           finds the libraries
run  libcivetweb-dev      HTTP
run  libpq-dev            PostgreSQL client
run  librdkafka-dev       Kafka client
run  libjansson-dev       JSON
run  libsodium-dev        sealing
run  libssl-dev           signatures of tokens
run  libcurl4-openssl-dev fetches an issuer's keys
run  postgresql           the private database of a trial
run  python3-venv         makes Unicode's tables; fetches dbmate, which migrates the database
run  openssl              makes the key with which a trial's API asks its issuer
run  curl                 asks whether the system is ready
run  libcairo2-dev        letters: drawing
run  libpango1.0-dev      letters: text
run  libqpdf-dev          letters: archivable PDF
run  libmd4c-dev          letters: Markdown
run  fonts-liberation2    letters: the typeface
run  fonts-noto-core      letters: what people write that it lacks, Arabic to Thai
run  fonts-wqy-microhei   letters: Chinese, Japanese and Korean
run  fonts-symbola        letters: emoji, as drawings in ink
test libcmocka-dev        unit tests
test chromium             the pages, as a browser shows them
test poppler-utils        reads the letters' text
test nginx                the proxy before the API, as deploy/nginx says
test universal-ctags      measures functions for make lint
fuzz clang                libFuzzer: what nobody thought of, for make fuzz
fuzz libclang-rt-dev      libFuzzer and the sanitizers of that compiler
TABLE
    case $1 in run | test | fuzz) ;; *) false ;; esac
}
missing=
while read -r tier package why; do
    [ "$tier" = run ] || [ "$tier" = "$1" ] || continue
    if ! dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed'; then
        echo "installing $package: $why"
        missing="$missing $package"
    fi
done <<TABLE
$(packages "$1")
TABLE
[ "$1" = fuzz ] || command -v java >/dev/null || { echo "installing default-jre-headless: runs Kafka"; missing="$missing default-jre-headless"; }
[ "$1" = fuzz ] || command -v mvn >/dev/null || { echo "installing maven: fetches Kafka"; missing="$missing maven"; }
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ]; then
    as_root=
elif command -v sudo >/dev/null; then
    as_root=sudo
else
    echo "root must install what is missing, as you may not and there is no sudo: apt-get install --no-install-recommends$missing" >&2
    exit 1
fi
$as_root apt-get update -qq
# shellcheck disable=SC2086
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
