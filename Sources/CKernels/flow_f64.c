#define REAL double
#define NAME(base) base##_f64
#include "flow_template.h"
