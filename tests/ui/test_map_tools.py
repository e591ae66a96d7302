#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""The tools of the map in the real window, by mouse and by keyboard; the store is asked after each."""

import json
import math
import os
import pathlib
import re
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / 'lib'))

import workbench
from town import ALLMENDE, Town
from window import (WindowTest, do, find, find_all, get_text, key, main, name,
                    states, wait, wait_gone,
                    xdotool)

ZOOM = 18
LON, LAT = 11.586, 50.927
SCOPE = 'jena/karte'


def shift(east_px, south_px):
    """Longitude and latitude so many pixels from the middle, at ZOOM."""
    world = 256 * 2 ** ZOOM
    x = (LON + 180) / 360 * world + east_px
    y = (1 - math.asinh(math.tan(math.radians(LAT))) / math.pi) / 2 * world + south_px
    return [round(x / world * 360 - 180, 9),
            round(math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / world)))), 9)]


def pixels(position):
    """The other way round."""
    world = 256 * 2 ** ZOOM

    def to(lon, lat):
        return ((lon + 180) / 360 * world,
                (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * world)
    here, middle = to(*position[:2]), to(LON, LAT)
    return here[0] - middle[0], here[1] - middle[1]


# Where things stand, in pixels from the middle of the map.
TREES = {'A1': (-160, -60), 'A2': (-60, -60), 'A3': (60, -60), 'A4': (63, -57)}
SQUARE = [(-100, 40), (0, 40), (0, 120), (-100, 120)]
LINE = [(60, 60), (160, 60)]


def ring(corners):
    return [shift(*corner) for corner in corners + corners[:1]]


class MapTest(WindowTest):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix='allmende-map-')
        self.profile = self.folder.name + '/profile'
        self.ctl('init')
        for kind in ('tree', 'closure'):
            self.ctl('model', 'add', kind)
        self.ids = {}
        for number, place in TREES.items():
            self.add(number, 'tree', {'number': number}, 'Point', shift(*place))
        self.add('area', 'closure', {'title': 'Markt'}, 'MultiPolygon',
                 [[ring(SQUARE)], [ring([(-100, 140), (-60, 140), (-60, 160)])]])
        self.add('line', 'closure', {'title': 'Saalstraße'}, 'LineString',
                 [shift(*place) for place in LINE])
        self.command = [ALLMENDE, '--profile', self.profile]
        super().setUp()
        self.program.find('list', 'Seiten')
        workbench.go(self.program, 'Karte')
        # A mouse that rests on the map would lead what the keyboard is to lead.
        self.map = self.program.find('image', 'Karte')
        self.middle()

    def tearDown(self):
        super().tearDown()
        self.folder.cleanup()

    def ctl(self, *words):
        return Town.ctl('--profile', self.profile, *words)

    def add(self, key_, kind, fields, geometry, coordinates):
        line = {'op': 'new', 'kind': kind, 'scope': SCOPE,
                'set': {**fields, 'geometry': {'type': geometry, 'coordinates': coordinates}}}
        self.ids[key_] = json.loads(self.ctl('edit', '-c', json.dumps(line)))['id']

    def fields(self, key_):
        return json.loads(self.ctl('get', self.ids[key_]))['fields']

    def geometry(self, key_):
        return self.fields(key_)['geometry']

    def history(self, key_):
        return [json.loads(line) for line in self.ctl('history', self.ids[key_]).splitlines()]

    def count(self, kind):
        return len(self.ctl('export', '--kind', kind).splitlines())

    def described(self):
        return self.map.get_description() or ''

    def middle(self):
        """Leads the map to (LON, LAT) at ZOOM, by what it says of itself."""
        def zoom():
            found = re.search(r'Maßstabsstufe (\d+)|Zoom (\d+)', self.described())
            return int(found.group(1) or found.group(2)) if found else None
        wait(zoom, 'the map to say where it is', 20)
        while zoom() != ZOOM:
            do(self.map, 'map.zoom-in' if zoom() < ZOOM else 'map.zoom-out')
            before = zoom()
            wait(lambda: zoom() != before, 'another zoom')
        wait(lambda: self.place_of_middle(), 'the middle')
        self.dx, self.dy = pixels(self.place_of_middle())

    def place_of_middle(self):
        found = re.search(r'([\d,.]+)° N\s+([\d,.]+)° (?:E|O)', self.described())
        return found and [float(found.group(2).replace(',', '.')),
                          float(found.group(1).replace(',', '.'))]

    def at(self, place):
        """A place on the screen for self.program.click()."""
        return {'dx': round(place[0] - self.dx), 'dy': round(place[1] - self.dy)}

    def click(self, place, **how):
        self.program.click(self.map, **self.at(place), **how)

    def screen(self, place):
        return self.program.point(self.map, 0.5, 0.5, **self.at(place))

    def drag(self, start, end):
        x0, y0 = self.screen(start)
        x1, y1 = self.screen(end)
        xdotool('mousemove', x0, y0, 'mousedown', 1, 'mousemove', (x0 + x1) // 2, (y0 + y1) // 2,
                'mousemove', x1, y1, 'mouseup', 1)

    def focus_map(self):
        """By keyboard: F6 goes from part to part, then on to the map itself."""
        self.away()
        if 'focused' not in states(self.map):
            key('F6')
            wait(lambda: self.program.focused() is not None, 'the focus to get there')
        self.program.tab_to(self.map)

    def away(self):
        """The mouse leaves the map."""
        xdotool('mousemove', 2000, 2000)

    def select(self, place):
        self.click(place)
        self.wait_selected(1)

    def wait_selected(self, count):
        wait(lambda: f'{count} Objekt' in self.described() and 'ausgewählt' in self.described(),
             f'{count} selected')

    def wait_none_selected(self):
        wait(lambda: 'ausgewählt' not in self.described(), 'nothing selected')

    def wait_hint(self, words):
        return wait(lambda: [label for label in find_all(self.program.node, 'label')
                             if words in name(label)], words)

    def undo(self):
        key('ctrl+z')

    def assert_at(self, position, place, within=1.5):
        x, y = pixels(position)
        self.assertLessEqual(math.hypot(x - place[0], y - place[1]), within,
                             f'{(x, y)} is not {place}')


