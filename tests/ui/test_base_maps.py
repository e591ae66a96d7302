#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""Base maps in the real window: files, addresses, and servers that behave badly."""

import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / 'lib'))

import audit
import workbench
from tiles import TileServer, write_mbtiles
from town import ALLMENDE, Town
from window import (Program, WindowTest, key, main, set_text, states, type_text, wait, wait_gone)

RED, BLUE = (200, 40, 90), (40, 90, 200)
town = None


def setUpModule():
    global town
    town = Town()


def tearDownModule():
    town.remove()


def share(colour, step=16):
    """How much of the screen has that colour, 0 to 1, by one pixel of so many."""
    done = subprocess.run(['import', '-window', 'root', '-depth', '8', 'rgb:-'],
                          capture_output=True, check=True)
    wanted = bytes(colour)
    pixels = done.stdout
    return sum(pixels[i:i + 3] == wanted for i in range(0, len(pixels), 3 * step)) * 3 * step / len(pixels)


class BaseMapTest(WindowTest):
    def setUp(self):
        self.profile = town.copy()
        self.command = [ALLMENDE, '--profile', self.profile]
        self.server = TileServer(RED)
        super().setUp()
        self.program.find('list', 'Seiten')
        workbench.go(self.program, 'Karte')
        self.program.find('label', 'Grundkarte: eigene Daten der Stadt')

    def tearDown(self):
        super().tearDown()
        self.server.close()

    def add_address(self, address, words):
        self.program.press_in_menu('Grundkarte hinzufügen', 'Adresse von Kacheln…')
        self.program.wait_windows(2)
        set_text(self.program.find('text', 'Adresse der Kacheln'), address)
        set_text(self.program.find('text', 'Von wem die Karte ist'), words)
        self.program.press('Verwenden')

    def base(self, title):
        return self.program.find(('check box', 'radio button'), title)

    def test_tiles_from_an_address_are_shown_with_their_source_and_remembered(self):
        self.add_address(self.server.address, '© Vermessungsamt')
        self.program.wait_windows(1)
        self.program.find('label', '© Vermessungsamt')
        wait(lambda: share(RED) > 0.2, 'the tiles on the screen')
        self.assertRegex(self.server.asked[0], r'^/\d+/\d+/\d+\.png$')
        self.assertEqual(audit.nameless(self.program.node), [])

        self.program.close()
        self.program = Program(self.command, self.env)
        self.program.find('label', '© Vermessungsamt')
        wait(lambda: 'checked' in states(self.base('127.0.0.1')), 'the base map of the last time')
        wait(lambda: share(RED) > 0.2, 'the tiles again')

    def test_an_address_that_does_not_fit_is_told_at_its_field(self):
        self.add_address('ftp://example.org/1.png', '')
        self.program.find('label', re.compile('beginnt mit https://'))
        self.program.find('label', re.compile('Ohne Quellenangabe'))
        entry = self.program.find('text', 'Adresse der Kacheln')
        wait(lambda: 'focused' in states(entry), 'the focus to go where the fault is')
        self.assertEqual(audit.nameless(self.program.node), [])
        set_text(entry, 'https://example.org/1.png')
        self.program.press('Verwenden')
        self.program.find('label', re.compile('Es fehlen die Stellen'))
        key('Escape')
        self.program.wait_windows(1)

    def test_a_base_map_goes_and_comes_back(self):
        self.add_address(self.server.address, '© Vermessungsamt')
        self.program.wait_windows(1)
        wait(lambda: share(RED) > 0.2, 'the tiles on the screen')
        self.program.press('127.0.0.1 entfernen')
        self.program.find('label', 'Grundkarte: eigene Daten der Stadt')
        self.program.press('Rückgängig')
        wait(lambda: share(RED) > 0.2, 'the tiles to come back')
        self.program.find('label', '© Vermessungsamt')

    def check_trouble(self, mode, words):
        self.server.mode = mode
        self.add_address(self.server.address, '© Vermessungsamt')
        # GTK 4.8 falls over who asks for a window that has just gone: no walk before it has.
        self.program.wait_windows(1)
        self.program.find('label', words)
        # What the city has is drawn all the same: the green of its trees.
        wait(lambda: share((0x2e, 0x7d, 0x32), 1) > 0, 'the trees')
        self.assertEqual(audit.nameless(self.program.node), [])

    def test_a_server_that_knows_no_tile(self):
        self.check_trouble(404, 'Die Grundkarte hat hier nichts')

    def test_a_server_in_trouble_is_asked_again(self):
        self.check_trouble(500, 'Der Server der Grundkarte hat eine Störung')
        self.server.mode = 200
        self.program.press('Noch einmal versuchen')
        wait(lambda: share(RED) > 0.2, 'the tiles after all')
        wait_gone(self.program.node, 'label', 'Der Server der Grundkarte hat eine Störung')

    def test_a_server_that_does_not_answer(self):
        self.check_trouble('hang', 'Die Grundkarte wird geholt')

    def test_a_server_that_is_not_there(self):
        self.server.close()
        self.check_trouble(200, 'Der Server der Grundkarte ist nicht erreichbar')

    def test_the_file_of_the_profile_and_one_from_elsewhere(self):
        self.program.resize(1280, 940)   # so tall that the rows are to be seen
        row = self.base('Kranichfurt (gezeichnet)')
        self.program.click(row)
        self.program.find('label', 'Übungsstadt Kranichfurt, erfunden')
        path = pathlib.Path(self.profile) / 'elsewhere' / 'andere.mbtiles'
        path.parent.mkdir()
        write_mbtiles(path, BLUE, '© Nachbarstadt')
        self.program.press_in_menu('Grundkarte hinzufügen', 'Kacheldatei…')
        self.program.wait_windows(2)
        type_text(str(path))
        key('Return')
        self.program.wait_windows(1)
        self.program.find('label', '© Nachbarstadt')


if __name__ == '__main__':
    main()
