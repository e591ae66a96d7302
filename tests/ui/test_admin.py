#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""Administration: people and their rights, workplaces, the audit trail, in the real window."""

import pathlib
import re
import socket
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(FOLDER / 'lib'), str(FOLDER.parent / 'server')]

import audit
import desks
import hub
import workbench
from town import ALLMENDE
from window import (Program, WindowTest, do, find, find_all, key, main, name, role, set_text,
                    wait, wait_gone)

UNITS = [('stadt', 'Kernverwaltung', None), ('ksj', 'Kommunalservice', 'stadt'),
         ('werke', 'Stadtwerke', None)]

server = chef = None


def setUpModule():
    """A city with an organisation, which the steward of `system` describes by plain edits."""
    global server, chef
    server = hub.Server()
    server.listen = [f'127.0.0.1:{server.port}']
    server.city()
    chef = desks.Desk(server, 'chef')
    chef.sync()
    chef.edit(*[{'op': 'new', 'scope': 'system', 'kind': 'unit',
                 'set': {'name': unit, 'title': title, **({'parent': above} if above else {})}}
                for unit, title, above in UNITS])
    assert chef.sync()['refused'] == 0


def tearDownModule():
    chef.close()
    server.close()


def account(user):
    token = server.login('chef', hub.desk_id(90))
    users = server.expect(200, 'GET', '/v1/users', token=token).lines()
    return next((one for one in users if one['name'] == user), None)


