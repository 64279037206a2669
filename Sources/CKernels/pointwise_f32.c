#define REAL float
#define BITS uint32_t
#define MANTISSA_BITS 23
#define VECTOR_LANES 16
#define NAME(base) base##_f32
#define CEIL __builtin_ceilf
#define SIN sinf
#define COS cosf
#include "pointwise_template.h"
#include "outputs_template.h"
#include "steps_template.h"
