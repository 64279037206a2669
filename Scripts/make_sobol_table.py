#!/usr/bin/env python3
"""Prints Sources/CKernels/sobol_joe_kuo.h: polynomials and initial numbers of Sobol' sequences.

    Scripts/make_sobol_table.py > Sources/CKernels/sobol_joe_kuo.h

Needs scipy (pip install scipy), which holds the numbers of the authors' file new-joe-kuo-6.21201.

The dimensions go by the degree s of their primitive polynomial. A dimension of degree s >= 1 takes
the s - 1 inner coefficients of the polynomial, then k bits (m_(k+1) - 1) / 2 for each of its
initial numbers m_2 ... m_s (m_k is odd and below 2^k; m_1 = 1): one stream of bits, lowest first.
"""

from pathlib import Path

import numpy
import scipy.stats

DIMENSIONS = 4096

LICENCE = """\
// Direction numbers of S. Joe and F. Y. Kuo, "Constructing Sobol sequences with better
// two-dimensional projections", SIAM J. Sci. Comput. 30, 2635-2654 (2008), file new-joe-kuo-6.21201,
// repacked. Their licence:
//
// Copyright (c) 2008, Frances Y. Kuo and Stephen Joe
// All rights reserved.
//
// Redistribution and use in source and binary forms, with or without modification, are permitted
// provided that the following conditions are met:
//
//   * Redistributions of source code must retain the above copyright notice, this list of conditions
//     and the following disclaimer.
//
//   * Redistributions in binary form must reproduce the above copyright notice, this list of
//     conditions and the following disclaimer in the documentation and/or other materials provided
//     with the distribution.
//
//   * Neither the names of the copyright holders nor the names of the University of New South Wales
//     and the University of Waikato and its contributors may be used to endorse or promote products
//     derived from this software without specific prior written permission.
//
// THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS ``AS IS'' AND ANY EXPRESS OR IMPLIED WARRANTIES,
// INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A
// PARTICULAR PURPOSE ARE DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDERS BE LIABLE FOR ANY
// DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT
// LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS
// INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
// OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF THIS SOFTWARE,
// EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE."""


def main():
    data = numpy.load(Path(scipy.stats.__file__).parent / "_sobol_direction_numbers.npz")
    stream, position = 0, 0
    ends = []

    def put(value, bits):
        nonlocal stream, position
        assert 0 <= value < 1 << bits
        stream |= value << position
        position += bits

    for dimension in range(DIMENSIONS):
        polynomial = int(data["poly"][dimension])
        degree = polynomial.bit_length() - 1
        assert polynomial & 1 and degree >= len(ends) - 1
        ends += [dimension] * (degree - len(ends))
        if degree == 0:
            continue
        put((polynomial >> 1) & ((1 << (degree - 1)) - 1), degree - 1)
        initial = [int(m) for m in data["vinit"][dimension][:degree]]
        assert initial[0] == 1
        for k, m in enumerate(initial[1:], start=1):
            assert m & 1
            put((m - 1) // 2, k)
    ends.append(DIMENSIONS)

    print("// Written by Scripts/make_sobol_table.py, which describes the packing.")
    print("//")
    print(LICENCE)
    print("#include <stdint.h>\n")
    print("// Of each degree 0, 1, ... the first dimension that has a larger one.")
    print("static const uint16_t sobol_degree_ends[] = {")
    for row in range(0, len(ends), 10):
        print("    " + " ".join(f"{end}," for end in ends[row : row + 10]))
    print("};\n")
    words = [(stream >> shift) & (2**64 - 1) for shift in range(0, position, 64)]
    print("static const uint64_t sobol_packed[] = {")
    for row in range(0, len(words), 5):
        print("    " + " ".join(f"0x{word:016x}," for word in words[row : row + 5]))
    print("};")


main()
