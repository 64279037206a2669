// Why a shim: module maps need a header beside them. The NC_* object-like macros (NC_NETCDF4,
// NC_GLOBAL, ...) import as Int32 constants; NC_UNLIMITED imports as Int.
#include <netcdf.h>
