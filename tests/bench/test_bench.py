#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""Runs every benchmark at a hundredth of its size: it runs, and its lines are well-formed.

A benchmark is a program tests/bench/bench-NAME.  `--smoke` makes it small.  It prints one JSON
line per figure (see line_faults below) and ends with 1 where a *result* is wrong; a goal that is
missed is no failure.  Prints `bench: N passed, M failed`.
"""

import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


def line_faults(line):
    """What is wrong with one printed line; a list, empty where all is well."""
    try:
        figure = json.loads(line)
    except ValueError as error:
        return [f'no JSON ({error}): {line[:100]}']
    faults = [f'"{key}" is missing: {line[:200]}' for key in ('bench', 'value', 'unit')
              if key not in figure]
    if 'ratio' in figure and figure.get('peer_value') is not None:
        value, peer, ratio = (figure[k] for k in ('value', 'peer_value', 'ratio'))
        if peer and abs(value / peer - ratio) > 0.02 * abs(ratio) + 0.006 \
                and abs(peer / max(value, 1e-12) - ratio) > 0.02 * abs(ratio) + 0.006:
            faults.append(f'the ratio is not that of the two values: {line[:200]}')
    return faults


def run(program):
    done = subprocess.run([program, '--smoke'], capture_output=True, text=True, timeout=300,
                          stdin=subprocess.DEVNULL, env=os.environ)
    faults = [] if done.returncode == 0 else [f'status {done.returncode}: {done.stderr[-1500:]}']
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    if not lines:
        faults.append('it prints no figure')
    for line in lines:
        faults += line_faults(line)
    return faults


def main():
    programs = sorted(p for p in HERE.glob('bench-*') if os.access(p, os.X_OK))
    failed = 0
    for program in programs:
        faults = run(program)
        print(f'{"not ok" if faults else "ok"} - {program.name}')
        for fault in faults:
            print(f'  {fault}')
        failed += bool(faults)
    print(f'bench: {len(programs) - failed} passed, {failed} failed')
    return failed > 0 or not programs


if __name__ == '__main__':
    sys.exit(main())