class SelectTest(MapTest):
    def test_click_list_and_modifiers(self):
        self.select(TREES['A1'])
        xdotool('keydown', 'shift')
        self.click(TREES['A2'])
        xdotool('keyup', 'shift')
        self.wait_selected(2)
        xdotool('keydown', 'ctrl')
        self.click(TREES['A1'])
        xdotool('keyup', 'ctrl')
        self.wait_selected(1)
        # Two in one place are listed.
        self.click(TREES['A3'])
        self.program.find('label', '2 Objekte hier')
        row = self.program.find('list item', re.compile('A4'))
        self.program.wait_focus(lambda node: node.get_role_name() == 'list item')
        self.program.click(row)
        wait_gone(self.program.node, 'label', '2 Objekte hier')
        self.wait_selected(1)
        key('Escape')
        self.wait_none_selected()

    def test_box_and_polygon(self):
        self.program.press('Mit einem Rechteck auswählen')
        self.wait_hint('Rechteck')
        self.drag((-180, -80), (0, -40))
        self.wait_selected(2)
        # The same selection is the table's.
        workbench.go(self.program, 'Anlagen')
        self.program.choose('Art', 'Bäume')
        self.program.find('label', re.compile('2 ausgewählt'))
        workbench.go(self.program, 'Karte')
        self.click((-150, 150))          # nothing there
        self.wait_none_selected()
        # Around A1 and the notch between A1 and A2, not A2: by mouse.
        self.program.press('Mit einem Vieleck auswählen')
        self.wait_hint('Leertaste')
        for corner in ((-180, -80), (-140, -80), (-140, -40)):
            self.click(corner)
        self.click((-180, -40), count=2)
        self.wait_selected(1)
        self.assertEqual(get_text(self.program.find('text', 'Baumnummer')), 'A1')

    def test_tab_walks_and_enter_selects(self):
        self.focus_map()
        key('Tab')
        # Label, kind, direction and distance, in words too.
        self.wait_hint(' m ')
        first = self.described()
        self.assertRegex(first, 'Baum|Sperrung')
        key('Tab')
        wait(lambda: self.described() != first, 'the next one')
        key('shift+Tab')
        wait(lambda: self.described() == first, 'the one before')
        key('Return')
        self.wait_selected(1)
        key('Escape')
        key('Escape')
        self.wait_none_selected()

    def test_polygon_by_keyboard(self):
        self.focus_map()
        key('p')
        self.wait_hint('Leertaste')
        # From the middle: 120 px an arrow.
        for keys in (['Left', 'Left', 'Up', 'space'], ['Right', 'space'], ['Down', 'space'],
                     ['Return']):
            key(*keys)
        self.wait_selected(1)


