-- SPDX-License-Identifier: EUPL-1.2
-- A trial's municipality with its two teams; all people are synthetic. May be run again.
BEGIN;
INSERT INTO municipalities (number, name, phone, address) VALUES
    ('4627', 'Askøy kommune', '56 15 80 00', 'Klampavikvegen 1, 5300 Kleppestø')
ON CONFLICT (number) DO UPDATE SET name = excluded.name, phone = excluded.phone, address = excluded.address;

INSERT INTO teams (id, municipality, code, name, department, weekday, starts, slots, slot_minutes) VALUES
    ('0199a000-0000-7000-8000-000000000001', '4627', 'ho-vurderingsteam', 'Vurderingsteam Helse og omsorg', 'ho', 3, '09:00', 8, 15),
    ('0199a000-0000-7000-8000-000000000002', '4627', 'il-mestringsteam', 'Mestringsteam Individ og levekår', 'il', 4, '09:00', 8, 15)
ON CONFLICT DO NOTHING;

INSERT INTO staff (id, municipality, name, role, subject) VALUES
    ('0199a000-0000-7000-8000-000000000011', '4627', 'Synne Testberg', 'team_leader', 'synne'),
    ('0199a000-0000-7000-8000-000000000012', '4627', 'Odd Prøvestad', 'caseworker', 'odd'),
    ('0199a000-0000-7000-8000-000000000013', '4627', 'Liv Mønster', 'team_member', 'liv'),
    ('0199a000-0000-7000-8000-000000000014', '4627', 'Egil Eksempel', 'team_member', 'egil'),
    ('0199a000-0000-7000-8000-000000000015', '4627', 'Máret Demo', 'team_leader', 'maret')
ON CONFLICT (id) DO UPDATE SET subject = excluded.subject;

INSERT INTO team_members (team_id, staff_id, municipality, profession) VALUES
    ('0199a000-0000-7000-8000-000000000001', '0199a000-0000-7000-8000-000000000011', '4627', 'saksbehandler'),
    ('0199a000-0000-7000-8000-000000000001', '0199a000-0000-7000-8000-000000000013', '4627', 'fagansvarlig sykepleier'),
    ('0199a000-0000-7000-8000-000000000001', '0199a000-0000-7000-8000-000000000014', '4627', 'fysioterapeut'),
    ('0199a000-0000-7000-8000-000000000002', '0199a000-0000-7000-8000-000000000015', '4627', 'saksbehandler'),
    ('0199a000-0000-7000-8000-000000000002', '0199a000-0000-7000-8000-000000000012', '4627', 'miljøterapeut')
ON CONFLICT DO NOTHING;
INSERT INTO clients (organisation, name, municipalities) VALUES ('310123456', 'Et prøvesystem', '{4627}') ON CONFLICT DO NOTHING;
COMMIT;
