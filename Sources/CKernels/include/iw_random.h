#ifndef INFINITEWIDTH_RANDOM_H
#define INFINITEWIDTH_RANDOM_H

#include <stddef.h>
#include <stdint.h>

// Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"):
// four 32-bit words that depend on nothing but the 128-bit counter and the 64-bit key.
void iw_philox4x32_10(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

// Random numbers number `first` ... `first + count - 1` of the sequence (seed, stream, particle).
// The counter is (block, stream, particle low, particle high), the key (seed low, seed high); block
// b holds numbers 2b and 2b + 1, so any part of the sequence can be made alone.
//
// Uniform: (k + 1/2) / 2^53 with k the top 53 bits of 64: never 0 or 1.
void iw_uniforms(uint64_t seed, uint32_t stream, uint64_t particle, uint64_t first, size_t count,
                 double *out);
// Standard normal by Box and Muller (1958): r cos(2 pi u), r sin(2 pi u), r = sqrt(-2 log v), from
// the two uniforms of a block. Logarithm, sine and cosine are polynomials evaluated here, so that
// the numbers do not depend on the C library.
void iw_normals(uint64_t seed, uint32_t stream, uint64_t particle, uint64_t first, size_t count,
                double *out);

#endif
