// Why a shim: module maps need a header beside them, and Debian keeps cblas.h under an
// architecture-specific folder that only pkg-config knows.
#include <cblas.h>
#include <stddef.h>

// Why LAPACK is declared here: libopenblas-dev has its symbols but no LAPACKE header, so these are
// the Fortran entry points themselves. Every argument is a pointer, matrices are column-major, and
// each character argument has its length passed by value after all others, as Fortran compilers do.
void dpotrf_(const char *uplo, const blasint *n, double *a, const blasint *lda, blasint *info,
             size_t uplo_length);
void spotrf_(const char *uplo, const blasint *n, float *a, const blasint *lda, blasint *info,
             size_t uplo_length);
void dsyevd_(const char *jobz, const char *uplo, const blasint *n, double *a, const blasint *lda,
             double *w, double *work, const blasint *lwork, blasint *iwork, const blasint *liwork,
             blasint *info, size_t jobz_length, size_t uplo_length);
void ssyevd_(const char *jobz, const char *uplo, const blasint *n, float *a, const blasint *lda,
             float *w, float *work, const blasint *lwork, blasint *iwork, const blasint *liwork,
             blasint *info, size_t jobz_length, size_t uplo_length);
