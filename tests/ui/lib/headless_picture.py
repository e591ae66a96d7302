# SPDX-License-Identifier: EUPL-1.2
"""Takes one picture of the program as a user would see it.

usage: with-desktop python3 headless_picture.py FILE PROGRAM [ARGUMENT…]
"""

import sys

from pictures import window_picture
from window import Program


def main():
    path, command = sys.argv[1], sys.argv[2:]
    program = Program(command, timeout=60)
    try:
        program.find('frame')
        # The first start fills the map, and the desk asks its server for news.
        window_picture(program, path, still=2)
    finally:
        program.close()


if __name__ == '__main__':
    main()
