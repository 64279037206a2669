#define REAL double
#define BITS uint64_t
#define MANTISSA_BITS 52
#define NAME(base) base##_f64
#define SIN sin
#define COS cos
#include "smoothing_template.h"
