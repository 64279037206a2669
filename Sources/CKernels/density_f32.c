#define REAL float
#define NAME(base) base##_f32
#include "density_template.h"