class PointTest(MapTest):
    def test_drag_moves_and_undo_restores(self):
        before = self.geometry('A1')
        self.select(TREES['A1'])
        key('e')
        self.wait_hint('Ziehen Sie')
        self.drag(TREES['A1'], (-160, 0))
        wait(lambda: self.geometry('A1') != before, 'the new place in the store')
        self.assert_at(self.geometry('A1')['coordinates'], (-160, 0))
        self.assertEqual(len(self.history('A1')), 2)
        self.program.find('push button', 'Rückgängig')
        self.undo()
        wait(lambda: self.geometry('A1') == before, 'the old place')

    def test_arrows_move_enter_saves_escape_restores(self):
        before = self.geometry('A1')
        self.select(TREES['A1'])
        self.away()
        key('e')
        self.wait_hint('Pfeiltasten')
        key('shift+Right', 'shift+Right', 'Down', 'Escape')
        self.wait_selected(1)
        self.assertEqual(self.geometry('A1'), before)
        self.assertEqual(len(self.history('A1')), 1)
        key('e')
        self.wait_hint('Pfeiltasten')
        key('shift+Right', 'shift+Right', 'Down', 'Return')
        wait(lambda: self.geometry('A1') != before, 'the new place in the store')
        self.assert_at(self.geometry('A1')['coordinates'], (-140, -59), 0.01)

    def test_delete_and_undo(self):
        self.select(TREES['A1'])
        before = self.fields('A1')
        key('Delete')
        wait(lambda: self.count('tree') == 3, 'three trees in the store')
        self.wait_none_selected()
        self.program.press('Rückgängig')
        wait(lambda: self.count('tree') == 4, 'four trees in the store')
        self.assertEqual(self.fields('A1'), before)

    def test_add_by_click_and_by_keyboard(self):
        known = set(self.ctl('export', '--kind', 'tree').splitlines())

        def added():
            new = set(self.ctl('export', '--kind', 'tree').splitlines()) - known
            return [json.loads(line) for line in new]
        self.program.press_in_menu('Neue Anlage', 'Baum')
        self.wait_hint('Klicken Sie dorthin')
        self.click((100, -100))
        tree = wait(added, 'the tree in the store')[0]
        self.assertEqual(tree['scope'], SCOPE)
        self.assert_at(tree['fields']['geometry']['coordinates'], (100, -100))
        self.wait_selected(1)
        self.undo()
        wait(lambda: not added(), 'the tree to go')

        self.focus_map()
        key('n')
        self.program.wait_focus(lambda node: node.get_role_name() == 'menu item')
        do(self.program.find('menu item', 'Baum'))
        self.wait_hint('Klicken Sie dorthin')
        key('Return')
        tree = wait(added, 'the second tree in the store')[0]
        self.assert_at(tree['fields']['geometry']['coordinates'], (self.dx, self.dy))


