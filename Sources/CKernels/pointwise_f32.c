#define REAL float
#define BITS uint32_t
#define MANTISSA_BITS 23
#define VECTOR_LANES 16
#define NAME(base) base##_f32
#include "pointwise_template.h"
