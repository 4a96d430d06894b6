# SPDX-License-Identifier: EUPL-1.2
"""What systemd runs, as the repository says it."""
import re

from conftest import ROOT


def unit_of(program):
    """What the unit says to systemd: the template's lines, then those of what lies beside it, where an empty value takes back what was said before."""
    systemd = ROOT / "deploy/systemd"
    lines = []
    for path in [systemd / "tillit@.service", *sorted((systemd / f"tillit@{program}.service.d").glob("*.conf"))]:
        for line in re.findall(r"^[A-Z]\w*=.*$", path.read_text(), re.M):
            lines = [other for other in lines if not line.endswith("=") or not other.startswith(line)] + [line]
    return [line.replace("%i", program) for line in lines]
