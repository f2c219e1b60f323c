"""Takes the few browser files the pages use out of node_modules/ into ignored folders."""

import re
import shutil
from pathlib import Path

from tools.process import ROOT, Problem

NODE_MODULES = ROOT / "node_modules"
ICONS = ROOT / "tools" / "icons.txt"
VENDOR = ROOT / "static" / "vendor"
TEST_VENDOR = ROOT / "tests" / "vendor"

# The .map is there because the style sheet names it, and collectstatic insists on files that are named.
PAGE_FILES = ["bootstrap/dist/css/bootstrap.min.css", "bootstrap/dist/css/bootstrap.min.css.map"]
TEST_FILES = ["axe-core/axe.min.js"]

_SVG = re.compile(r'<svg\b[^>]*\bviewBox="([^"]+)"[^>]*>(.*)</svg>', re.DOTALL)
_BETWEEN_TAGS = re.compile(r">\s+<")


def copy_page_files() -> None:
    """Fill static/vendor/ anew: style sheet, and one sprite with the icons that tools/icons.txt lists."""
    _copy(PAGE_FILES, VENDOR)
    (VENDOR / "icons.svg").write_text(sprite(ICONS.read_text(encoding="utf-8").split()), encoding="utf-8")


def copy_test_files() -> None:
    """Fill tests/vendor/ anew with what only the browser tests load."""
    _copy(TEST_FILES, TEST_VENDOR)


def sprite(names: list[str]) -> str:
    """An SVG with each icon as a symbol; a page shows one with `<use href="…/icons.svg#name">`."""
    symbols = [_symbol(name) for name in names]
    lines = ["<!-- Bootstrap Icons, MIT licence -->", *symbols]
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(lines) + "\n</svg>\n"


def _symbol(name: str) -> str:
    source = NODE_MODULES / "bootstrap-icons" / "icons" / f"{name}.svg"
    match = _SVG.search(source.read_text(encoding="utf-8")) if source.is_file() else None
    if match is None:
        raise Problem(f"{ICONS.relative_to(ROOT)} lists “{name}”, which Bootstrap Icons does not have.")
    view_box, shapes = match.groups()
    return f'<symbol id="{name}" viewBox="{view_box}">{_BETWEEN_TAGS.sub("><", shapes.strip())}</symbol>'


def _copy(files: list[str], folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for file in files:
        shutil.copyfile(NODE_MODULES / file, folder / Path(file).name)
