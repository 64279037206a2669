#define REAL double
#define VECTOR_LANES 8
#define NAME(base) base##_f64
#define ERF erf
#define TANH tanh
#define EXP exp
#include "pointwise_template.h"
