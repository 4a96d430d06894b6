-- SPDX-License-Identifier: EUPL-1.2

-- name: municipalities_all :any
SELECT number, name, phone, address, web, accent FROM municipalities ORDER BY name COLLATE "nb-x-icu", number;

-- Where municipalities' staff log in.
-- name: staff_logins_all :any
SELECT municipality, issuer, client, roles_claim, role_map FROM staff_logins JOIN municipalities ON number = municipality
 ORDER BY name COLLATE "nb-x-icu", municipality;
