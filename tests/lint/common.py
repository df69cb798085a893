"""What the lints share: where the source is, which files it has, and how a finding is told."""
import os
import re
import sys


def top():
    """The source tree: the first argument, else make's srcdir, else where this file lies."""
    here = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    return os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.environ.get('srcdir', here))


def files(root, folders, ends):
    """Relative paths of all files below the folders whose names end so."""
    for folder in folders:
        for where, names, found in os.walk(os.path.join(root, folder)):
            names.sort()
            for name in sorted(found):
                if name.endswith(ends):
                    yield os.path.relpath(os.path.join(where, name), root)


def read(root, path):
    with open(os.path.join(root, path), encoding='utf-8', errors='replace') as file:
        return file.read()


def lines(root, path):
    return enumerate(read(root, path).split('\n'), 1)


def without_comments(text):
    """C text with comments blanked and strings kept; line numbers stay."""
    def blank(match):
        return match.group(0) if match.group(0)[0] in '"\'' else re.sub(r'[^\n]', ' ', match.group(0))
    return re.sub(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|/\*.*?\*/|//[^\n]*', blank, text, flags=re.DOTALL)


def line_of(text, position):
    return text.count('\n', 0, position) + 1


def tell(findings):
    """Prints the findings; ends the program with 1 when there are any."""
    findings = list(findings)
    for finding in findings:
        print(finding)
    sys.exit(1 if findings else 0)
