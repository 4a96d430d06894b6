# SPDX-License-Identifier: EUPL-1.2
"""Who may what on Kafka, by what each program is (needs confluent-kafka, and a certificate of the brokers' super.users).

  acls.py apply    adds what is missing          acls.py check    says what differs, and ends with 1 if anything does

What opens our topic or a group of ours to anyone besides is told, and left to whoever gave it."""
import argparse
import sys
from pathlib import Path

from confluent_kafka.admin import (AclBinding, AclBindingFilter, AclOperation, AclPermissionType, AdminClient, ResourcePatternType,
                                   ResourceType)

sys.path.append(str(Path(__file__).resolve().parents[1] / "local"))
from programs import ROOT, read  # noqa: E402

TOPIC = "tillit.cases.v1"
MAY = {  # a program's letter: (resource, its name, operations)
    "r": [("topic", "{topic}", "Create Describe Write")],
    "w": [("topic", "{topic}", "Read"), ("group", "{principal}", "Read")],
}


def wanted(rows, topic):
    """{(principal, resource, name, operation)}"""
    return {(f"User:tillit-{row.name}", resource, name.format(topic=topic, principal=f"tillit-{row.name}"), operation)
            for row in rows for resource, name, operations in MAY.get(row.letter, []) for operation in operations.split()}


def binding(row):
    principal, resource, name, operation = row
    return AclBinding(ResourceType[resource.upper()], name, ResourcePatternType.LITERAL, principal, "*", AclOperation[operation.upper()], AclPermissionType.ALLOW)


def given(admin, resources):
    """What anyone may on these, by whatever pattern; what is refused somebody opens nothing."""
    found = set()
    for resource, name in resources:
        each = AclBindingFilter(ResourceType[resource.upper()], name, ResourcePatternType.MATCH, None, None, AclOperation.ANY, AclPermissionType.ALLOW)
        for acl in admin.describe_acls(each).result(30):
            literal = acl.resource_pattern_type == ResourcePatternType.LITERAL and acl.host == "*"
            found.add((acl.principal, resource, acl.name if literal else f"{acl.name} ({acl.resource_pattern_type.name.lower()}, from {acl.host})", acl.operation.name.capitalize()))
    return found


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("what", choices=["apply", "check"])
    for name in ("bootstrap", "ca", "certificate", "key"):
        options.add_argument(f"--{name}", required=True)
    options.add_argument("--topic", default=TOPIC, help="TILLIT_TOPIC, if it is set")
    options.add_argument("--table", type=Path, default=ROOT / "common/program/programs.def")
    chosen = options.parse_args()
    admin = AdminClient({"bootstrap.servers": chosen.bootstrap, "security.protocol": "ssl", "ssl.ca.location": chosen.ca, "ssl.endpoint.identification.algorithm": "https",
                         "ssl.certificate.location": chosen.certificate, "ssl.key.location": chosen.key})
    rows = wanted(read(chosen.table.read_text()), chosen.topic)
    there = given(admin, {row[1:3] for row in rows})
    missing, besides = sorted(rows - there), sorted(there - rows)
    if chosen.what == "apply" and missing:
        for future in admin.create_acls([binding(row) for row in missing]).values():
            future.result(30)
    for sign, several in (("+" if chosen.what == "apply" else "missing", missing), ("besides the table", besides)):
        for row in several:
            print(f"{sign}: {' '.join(row)}")
    return bool(besides or (missing and chosen.what == "check"))


if __name__ == "__main__":
    sys.exit(main())
