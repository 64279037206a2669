// Function clones: one source, compiled for three instruction sets, chosen when the program is
// loaded. Contraction (a*b+c as one rounding) stays off so that all clones give identical bits.
#ifndef INFINITEWIDTH_CLONES_H
#define INFINITEWIDTH_CLONES_H

#pragma STDC FP_CONTRACT OFF

// The choice is made before the run-time library of the thread sanitizer is there, whose calls it would contain.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define IW_ONE_CLONE
#endif
#endif

#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(IW_ONE_CLONE)
#define IW_CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define IW_CLONES
#endif

#endif
