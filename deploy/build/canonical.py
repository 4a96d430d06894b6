#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Unicode's canonical decompositions and combining classes (UAX 15), as Python's unicodedata has them, as tables for common/base/text_same.c."""
import sys
import unicodedata

POINTS = [chr(n) for n in range(sys.maxunicode + 1) if not 0xD800 <= n <= 0xDFFF]
print(f"/* Unicode {unicodedata.unidata_version}; made by deploy/build/canonical.py from data under the Unicode License v3 */")
print("/* ordered by point; second is 0 where a point is another one's equal; Hangul follows from arithmetic */")
print("static const struct { uint32_t point, first, second; } decompositions[] = {")
for point in POINTS:
    parts = unicodedata.decomposition(point).split()
    if parts and not parts[0].startswith("<"):
        print(f"{{ 0x{ord(point):x}, 0x{parts[0]}, 0x{parts[1] if len(parts) > 1 else 0} }},")
print("};\n/* ordered by point; what is in no range has the class 0 */")
print("static const struct text_range classes[] = {")
start = None
for point, follower in zip(POINTS, POINTS[1:] + ["\0"]):
    of_it = unicodedata.combining(point)
    start = start or point
    if unicodedata.combining(follower) != of_it or ord(follower) != ord(point) + 1:
        if of_it:
            print(f"{{ 0x{ord(start):x}, 0x{ord(point):x}, {of_it} }},")
        start = None
print("};")
