#include "iw_mpi.h"

#ifdef IW_MPI

// Debian has the headers of its chosen MPI in a folder `mpi`; elsewhere the compiler is told where they are.
#if __has_include(<mpi.h>)
#include <mpi.h>
#else
#include <mpi/mpi.h>
#endif

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Counts of MPI 3 are ints.
static const size_t largest_message = (size_t)1 << 30;
// Bytes of copies that may be under way.
static const size_t most_pending = (size_t)64 << 20;

struct pending {
  MPI_Request request;
  void *copy;
  size_t count;
  struct pending *next;
};

static struct pending *first_pending;
static struct pending **end_pending = &first_pending;
static size_t pending_bytes;

int iw_mpi_is_built(void) { return 1; }

int iw_mpi_begin(void) {
  int provided;
  return MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided);
}

int iw_mpi_rank(void) {
  int rank;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  return rank;
}

int iw_mpi_count(void) {
  int count;
  MPI_Comm_size(MPI_COMM_WORLD, &count);
  return count;
}

int iw_mpi_count_on_machine(void) {
  MPI_Comm machine;
  int count;
  MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine);
  MPI_Comm_size(machine, &count);
  MPI_Comm_free(&machine);
  return count;
}

// Forgets the oldest copies that have arrived; waits for them until no more than `most` bytes are under way.
static void settle(size_t most) {
  while (first_pending) {
    struct pending *oldest = first_pending;
    int done = 1;
    if (pending_bytes > most)
      MPI_Wait(&oldest->request, MPI_STATUS_IGNORE);
    else
      MPI_Test(&oldest->request, &done, MPI_STATUS_IGNORE);
    if (!done) return;
    pending_bytes -= oldest->count;
    first_pending = oldest->next;
    if (!first_pending) end_pending = &first_pending;
    free(oldest->copy);
    free(oldest);
  }
}

void iw_mpi_send(const void *bytes, size_t count, int rank) {
  settle(most_pending);
  for (size_t done = 0; done < count;) {
    size_t part = count - done < largest_message ? count - done : largest_message;
    struct pending *pending = malloc(sizeof *pending);
    void *copy = malloc(part);
    if (!pending || !copy) MPI_Abort(MPI_COMM_WORLD, 70);
    memcpy(copy, (const char *)bytes + done, part);
    *pending = (struct pending){.copy = copy, .count = part, .next = NULL};
    MPI_Isend(copy, (int)part, MPI_BYTE, rank, 0, MPI_COMM_WORLD, &pending->request);
    *end_pending = pending;
    end_pending = &pending->next;
    pending_bytes += part;
    done += part;
  }
}

void iw_mpi_receive(void *bytes, size_t count, int rank) {
  for (size_t done = 0; done < count;) {
    size_t part = count - done < largest_message ? count - done : largest_message;
    MPI_Recv((char *)bytes + done, (int)part, MPI_BYTE, rank, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    done += part;
  }
}

void iw_mpi_broadcast(void *bytes, size_t count, int rank) {
  for (size_t done = 0; done < count;) {
    size_t part = count - done < largest_message ? count - done : largest_message;
    MPI_Bcast((char *)bytes + done, (int)part, MPI_BYTE, rank, MPI_COMM_WORLD);
    done += part;
  }
}

void iw_mpi_gather(void *bytes, const size_t *starts) {
  int size = iw_mpi_count();
  if (starts[size] > INT_MAX) {
    for (int rank = 0; rank < size; rank++)
      iw_mpi_broadcast((char *)bytes + starts[rank], starts[rank + 1] - starts[rank], rank);
    return;
  }
  int *counts = malloc(2 * (size_t)size * sizeof(int));
  if (!counts) MPI_Abort(MPI_COMM_WORLD, 70);
  int *places = counts + size;
  for (int rank = 0; rank < size; rank++) {
    counts[rank] = (int)(starts[rank + 1] - starts[rank]);
    places[rank] = (int)starts[rank];
  }
  MPI_Allgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, bytes, counts, places, MPI_BYTE, MPI_COMM_WORLD);
  free(counts);
}

void iw_mpi_end(void) {
  settle(0);
  MPI_Request arrival;
  int all = 0;
  MPI_Ibarrier(MPI_COMM_WORLD, &arrival);
  // Most libraries wait at the full speed of a processor, which others may need.
  for (useconds_t pause = 100; !all; pause = pause < 50000 ? 2 * pause : pause) {
    MPI_Test(&arrival, &all, MPI_STATUS_IGNORE);
    if (!all) usleep(pause);
  }
  MPI_Finalize();
}

void iw_mpi_abort(int status) { MPI_Abort(MPI_COMM_WORLD, status); }

#else

#include <stdlib.h>

int iw_mpi_is_built(void) { return 0; }
int iw_mpi_begin(void) { return 0; }
int iw_mpi_rank(void) { return 0; }
int iw_mpi_count(void) { return 1; }
int iw_mpi_count_on_machine(void) { return 1; }
// A process that is alone has nobody to send to.
void iw_mpi_send(const void *bytes, size_t count, int rank) { abort(); }
void iw_mpi_receive(void *bytes, size_t count, int rank) { abort(); }
void iw_mpi_broadcast(void *bytes, size_t count, int rank) {}
void iw_mpi_gather(void *bytes, const size_t *starts) {}
void iw_mpi_end(void) {}
void iw_mpi_abort(int status) { exit(status); }

#endif