class ShapeTest(MapTest):
    def added(self, known):
        new = set(self.ctl('export', '--kind', 'closure').splitlines()) - known
        return [json.loads(line)['fields']['geometry'] for line in new]

    def known(self):
        return set(self.ctl('export', '--kind', 'closure').splitlines())

    def test_a_line_is_drawn(self):
        known = self.known()
        self.program.press_in_menu('Neue Anlage', 'Sperrung als Linie')
        self.wait_hint('Leertaste')
        self.click((20, -120))
        self.click((60, -120))
        self.click((90, -150))
        self.wait_hint('Länge')
        key('BackSpace')
        self.click((100, -120), count=2)
        line = wait(lambda: self.added(known), 'the line in the store')[0]
        self.assertEqual(line['type'], 'LineString')
        self.assertEqual(len(line['coordinates']), 3)
        for position, place in zip(line['coordinates'], ((20, -120), (60, -120), (100, -120))):
            self.assert_at(position, place)
        self.undo()
        wait(lambda: not self.added(known), 'the line to go')

    def test_an_area_that_crosses_itself_is_refused_at_the_place(self):
        known = self.known()
        self.program.press_in_menu('Neue Anlage', 'Sperrung als Fläche')
        self.wait_hint('Leertaste')
        for corner in ((20, -150), (100, -110), (100, -150), (20, -110)):
            self.click(corner)
        self.wait_hint('Fläche')
        self.program.press('Fertig')
        self.wait_hint('Die Grenze kreuzt')
        self.assertEqual(self.added(known), [])
        # One corner back, and another one instead.
        self.focus_map()
        key('BackSpace', 'BackSpace')
        self.click((20, -110))
        key('Return')
        area = wait(lambda: self.added(known), 'the area in the store')[0]
        self.assertEqual(area['type'], 'Polygon')
        self.assertEqual(len(area['coordinates'][0]), 4)

    def test_an_area_by_keyboard_alone(self):
        known = self.known()
        self.focus_map()
        key('n')
        self.program.wait_focus(lambda node: node.get_role_name() == 'menu item')
        do(self.program.find('menu item', 'Sperrung als Fläche'))
        self.wait_hint('Leertaste')
        key('space', 'Return')
        self.wait_hint('mindestens drei Ecken')
        key('Right', 'space', 'Up', 'space', 'shift+Left', 'space', 'BackSpace', 'Return')
        area = wait(lambda: self.added(known), 'the area in the store')[0]
        corners = [pixels(position) for position in area['coordinates'][0][:3]]
        for corner, place in zip(corners, ((0, 0), (120, 0), (120, -120))):
            self.assertLess(math.hypot(corner[0] - place[0] - self.dx,
                                       corner[1] - place[1] - self.dy), 0.5)

    def test_escape_draws_nothing(self):
        known = self.known()
        self.program.press_in_menu('Neue Anlage', 'Sperrung als Linie')
        self.wait_hint('Leertaste')
        self.click((20, -120))
        self.click((60, -120))
        key('Escape')
        wait_gone(self.program.node, 'push button', 'Fertig')
        self.assertEqual(self.added(known), [])

    def test_corners_are_moved_added_and_removed_by_one_command(self):
        before = self.geometry('area')
        self.select((-50, 80))
        key('e')
        self.wait_hint('Ziehen Sie eine Ecke')
        self.drag((0, 40), (40, 20))                # a corner
        self.click((-50, 120), count=2)             # on an edge
        self.drag((-50, 120), (-50, 160))
        self.click((-100, 120))
        key('Delete')
        self.assertEqual(self.geometry('area'), before)
        key('Return')
        wait(lambda: self.geometry('area') != before, 'the shape in the store')
        after = self.geometry('area')
        self.assertEqual(after['coordinates'][1], before['coordinates'][1])
        corners = after['coordinates'][0][0]
        self.assertEqual(len(corners), 5, [pixels(c) for c in corners])
        places = [(-100, 40), (40, 20), (0, 120), (-50, 160)]
        for place in places:
            self.assertTrue(any(math.hypot(pixels(c)[0] - place[0], pixels(c)[1] - place[1]) < 3
                                for c in corners), (place, [pixels(c) for c in corners]))
        self.assertEqual(len(self.history('area')), 2)
        self.undo()
        wait(lambda: self.geometry('area') == before, 'the old shape')

    def test_a_line_by_keyboard_and_escape(self):
        before = self.geometry('line')
        self.select((110, 60))
        self.away()
        key('e')
        self.wait_hint('Ziehen Sie eine Ecke')
        key('Tab', 'shift+Down', 'Escape')
        self.wait_selected(1)
        self.assertEqual(self.geometry('line'), before)
        key('e')
        self.wait_hint('Ziehen Sie eine Ecke')
        key('Tab', 'Insert', 'shift+Down', 'Tab', 'Delete', 'Delete')
        self.wait_hint('keine Ecke mehr')
        key('Return')
        wait(lambda: self.geometry('line') != before, 'the line in the store')
        line = self.geometry('line')['coordinates']
        self.assertEqual(line[0], before['coordinates'][0])
        self.assert_at(line[1], (110, 70), 0.01)
        self.assertEqual(len(line), 2)


class ReasonTest(MapTest):
    def test_tools_say_why_they_do_not_work(self):
        menu = self.program.open_menu('Hauptmenü')
        do(find(menu, 'menu item', 'Karte'))
        do(find(menu, 'menu item', 'Versetzen oder umformen'))
        self.program.find('label', 'Wählen Sie zuerst aus, was Sie versetzen oder umformen möchten.')
        self.click((180, -150))
        key('Delete')
        self.program.find('label', 'Es ist nichts ausgewählt.')


if __name__ == '__main__':
    main()
