#ifndef INFINITEWIDTH_SOBOL_H
#define INFINITEWIDTH_SOBOL_H

#include <stddef.h>
#include <stdint.h>

#define IW_SOBOL_DIMENSIONS 4096
#define IW_SOBOL_BITS 32
#define IW_SOBOL_KEYS 8

// The direction numbers of the first `dimensions` <= IW_SOBOL_DIMENSIONS dimensions, one row of
// `dimensions` words for each of the IW_SOBOL_BITS bits of the point's index. Bit b of a word is the
// binary digit 2^-(b + 1): the most significant digit is the lowest bit.
void iw_sobol_directions(size_t dimensions, uint32_t *directions);

// Points `first` ... `first + count - 1` of Sobol's sequence in Gray code order, in rows of
// `dimensions` numbers (v + 1/2) / 2^32; first + count <= 2^32. `keys`: IW_SOBOL_KEYS rows of
// `dimensions` words that set the scrambling (see sobol.c), or NULL for none.
void iw_sobol_uniforms(const uint32_t *directions, const uint32_t *keys, size_t dimensions,
                       uint64_t first, size_t count, double *out);

#endif
