#define REAL double
#define VECTOR_LANES 8
#define NAME(base) base##_f64
#define ERF erf
#define ERFC erfc
#define TANH tanh
#define EXP exp
#define SIN sin
#define COS cos
#include "pointwise_template.h"
