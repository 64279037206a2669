private import COpenBLAS

/// How the process uses OpenBLAS.
///
/// OpenBLAS's own threading changes the order of sums and so the bits of results. The program
/// instead calls it single-threaded on fixed blocks and hands the blocks to its own threads.
package enum OpenBLAS {
  private static let prepared: Void = openblas_set_num_threads(1)

  /// Turns OpenBLAS's own threads off; done once, before the first product.
  static func prepare() { _ = prepared }

  /// Whether several threads may call OpenBLAS at once: its serial variant shares buffers between
  /// callers and corrupts results.
  package static var allowsConcurrentCalls: Bool {
    openblas_get_parallel() != OPENBLAS_SEQUENTIAL
  }

  /// The name of the kernels that OpenBLAS chose for this processor, for example `SkylakeX`.
  package static var coreName: String { String(cString: openblas_get_corename()) }
}
