"""Prints the digests that test_names.cpp compares with: NFC by Python's unicodedata of every code point and
of pseudo-random strings. Needs a database of the same Unicode version as the tables (`unicodedata2`).
With an argument, writes the cases themselves ("text TAB normal form" in UTF-8) to that file.
"""

import sys

try:
    import unicodedata2 as unicodedata
except ImportError:
    import unicodedata

RANGES = [
    (0x41, 0x7A), (0xC0, 0x17F), (0x300, 0x362), (0x385, 0x3CE), (0x5B0, 0x5C2), (0x622, 0x655),
    (0x9BE, 0x9D7), (0xB47, 0xB57), (0xD46, 0xD57), (0xF40, 0xF84), (0x1026, 0x102E), (0x1100, 0x1112),
    (0x1161, 0x1175), (0x11A7, 0x11C2), (0x1AB0, 0x1ACE), (0x1E00, 0x1EF9), (0x1F00, 0x1FFC),
    (0x20D0, 0x20DC), (0x2126, 0x212B), (0x302A, 0x3099), (0xAC00, 0xD7A3), (0xF900, 0xFA6D),
    (0xFB1D, 0xFB4E), (0x11099, 0x110BA), (0x1112E, 0x11134), (0x11347, 0x11357), (0x114B0, 0x114BE),
    (0x1D157, 0x1D1C0), (0x2F800, 0x2FA1D),
]  # fmt: skip
MASK = (1 << 64) - 1


def is_control(code: int) -> bool:
    return code < 0x20 or 0x7F <= code <= 0x9F


def single_characters():
    for code in range(sys.maxunicode + 1):
        if not is_control(code) and not 0xD800 <= code <= 0xDFFF:
            yield chr(code)


def random_strings(count: int = 20_000):
    state = 1

    def draw() -> int:  # SplitMix64
        nonlocal state
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    for _ in range(count):
        text = ""
        for _ in range(1 + draw() % 8):
            first, last = RANGES[draw() % len(RANGES)]
            text += chr(first + draw() % (last - first + 1))
        yield text


def digest(texts) -> int:
    """FNV-1a over the normal forms in UTF-8, each ended by a line feed."""
    value = 0xCBF29CE484222325
    for text in texts:
        for byte in unicodedata.normalize("NFC", text).encode() + b"\n":
            value = ((value ^ byte) * 0x100000001B3) & MASK
    return value


if __name__ == "__main__":
    print("Unicode", unicodedata.unidata_version)
    print(f"every code point: {digest(single_characters()):#018x}")
    print(f"random strings:   {digest(random_strings()):#018x}")
    if len(sys.argv) > 1:
        with open(sys.argv[1], "w", encoding="utf-8", newline="\n") as file:
            for text in [*single_characters(), *random_strings()]:
                file.write(f"{text}\t{unicodedata.normalize('NFC', text)}\n")
