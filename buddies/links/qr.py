"""An address as a QR code, drawn as one path so that it can stand in a page without any style of its own."""

from __future__ import annotations

from dataclasses import dataclass

import segno

QUIET = 4  # modules of white around the code, without which a camera does not find it


@dataclass(frozen=True)
class QRCode:
    """`size` is the width and height in modules, the white around it included; `path` draws the dark ones."""

    size: int
    path: str


def qr_code(text: str) -> QRCode:
    """`text` as a QR code that still reads with a fold or stain on the paper (15 % may be lost)."""
    matrix = segno.make_qr(text, error="m").matrix
    dark = [(x, y) for y, row in enumerate(matrix) for x, module in enumerate(row) if module]
    path = "".join(f"M{x + QUIET} {y + QUIET}h1v1h-1z" for x, y in dark)
    return QRCode(len(matrix) + 2 * QUIET, path)
