#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""Pictures of each page in every variant, to be opened and looked at."""

import os
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / 'lib'))

import pictures
from town import ALLMENDE, Town
from window import key, main

town = None


def setUpModule():
    global town
    town = Town()


def tearDownModule():
    town.remove()


def by_key(*keys):
    """Goes to a page by its key, in whatever language."""
    def prepare(program):
        program.find('list')
        for one in keys:
            key(one)
    return prepare


class PictureTest(unittest.TestCase):
    def take(self, page, prepare, profile=None):
        if os.environ.get('UI_PAGE') not in (None, '', page):
            return
        folder = os.environ.get('UI_ARTEFACTS') or tempfile.mkdtemp(prefix='allmende-pictures-')
        command = [ALLMENDE, '--profile', profile or town.copy()]
        made = pictures.take(page, command, folder, prepare)
        self.assertEqual(len(made), len(pictures.VARIANTS) + 1)

    def test_start(self):
        with tempfile.TemporaryDirectory(prefix='allmende-first-') as folder:
            self.take('start', None, folder + '/profile')

    def test_overview(self):
        self.take('overview', by_key('alt+1'))

    def test_map(self):
        self.take('map', by_key('alt+2'))

    def test_assets(self):
        self.take('assets', by_key('alt+3'))


if __name__ == '__main__':
    main()
