"""How light a colour is, and how well one reads on another, as WCAG 2.2 defines them."""

from __future__ import annotations

DARK, WHITE = "#15181b", "#ffffff"
READABLE = 4.5  # contrast of text of any size, WCAG 2.2 AA


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, 0 (black) to 1 (white)."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """1 (alike) to 21.

    >>> contrast("#000000", "#ffffff"), round(contrast("#0b5c6b", "#ffffff"), 1)
    (21.0, 7.6)
    """
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def on_dark(colour: str) -> str:
    """The colour, thinned with white until it reads on the dark ground.

    >>> on_dark("#ffffff"), contrast(on_dark("#0b5c6b"), DARK) >= READABLE
    ('#ffffff', True)
    """
    channels = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    for share in range(0, 101, 4):
        mixed = "#" + "".join(f"{round(c + (255 - c) * share / 100):02x}" for c in channels)
        if contrast(mixed, DARK) >= READABLE:
            return mixed
    return WHITE
