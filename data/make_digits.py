#!/usr/bin/env python3
"""Writes digits.csv beside this script: the handwritten digits that scikit-learn carries.

Needs scikit-learn (pip install scikit-learn); prints the file's SHA-256 checksum.
"""

import hashlib
import pathlib

from sklearn.datasets import load_digits


def main() -> None:
    digits = load_digits()
    pixels = digits.data.astype(int)
    assert (pixels == digits.data).all(), "pixels are whole numbers"
    lines = [",".join([f"p{j + 1}" for j in range(pixels.shape[1])] + ["label"])]
    lines += [
        ",".join(str(value) for value in [*row, label])
        for row, label in zip(pixels, digits.target)
    ]
    contents = ("\n".join(lines) + "\n").encode("ascii")
    path = pathlib.Path(__file__).with_name("digits.csv")
    path.write_bytes(contents)
    print(hashlib.sha256(contents).hexdigest(), path.name)


if __name__ == "__main__":
    main()
