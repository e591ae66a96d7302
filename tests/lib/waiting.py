# SPDX-License-Identifier: EUPL-1.2
"""Waiting for another program: the one place of the server's tests that sleeps."""

import time

LIMIT_S = 60            # for anything that is waited for


def wait(condition, what):
    """What @condition returns, as soon as it holds."""
    end = time.monotonic() + LIMIT_S
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.01)
    raise AssertionError(f'waited {LIMIT_S} s for {what}')
