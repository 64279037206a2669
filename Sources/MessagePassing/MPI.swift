private import CMPI
import Foundation

/// The processes of `mpirun` or `srun`, in a build with the package trait MPI.
///
/// One thread of a process, its first, calls what is here.
public enum MPI {
  /// What the launchers of MPI's processes set: Open MPI, PMIx (Slurm), MPICH and its relatives.
  private static let marks = ["OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK"]

  /// Whether the package was built with the trait MPI.
  public static var isBuilt: Bool { iw_mpi_is_built() != 0 }

  /// How many processes a launcher has started, and the number of this one, by its word alone; `nil` where there is
  /// none that says so. For builds without MPI, which cannot ask the others.
  package static func launch(
    _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> (rank: Int, count: Int)? {
    for (rank, count) in [
      ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"), ("PMI_RANK", "PMI_SIZE"),
      ("PMIX_RANK", "SLURM_NTASKS"),
    ] {
      if let rank = environment[rank].flatMap(Int.init),
        let count = environment[count].flatMap(Int.init)
      {
        return (rank, count)
      }
    }
    return nil
  }

  /// Joins the other processes, where a launcher has started this one.
  ///
  /// - Returns: this process alone where there are no others.
  public static func begin() -> Ranks {
    let environment = ProcessInfo.processInfo.environment
    guard isBuilt, marks.contains(where: { environment[$0] != nil }), iw_mpi_begin() == 0
    else { return .alone }
    hasBegun = true
    return iw_mpi_count() > 1 ? Ranks(World()) : .alone
  }

  nonisolated(unsafe) private static var hasBegun = false

  /// Waits for all processes, and leaves them.
  public static func end() {
    guard hasBegun else { return }
    hasBegun = false
    iw_mpi_end()
  }

  /// Ends all processes because of an error of this one, or of several at once, of which one tells it.
  ///
  /// Most errors are those of all processes, which meet them within moments of each other: the first process tells
  /// them at once, and its end is that of the others while these wait for it. An error of one process alone is told
  /// after that wait, which is longer the higher the rank, so that several which fail alike do not speak at once.
  /// (They cannot ask each other: those without an error are busy, or wait in a sum for a row that never comes.)
  ///
  /// - Parameter tell: called where this process is the one that tells it.
  public static func abort(status: Int32, _ tell: () -> Void) -> Never {
    guard hasBegun else {
      tell()
      exit(status)
    }
    let rank = Int(iw_mpi_rank())
    if rank > 0 { Thread.sleep(forTimeInterval: 2 + 0.25 * Double(min(rank, 32))) }
    tell()
    iw_mpi_abort(status)
    exit(status)
  }

  /// All processes of the launcher.
  private final class World: Communicator {
    let rank = Int(iw_mpi_rank())
    let count = Int(iw_mpi_count())
    let countOnMachine = Int(iw_mpi_count_on_machine())

    func send(_ bytes: UnsafeRawBufferPointer, to rank: Int) {
      iw_mpi_send(bytes.baseAddress, bytes.count, Int32(rank))
    }

    func receive(_ bytes: UnsafeMutableRawBufferPointer, from rank: Int) {
      iw_mpi_receive(bytes.baseAddress, bytes.count, Int32(rank))
    }

    func broadcast(_ bytes: UnsafeMutableRawBufferPointer, from rank: Int) {
      iw_mpi_broadcast(bytes.baseAddress, bytes.count, Int32(rank))
    }

    func gather(_ bytes: UnsafeMutableRawBufferPointer, starts: [Int]) {
      iw_mpi_gather(bytes.baseAddress, starts)
    }
  }
}
