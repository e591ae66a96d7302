#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""What a program can check of the house's habits.  Prints `style: N passed, M failed`."""

import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]


def run(*command):
    done = subprocess.run([str(c) for c in command], cwd=ROOT, capture_output=True, text=True)
    return done.returncode, (done.stdout + done.stderr).strip()


def tracked(*patterns):
    _, names = run('git', 'ls-files', '-co', '--exclude-standard', *patterns)
    return [ROOT / n for n in names.splitlines() if (ROOT / n).is_file()]


def check_layers():
    status, out = run('tests/style/check-layers', '--strict', '.')
    return [] if status == 0 else out.splitlines()[-20:]


def check_licences():
    status, out = run('reuse', 'lint')
    return [] if status == 0 else out.splitlines()[-20:]


def check_top_level():
    allowed = {'src', 'ui', 'data', 'po', 'tests', 'debian', 'LICENSES', 'meson.build',
               'meson_options.txt', 'README.md', 'LICENSE', 'publiccode.yml', 'run'}
    names = {path.relative_to(ROOT).parts[0] for path in tracked()}
    return sorted(f'{n} does not belong on the top level' for n in names - allowed
                  if not n.startswith('.'))


def check_german():
    """de.po is sound, complete, has nothing fuzzy, and knows the texts of the sources, no others."""
    faults = []
    status, out = run('msgfmt', '--check', '--statistics', '-o', '/dev/null', 'po/de.po')
    if status != 0 or 'fuzzy' in out or 'untranslated' in out:
        faults.append(out)
    with tempfile.TemporaryDirectory() as folder:
        pot = pathlib.Path(folder, 'allmende.pot')
        status, out = run('xgettext', '--from-code=UTF-8', '--keyword=_', '--keyword=N_',
                          '--keyword=C_:1c,2', '--keyword=NC_:1c,2', '--keyword=ngettext:1,2',
                          '--files-from=po/POTFILES', '-o', pot)
        if status != 0:
            faults.append(out)
        elif pot.exists():
            status, out = run('msgcmp', '--use-untranslated', 'po/de.po', pot)
            if status != 0:
                faults += out.splitlines()[:20]
            merged = pathlib.Path(folder, 'merged.po')
            run('msgmerge', '--quiet', '--no-fuzzy-matching', '--no-wrap', '-o', merged, 'po/de.po', pot)
            faults += [f'po/de.po: no longer said anywhere: {line[9:]}'
                       for line in merged.read_text().splitlines() if line.startswith('#~ msgid "')]
    return faults


def check_texts_are_listed():
    """A file with a text for people stands in po/POTFILES."""
    listed = {line for line in (ROOT / 'po/POTFILES').read_text().splitlines()
              if line and not line.startswith('#')}
    faults = [f'po/POTFILES: {n} is not there' for n in sorted(listed) if not (ROOT / n).exists()]
    for path in tracked('src', 'ui', 'data'):
        name = str(path.relative_to(ROOT))
        if path.suffix not in ('.c', '.ui', '.desktop', '.xml', '.in') or name in listed:
            continue
        text = path.read_text(errors='replace')
        if (path.suffix == '.c' and re.search(r'\b_\s*\(\s*"|\bngettext\s*\(|\bN_\s*\(', text)
                or 'translatable="yes"' in text):
            faults.append(f'{name}: has texts for people, but is not in po/POTFILES')
    return faults


def check_ui_texts():
    """A property that people read is translatable."""
    seen = {'label', 'title', 'subtitle', 'tooltip-text', 'placeholder-text', 'description',
            'heading', 'body'}
    faults = []
    for path in tracked('ui'):
        if path.suffix != '.ui':
            continue
        for node in ElementTree.parse(path).iter('property'):
            text = (node.text or '').strip()
            if (node.get('name') in seen and re.search(r'[A-Za-z]{2}', text)
                    and node.get('translatable') != 'yes' and node.get('bind-source') is None):
                faults.append(f'{path.relative_to(ROOT)}: "{text}" is not translatable')
    return faults


