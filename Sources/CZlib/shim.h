// Why a shim: module maps need a header beside them. Foundation on Linux has no gzip reader.
#include <zlib.h>
