// The loops that must run at memory speed, the counter-based random generator and the low-discrepancy
// points. Swift's own code reaches a small part of the memory bandwidth at the baseline instruction
// set, and compiler flags that would help bar a package from being used as a dependency; a C target
// with function clones (see iw_clones.h) needs no flags. Every function here has a plain Swift
// reference in the tests.
#ifndef INFINITEWIDTH_CKERNELS_H
#define INFINITEWIDTH_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "iw_density.h"
#include "iw_dual.h"
#include "iw_flow.h"
#include "iw_normal_quantile.h"
#include "iw_pointwise.h"
#include "iw_random.h"
#include "iw_smoothing.h"
#include "iw_sobol.h"
#include "iw_sphere.h"

#endif
