// Why a shim: module maps need a header beside them. Why <complex.h> stays out: without it FFTW
// declares complex numbers as pairs of reals, which Swift imports; C's complex types it does not.
// Why two libraries: each precision has its own, while pkg-config's fftw3 names one alone.
#include <fftw3.h>
