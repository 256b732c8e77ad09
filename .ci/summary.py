#!/usr/bin/env python3
"""Sum up JUnit files in one line: ``812 passed, 5 skipped, 0 failed in 1320 s``."""

import argparse
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument("--seconds", type=int, required=True)
parser.add_argument("--status", type=int, required=True, help="exit code of the run")
parser.add_argument("folder", type=Path)
arguments = parser.parse_args()

passed = skipped = failed = 0
for path in sorted(arguments.folder.glob("*.xml")):
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
            skipped += 1
        else:
            passed += 1
if arguments.status and not failed:
    failed = 1  # a step other than a test
print(f"{passed} passed, {skipped} skipped, {failed} failed in {arguments.seconds} s")
sys.exit(arguments.status)
