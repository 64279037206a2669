#define REAL double
#define BITS uint64_t
#define MANTISSA_BITS 52
#define NAME(base) base##_f64
#include "dual_template.h"
