#ifndef INFINITEWIDTH_SPHERE_H
#define INFINITEWIDTH_SPHERE_H

#include <stddef.h>
#include <stdint.h>

// Points `first` ... `first + count - 1` of `total` on the unit circle, at the angles
// 2 pi (i / total + turn) with `turn` in [0, 1); rows of 2 numbers.
void iw_circle_points(uint64_t first, size_t count, uint64_t total, double turn, double *out);

// Points `first` ... `first + count - 1` of the Fibonacci lattice of `total` <= 2^32 points on the unit
// sphere. Point k is number i = (start + k stride) mod total, with `start` and `stride` below total:
// at the height 1 - 2 (i + offset) / total along the first coordinate, with `offset` in (0, 1), and
// the azimuth of i golden sections of a turn and `turn` in [0, 1); rows of 3 numbers.
void iw_fibonacci_points(uint64_t first, size_t count, uint64_t total, uint64_t start,
                         uint64_t stride, double offset, double turn, double *out);

#endif
