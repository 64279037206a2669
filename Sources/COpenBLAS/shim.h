// Why a shim: module maps need a header beside them, and Debian keeps cblas.h under an
// architecture-specific folder that only pkg-config knows.
#include <cblas.h>