def check_desktop_files():
    faults = []
    for path in tracked('data'):
        name = path.name.removesuffix('.in')
        if name.endswith('.desktop'):
            status, out = run('desktop-file-validate', path)
            faults += [] if status == 0 else [out]
        elif name.endswith('.metainfo.xml'):
            status, out = run('appstreamcli', 'validate', '--no-net', path)
            faults += [] if status == 0 else [out]
    return faults


def check_every_file_has_a_test():
    """src/**/alm-x.c with a header has a test of its name, or a reason; at most one in ten has a reason."""
    reasons = {}
    for line in (ROOT / 'tests/style/without-test').read_text().splitlines():
        if line and not line.startswith('#'):
            path, _, reason = line.partition('  ')
            reasons[path] = reason
    faults = [f'tests/style/without-test: {p} needs a reason' for p, r in reasons.items()
              if len(r.split()) < 4]
    faults += [f'tests/style/without-test: {p} is not there' for p in reasons
               if not (ROOT / p).exists()]

    stems = {path.stem.replace('_', '-') for path in tracked('tests') if path.suffix in ('.c', '.py')}
    registered = '\n'.join(p.read_text() for p in tracked('tests') if p.name == 'meson.build')
    classes = [p for p in tracked('src') if p.suffix == '.c' and p.with_suffix('.h').exists()]
    for path in classes:
        name = str(path.relative_to(ROOT))
        test = 'test-' + path.stem.removeprefix('alm-')
        if name in reasons:
            if test in stems:
                faults.append(f'tests/style/without-test: {name} has a test after all')
        elif test not in stems:
            faults.append(f'{name}: no {test}')
        elif test not in registered and test.replace('-', '_') not in registered:
            faults.append(f'{name}: {test} is in no meson.build')
    if len(reasons) * 10 > max(len(classes), 10):
        faults.append(f'{len(reasons)} of {len(classes)} files have no test; one in ten is the most')
    return faults


def check_tests_are_honest():
    """No test is skipped, switched off or sleeps."""
    faults = []
    forbidden = re.compile(r'g_test_skip|g_test_incomplete|@unittest\.skip|self\.skipTest|^#if 0'
                           r'|\bg_usleep\s*\(|\btime\.sleep\s*\(|\busleep\s*\(', re.M)
    for path in tracked('tests'):
        name = str(path.relative_to(ROOT))
        if path.suffix not in ('.c', '.py') or name.startswith(('tests/lib/', 'tests/ui/lib/',
                                                                'tests/style/')):
            continue
        match = forbidden.search(path.read_text())
        if match:
            faults.append(f'{name}: {match.group().strip()}')
    return faults


def check_nothing_of_the_real_data():
    """Real cities' data stay outside; only field and bench may read them."""
    faults = []
    for path in tracked('src', 'tests', 'data', 'ui'):
        name = str(path.relative_to(ROOT))
        if name.startswith(('tests/field/', 'tests/bench/', 'tests/style/')):
            continue
        if path.suffix in ('.c', '.h', '.py') and 'shared/data' in path.read_text(errors='replace'):
            faults.append(f'{name}: reads the real data')
    faults += [f'{p.relative_to(ROOT)}: {p.stat().st_size} bytes' for p in tracked()
               if p.stat().st_size > 1 << 20]
    return faults


CHECKS = [check_layers, check_licences, check_top_level, check_german, check_texts_are_listed,
          check_ui_texts, check_desktop_files, check_every_file_has_a_test,
          check_tests_are_honest, check_nothing_of_the_real_data]


def main():
    failed = 0
    for check in CHECKS:
        faults = check()
        print(('not ok' if faults else 'ok') + f' - {check.__name__[6:].replace("_", " ")}')
        for fault in faults:
            print(f'  {fault}')
        failed += bool(faults)
    print(f'style: {len(CHECKS) - failed} passed, {failed} failed')
    return failed > 0


if __name__ == '__main__':
    sys.exit(main())
