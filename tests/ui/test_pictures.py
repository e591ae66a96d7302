#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""Pictures of each page in its variants, to be opened and looked at; ./run pictures takes all."""

import os
import pathlib
import re
import sys
import tempfile
import unittest

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(FOLDER / 'lib'), str(FOLDER.parent / 'server')]

import pictures
from city import City
from town import ALLMENDE, Town
from window import do, find, find_all, key, main, wait

town = city = None


def setUpModule():
    global town, city
    town = Town()
    city = City(town.folder / 'town')


def tearDownModule():
    city.close()
    town.remove()


def by_key(*keys):
    """Goes to a page by its key, in whatever language."""
    def prepare(program):
        program.find('list')
        for one in keys:
            key(one)
    return prepare


def close_by(profile, **more):
    """The profile's map will open over the east cemetery, near enough for crowns and labels."""
    view = {'longitude': 6.948, 'latitude': 54.601, 'zoom': 18, **more}
    lines = ['[window]', 'page=map', '[map]', *(f'{key}={value}' for key, value in view.items())]
    pathlib.Path(profile, 'window.ini').write_text('\n'.join(lines) + '\n')
    return profile


def far_base(profile):
    """The map stands on tiles from an address where nobody answers."""
    close_by(profile, longitude=6.95, latitude=54.6, zoom=15, base='far')
    pathlib.Path(profile, 'base-map.ini').write_text(
        '[far]\naddress=http://127.0.0.1:1/{z}/{x}/{y}.png\nattribution=© Vermessungsamt\n'
        'max-zoom=19\n')
    return profile


def by_sync(told):
    """From the sync button to the page of those who manage, until it says @told."""
    def prepare(program):
        button = program.find('push button', re.compile('Abgeglichen|In sync|Offline|Konflikt|conflict'))
        do(find(button, 'push button', nth=1))
        row = find(button, 'list item', re.compile('Verwaltung|Administration'))
        program.tab_to(row)
        key('Return')
        program.find(None, re.compile(told))
    return prepare


def by_focus(*keys):
    """The overview, then what these keys lead to from its first button on."""
    def prepare(program):
        program.find('list')
        key('alt+1')
        # Not before it is known what is to be done.
        wait(lambda: len(find_all(program.node, 'push button', city.words)) > 0, 'the sentences')
        for one in ('F6', *keys):
            key(one)
    return prepare


class PictureTest(unittest.TestCase):
    def take(self, page, prepare, profile=None, dialog=False):
        if os.environ.get('UI_PAGE') not in (None, '', page):
            return
        folder = os.environ.get('UI_ARTEFACTS') or tempfile.mkdtemp(prefix='allmende-pictures-')
        command = [ALLMENDE, '--profile', profile or town.copy()]
        made = pictures.take(page, command, folder, prepare, dialog)
        self.assertEqual(len(made), len(pictures.variants_of(page)) + 1)

    def test_start(self):
        with tempfile.TemporaryDirectory(prefix='allmende-first-') as folder:
            self.take('start', None, folder + '/profile')

    def test_overview(self):
        self.take('overview', by_key('alt+1'))

    def test_overview_empty(self):
        self.take('overview-empty', by_key('alt+1'), city.empty())

    def test_map_empty(self):
        self.take('map-empty', by_key('alt+2'), city.empty())

    def test_assets_empty(self):
        self.take('assets-empty', by_key('alt+3'), city.empty())

    def test_overview_busy(self):
        with city.running():
            self.take('overview-busy', by_focus(), city.busy())

    def test_overview_offline(self):
        self.take('overview-offline', by_focus(), city.busy())

    def test_conflicts(self):
        with city.running():
            self.take('conflicts', by_focus('Return'), city.busy())

    def test_refused(self):
        with city.running():
            self.take('refused', by_focus('Tab', 'Return'), city.busy())

    def test_strays(self):
        with city.restored() as profile:
            self.take('strays', by_focus('Tab', 'Tab', 'Return'), profile)

    def test_admin(self):
        with city.running():
            self.take('admin', by_sync('Anna|Erfassung'), city.managing())

    def test_admin_offline(self):
        self.take('admin-offline', by_sync('Noch einmal versuchen|Try again'), city.managing())

    def test_login(self):
        self.take('login', by_focus('Return'), city.signed_out(), dialog=True)

    def test_map(self):
        self.take('map', by_key('alt+2'))

    def test_map_close(self):
        self.take('map-close', by_key('alt+2'), close_by(town.copy()))

    def test_map_past(self):
        self.take('map-past', by_key('alt+2'), close_by(town.copy(), day='1975-06-01'))

    def test_map_offline(self):
        self.take('map-offline', by_key('alt+2'), far_base(city.busy()))

    def test_assets_offline(self):
        self.take('assets-offline', by_key('alt+3'), city.busy())

    def test_assets(self):
        self.take('assets', by_key('alt+3'))


if __name__ == '__main__':
    main()
