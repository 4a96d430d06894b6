#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# A trial's issuer, in the foreground: NAV's mock-oauth2-server as ID-porten (/idporten) and as Maskinporten (/maskinporten).
# Whoever comes is logged in as the synthetic person they choose.   usage: issuer.sh PORT FOLDER TILLIT_API
set -eu
"$3" --prov >"$2/issuer.html"
# Where the programs' clock is moved, its own stands still at the moved moment: it knows no more of other days.
away=$(cat "${TILLIT_CLOCK_FILE:-/dev/null}" 2>/dev/null || true)
moment=$([ "${away:-0}" = 0 ] || echo "\"tokenProvider\": {\"systemTime\": \"$(date -u -d "${away} seconds" +%FT%TZ)\"},")
cat >"$2/issuer.json" <<CONFIG
{"interactiveLogin": true, "loginPagePath": "$2/issuer.html", $moment
 "tokenCallbacks": [{"issuerId": "maskinporten", "tokenExpiry": 3600, "requestMappings": [{"requestParam": "client_id", "match": "demo",
   "claims": {"scope": "tillit:applications.write tillit:applications.read tillit:cases.read tillit:cases.write tillit:agenda.read tillit:indicators.read",
              "consumer": {"authority": "iso6523-actorid-upis", "ID": "0192:310123455"}}}]}]}
CONFIG
export SERVER_HOSTNAME=127.0.0.1 SERVER_PORT="$1" JSON_CONFIG_PATH="$2/issuer.json"
exec setpriv --pdeathsig TERM java -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp 'build/issuer/libs/*' \
    no.nav.security.mock.oauth2.StandaloneMockOAuth2ServerKt
