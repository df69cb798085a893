"""What stories need that walk a table: the table's lines, many acts at a time, our texts in Japanese."""
import os
import re
import threading

from rig.stack import SOURCE


def lines(name):
    """The fields of each line of a table in tests/."""
    with open(os.path.join(SOURCE, 'tests', name), encoding='utf-8') as file:
        return [line.rstrip('\n').split('\t') for line in file if not line.startswith('#')]


def japanese():
    """English text -> Japanese text, of those that stand on one line of the catalogue."""
    with open(os.path.join(SOURCE, 'po/ja.po'), encoding='utf-8') as file:
        return dict(re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', file.read(), re.M))


def at_once(acts, threads=4):
    """Does all of them, (function, arguments...), a few at a time as people do; the first exception is the story's."""
    failed, rest, lock = [], iter(acts), threading.Lock()

    def work():
        while not failed:
            with lock:
                act = next(rest, None)
            if act is None:
                return
            try:
                act[0](*act[1:])
            except BaseException as error:      # pylint: disable=broad-except
                failed.append(error)
    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if failed:
        raise failed[0]
