"""Texts that are kept in a file and read by people before they are: what a page or a mail says, word for word."""
import os


def compare(path, output):
    """KAIRAN_UPDATE=1 writes the file anew; it is to be read before it is kept."""
    if os.environ.get('KAIRAN_UPDATE'):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(output)
    with open(path, encoding='utf-8') as file:
        assert output == file.read()
