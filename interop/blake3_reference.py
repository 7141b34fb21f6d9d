"""BLAKE3 as its paper describes it, slow and plain: to hold the engine's hashes against."""

from __future__ import annotations

MASK = 0xFFFFFFFF
IV = (
    0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
    0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19,
)  # fmt: skip
PERMUTATION = (2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8)
COLUMNS_AND_DIAGONALS = (
    (0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
    (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14),
)  # fmt: skip
CHUNK_START, CHUNK_END, PARENT, ROOT = 1, 2, 4, 8
BLOCK_BYTES, CHUNK_BYTES = 64, 1024


def rotated(word: int, bits: int) -> int:
    return (word >> bits | word << (32 - bits)) & MASK


def mixed(v: list[int], places: tuple[int, ...], x: int, y: int) -> None:
    a, b, c, d = places
    for word, first, second in ((x, 16, 12), (y, 8, 7)):
        v[a] = (v[a] + v[b] + word) & MASK
        v[d] = rotated(v[d] ^ v[a], first)
        v[c] = (v[c] + v[d]) & MASK
        v[b] = rotated(v[b] ^ v[c], second)


def compressed(chaining: list[int], block: bytes, counter: int, flags: int) -> list[int]:
    padded = block.ljust(BLOCK_BYTES, b"\0")
    words = [int.from_bytes(padded[i : i + 4], "little") for i in range(0, BLOCK_BYTES, 4)]
    v = [*chaining, *IV[:4], counter & MASK, counter >> 32, len(block), flags]
    for _ in range(7):
        for i, places in enumerate(COLUMNS_AND_DIAGONALS):
            mixed(v, places, words[2 * i], words[2 * i + 1])
        words = [words[i] for i in PERMUTATION]
    return [v[i] ^ v[i + 8] for i in range(8)]


def chunk_value(chunk: bytes, counter: int, last_flags: int) -> list[int]:
    value = list(IV)
    blocks = [chunk[i : i + BLOCK_BYTES] for i in range(0, len(chunk), BLOCK_BYTES)] or [b""]
    for i, block in enumerate(blocks):
        flags = (CHUNK_START if i == 0 else 0) | (
            CHUNK_END | last_flags if i == len(blocks) - 1 else 0
        )
        value = compressed(value, block, counter, flags)
    return value


def subtree_value(data: bytes, counter: int, last_flags: int) -> list[int]:
    if len(data) <= CHUNK_BYTES:
        return chunk_value(data, counter, last_flags)
    # The left side is the greatest power of two of chunks that leaves something to the right.
    left_bytes = CHUNK_BYTES
    while left_bytes * 2 < len(data):
        left_bytes *= 2
    left = subtree_value(data[:left_bytes], counter, 0)
    right = subtree_value(data[left_bytes:], counter + left_bytes // CHUNK_BYTES, 0)
    block = b"".join(word.to_bytes(4, "little") for word in left + right)
    return compressed(list(IV), block, 0, PARENT | last_flags)


def blake3_hex(data: bytes) -> str:
    return b"".join(w.to_bytes(4, "little") for w in subtree_value(data, 0, ROOT)).hex()
