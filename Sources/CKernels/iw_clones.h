// Function clones: one source, compiled for three instruction sets, chosen when the program is
// loaded. Contraction (a*b+c as one rounding) stays off so that all clones give identical bits.
#ifndef INFINITEWIDTH_CLONES_H
#define INFINITEWIDTH_CLONES_H

#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__) && defined(__gnu_linux__)
#define IW_CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define IW_CLONES
#endif

#endif
