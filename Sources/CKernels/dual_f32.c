#define REAL float
#define BITS uint32_t
#define MANTISSA_BITS 23
#define NAME(base) base##_f32
#include "dual_template.h"
