import Execution

extension Workers {
  /// These workers, or one where OpenBLAS cannot be called from several threads.
  package var forProducts: Workers {
    OpenBLAS.allowsConcurrentCalls ? self : Workers(count: 1, ranks: ranks)
  }
}
