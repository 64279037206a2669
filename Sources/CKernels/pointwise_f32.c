#define REAL float
#define VECTOR_LANES 16
#define NAME(base) base##_f32
#define ERF erff
#define TANH tanhf
#define EXP expf
#include "pointwise_template.h"
