#ifndef IW_MPI_H
#define IW_MPI_H

#include <stddef.h>

// The part of MPI that the program uses, behind functions that are there in every build: without the package
// trait MPI nothing of MPI is included or linked, and a process is alone.
//
// All functions are for one thread of a process, the one that has begun. An error inside MPI ends all
// processes with MPI's own message (MPI_ERRORS_ARE_FATAL).

#ifdef __cplusplus
extern "C" {
#endif

// Whether the library was built with MPI.
int iw_mpi_is_built(void);

// Joins the other processes that were started with this one. Returns 0, or the code of MPI_Init_thread.
int iw_mpi_begin(void);

int iw_mpi_rank(void);
int iw_mpi_count(void);
// Processes on this machine.
int iw_mpi_count_on_machine(void);

// Starts to send a copy of the bytes and returns; waits where too much is under way already.
void iw_mpi_send(const void *bytes, size_t count, int rank);
void iw_mpi_receive(void *bytes, size_t count, int rank);
void iw_mpi_broadcast(void *bytes, size_t count, int rank);
// Every process has the bytes `starts[rank] ..< starts[rank + 1]` of the whole; after the call all of them.
void iw_mpi_gather(void *bytes, const size_t *starts);

// Waits until every process is here, asleep most of the time, and leaves MPI.
void iw_mpi_end(void);

// Ends all processes with this exit status. Does not return.
void iw_mpi_abort(int status);

#ifdef __cplusplus
}
#endif

#endif
