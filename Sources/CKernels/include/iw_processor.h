#ifndef INFINITEWIDTH_PROCESSOR_H
#define INFINITEWIDTH_PROCESSOR_H

// 1 where the processor has the AVX-512 subsets that OpenBLAS's SkylakeX kernels use, else 0.
int iw_processor_has_avx512(void);

#endif
