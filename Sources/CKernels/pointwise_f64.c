#define REAL double
#define BITS uint64_t
#define MANTISSA_BITS 52
#define VECTOR_LANES 8
#define NAME(base) base##_f64
#define CEIL __builtin_ceil
#define SIN sin
#define COS cos
#include "pointwise_template.h"
#include "outputs_template.h"
#include "steps_template.h"
