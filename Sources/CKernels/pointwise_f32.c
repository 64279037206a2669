#define REAL float
#define VECTOR_LANES 16
#define NAME(base) base##_f32
#define ERF erff
#define ERFC erfcf
#define TANH tanhf
#define EXP expf
#define SIN sinf
#define COS cosf
#include "pointwise_template.h"