class AdminTest(WindowTest):
    def setUp(self):
        pass

    def open(self, desk=None):
        self.program = Program([ALLMENDE, '--profile', str((desk or chef).profile)])
        self.program.find('list', 'Seiten')
        return self.program

    def go(self):
        """From the sync button to the page, by keyboard alone."""
        workbench.wait_sync(self.program, 'Abgeglichen|Offline')
        row = find(workbench.open_sync(self.program), 'list item', 'Verwaltung')
        self.program.tab_to(row)
        key('Return')
        return self.program.find('label', 'Verwaltung')

    def fill(self, **texts):
        for field, text in texts.items():
            set_text(self.program.find('text', field.replace('_', ' ')), text)

    def choose_row(self, title, wanted):
        """In a row that opens a list, by keyboard alone."""
        row = self.program.find('combo box', title)
        self.program.tab_to(row)
        key('space')

        def said():
            node = self.program.focused()
            return ' '.join(name(label) for label in find_all(node, 'label')) if node else ''
        self.program.wait_focus(lambda node: role(node) == 'list item')
        for _ in range(20):
            if re.search(wanted, said()):
                break
            before = said()
            key('Down')
            wait(lambda: said() != before, f'something below {before}')
        key('Return')
        wait(lambda: any(re.search(wanted, name(label)) for label in find_all(row, 'label')), wanted)

    def test_a_person_is_added_given_a_right_and_shut_out(self):
        self.open()
        self.go()
        self.program.find('list item', 'Anna')
        self.program.press('Person hinzufügen …')
        self.program.wait_windows(2)
        self.fill(Name='Cleo Muster', Benutzername='cleo')
        set_text(self.program.find('password text', 'Passwort'), 'kurz')
        self.program.press('Anlegen')
        self.program.find('label', re.compile('Dieses Passwort genügt nicht'))
        self.assertIsNone(account('cleo'))
        set_text(self.program.find('password text', 'Passwort'), 'lang genug für alle')
        self.program.press('Anlegen')
        self.program.wait_windows(1)
        self.program.find('label', 'Noch keine Rechte')
        self.assertEqual(account('cleo')['title'], 'Cleo Muster')

        # Picked in words from the city's organisation: no pattern is typed.
        self.program.press('Recht geben …')
        self.program.wait_windows(2)
        self.choose_row('Darf', 'Bearbeiten')
        self.choose_row('Wo', 'Bäume')
        self.fill(Bis='31.12.2099')
        self.program.press('Geben')
        self.program.wait_windows(1)
        self.program.find('label', 'Bearbeiten')
        self.program.find('label', re.compile('Bäume \\(Kommunalservice\\)'))
        self.program.find('label', re.compile('bis 31.12.2099'))
        self.assertEqual(account('cleo')['grants'], [
            {'role': 'editor', 'scope': hub.BAEUME, 'classes': ['public', 'internal'],
             'until': '2100-01-01T00:00:00Z'}])

        self.program.press('Entziehen: Bearbeiten, Bäume (Kommunalservice)')
        self.program.find('label', 'Noch keine Rechte')
        self.assertEqual(account('cleo')['grants'], [])
        do(self.program.find('check box', 'Darf sich anmelden'), 'toggle')
        wait(lambda: account('cleo')['enabled'] is False, 'the account to be shut')

        self.program.press('Alle Personen')
        set_text(self.program.find('entry', 'Personen suchen'), 'cleo')
        wait_gone(self.program.node, 'list item', 'Anna')
        self.program.find('list item', 'Cleo Muster')
        self.assertEqual(audit.nameless(self.program.node), [])

    def test_a_workplace_is_signed_out_after_being_asked(self):
        anna = desks.Desk(server, 'anna')
        self.addCleanup(anna.close)
        anna.sync()
        self.open()
        self.go()
        do(self.program.find('page tab', 'Arbeitsplätze'))
        button = self.program.find('push button', re.compile('Abmelden: .* von anna'))
        do(button)
        self.program.find('label', 'Diesen Arbeitsplatz abmelden?')
        key('Escape')
        wait_gone(self.program.node, 'label', 'Diesen Arbeitsplatz abmelden?')
        self.assertEqual(anna.sync()['state'], 'in-sync')

        # The newest stands first.
        self.program.press(re.compile('Abmelden: .* von anna'))
        self.program.find('label', 'Diesen Arbeitsplatz abmelden?')
        self.program.press('Abmelden')
        self.program.find('label', 'Der Arbeitsplatz wurde abgemeldet')
        self.assertNotEqual(anna.run('sync').returncode, 0)

    def test_a_lost_workplace_is_reported_and_empties_itself(self):
        anna = desks.Desk(server, 'anna')
        self.addCleanup(anna.close)
        anna.sync()
        anna.edit(desks.new(77, species='Ungesendet'))
        self.open()
        self.go()
        do(self.program.find('page tab', 'Arbeitsplätze'))
        wanted = f'Als verloren melden: {socket.gethostname()} von anna'
        before = len(find_all(self.program.find('list', 'Arbeitsplätze'), 'push button', wanted))
        do(self.program.find('push button', wanted))
        self.program.find('label', 'Als verloren melden?')
        self.program.find('label', re.compile('löscht Allmende .* alles, auch Änderungen, die noch nicht'))
        key('Escape')
        wait_gone(self.program.node, 'label', 'Als verloren melden?')
        self.assertEqual(anna.status()['waiting'], 1)

        # The newest stands first.
        do(self.program.find('push button', wanted))
        self.program.find('label', 'Als verloren melden?')
        self.program.press('Als verloren melden')
        self.program.find('label', 'Der Arbeitsplatz wurde als verloren gemeldet')
        day = r'\d\d\.\d\d\.\d{4}'
        self.program.find('label', re.compile(f'Als verloren gemeldet am {day}, dort noch nicht gelöscht'))
        self.assertEqual(len(find_all(self.program.find('list', 'Arbeitsplätze'), 'push button',
                                      wanted)), before - 1)

        anna.run('sync')
        self.program.close()
        self.open()
        self.go()
        do(self.program.find('page tab', 'Arbeitsplätze'))
        self.program.find('label', re.compile(f'Als verloren gemeldet am {day}, dort gelöscht am {day}'))
        self.assertEqual(audit.nameless(self.program.node), [])
        do(self.program.find('page tab', 'Protokoll'))
        self.program.find('label', 'Ein Arbeitsplatz von anna wurde als verloren gemeldet')
        self.program.find('label', 'Ein verlorener Arbeitsplatz von anna hat alles gelöscht')

    def test_the_audit_trail_is_read_day_by_day(self):
        self.open()
        self.go()
        do(self.program.find('page tab', 'Protokoll'))
        self.program.find('label', re.compile('chef hat sich angemeldet'))
        self.program.find('label', re.compile('anna wurde hinzugefügt'))

    def test_without_the_server_it_is_said_and_asked_again(self):
        self.open()
        self.go()
        self.program.find('list item', 'Anna')
        server.stop()
        try:
            do(self.program.find('page tab', 'Protokoll'))
            self.program.find('label', re.compile('Der Server der Stadt ist nicht erreichbar|Server'))
            self.program.find('push button', 'Noch einmal versuchen')
        finally:
            server.start()
        self.program.press('Noch einmal versuchen')
        self.program.find('label', re.compile('chef hat sich angemeldet'))

    def test_who_may_not_does_not_find_it(self):
        bert = desks.Desk(server, 'bert')
        self.addCleanup(bert.close)
        bert.sync()
        self.open(bert)
        workbench.wait_sync(self.program, 'Abgeglichen')
        button = workbench.open_sync(self.program)
        find(button, 'push button', 'Abmelden')
        self.assertEqual(find_all(button, 'list item', 'Verwaltung'), [])


if __name__ == '__main__':
    main()
