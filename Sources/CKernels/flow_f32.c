#define REAL float
#define NAME(base) base##_f32
#include "flow_template.h"
