#define REAL double
#define NAME(base) base##_f64
#include "density_template.h"
