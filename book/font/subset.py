"""Makes the font of the book's formulas: a subset of Latin Modern Math with its MATH table.

Run it in the root of the repository where Debian's fonts-lmodern 2.005 is installed, with fonttools and brotli from PyPI:

    python book/font/subset.py /usr/share/texmf/fonts/opentype/public/lm-math/latinmodern-math.otf

It writes the font and `book/font/glyphs.txt`, the list of characters the subset holds. A formula with a character outside of
that list is refused when the book is built. The list names the font's SHA-256, and a test holds the two to each other.
"""

import hashlib
import sys

from fontTools import subset, ttLib

FONT = "book/src/fonts/latin-modern-math.woff2"
LIST = "book/font/glyphs.txt"
WANTED = [
    (0x20, 0x7E), (0xA0, 0xA0), (0xA7, 0xA7), (0xAC, 0xAC), (0xAF, 0xB1), (0xB4, 0xB7), (0xD7, 0xD7), (0xF7, 0xF7),
    (0x131, 0x131), (0x237, 0x237), (0x2C6, 0x2C7), (0x2D8, 0x2DD), (0x300, 0x30C), (0x391, 0x3C9), (0x3D1, 0x3D6),
    (0x3F0, 0x3F5), (0x2010, 0x2016), (0x2020, 0x2026), (0x2032, 0x2037), (0x203E, 0x203E), (0x2044, 0x2044),
    (0x2057, 0x2057), (0x20D7, 0x20D7), (0x2102, 0x2102), (0x210B, 0x210E), (0x2110, 0x2115), (0x211B, 0x211D),
    (0x2124, 0x2124), (0x212C, 0x2135), (0x2190, 0x2199), (0x21A6, 0x21A6), (0x21D0, 0x21D4), (0x2200, 0x222E),
    (0x223C, 0x223C), (0x2243, 0x2248), (0x2254, 0x2254), (0x225C, 0x225C), (0x2260, 0x2261), (0x2264, 0x226B),
    (0x227A, 0x227B), (0x2282, 0x2289), (0x2295, 0x2299), (0x22A4, 0x22A5), (0x22C0, 0x22C6), (0x22EE, 0x22F1),
    (0x2308, 0x230B), (0x23B4, 0x23B5), (0x23DC, 0x23E1), (0x25A1, 0x25A1), (0x27E8, 0x27E9), (0x27F5, 0x27FA),
    (0x2A00, 0x2A02), (0x1D400, 0x1D49B), (0x1D538, 0x1D550), (0x1D5A0, 0x1D5D3), (0x1D6A4, 0x1D71B), (0x1D7CE, 0x1D7E1),
]


def main() -> None:
    options = subset.Options(flavor="woff2", layout_features=["ssty", "dtls"], hinting=False, desubroutinize=True)
    options.notdef_outline = True
    font = subset.load_font(sys.argv[1], options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in WANTED for code in range(first, last + 1)])
    subsetter.subset(font)
    # The time of making would give other bytes every time.
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    subset.save_font(font, FONT, options)
    held = sorted(ttLib.TTFont(FONT).getBestCmap())
    with open(FONT, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    with open(LIST, "w", encoding="ascii") as file:
        file.write(f"sha256 {digest}\n")
        file.writelines(f"{code:04X}\n" for code in held)


if __name__ == "__main__":
    main()
