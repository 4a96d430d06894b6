-- SPDX-License-Identifier: EUPL-1.2
-- Where a trial's staff log in, and what its issuer's words make of them.   psql -v issuer=URL. May be run again.
INSERT INTO staff_logins (municipality, issuer, client, role_map) VALUES ('4627', :'issuer', 'tillit-staff',
    '{"tillit-saksbehandler": "caseworker", "tillit-teamleder": "team_leader", "tillit-team": "team_member", "tillit-personvern": "privacy_officer",
      "tillit-drift": "operator", "tillit-gevinst": "benefit_owner", "tillit-administrator": "administrator"}')
ON CONFLICT (municipality) DO UPDATE SET issuer = excluded.issuer, client = excluded.client, role_map = excluded.role_map;
