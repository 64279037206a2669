private import CKernels
import Foundation

extension OpenBLAS {
  /// The environment variable from which OpenBLAS takes the kernels to use.
  private static var variable: String { "OPENBLAS_CORETYPE" }

  /// The kernels that suit this processor better than those OpenBLAS chose, or `nil`.
  ///
  /// A release of OpenBLAS does not know the processors that came after it and falls back to AVX2
  /// kernels on them, at half the speed of the AVX-512 ones (measured with OpenBLAS 0.3.21 on an AMD
  /// processor of family 26: 126 against 230 GFLOP/s a core in single precision).
  public static var betterCoreName: String? {
    let withAVX512 = ["SkylakeX", "Cooperlake", "SapphireRapids"]
    guard iw_processor_has_avx512() == 1, !withAVX512.contains(coreName) else { return nil }
    return withAVX512[0]
  }

  /// Starts the program anew with ``betterCoreName`` where there is one and the user has not chosen
  /// kernels: OpenBLAS reads its choice from the environment while it is loaded, before any code of
  /// the program runs. Call it first in `main`; it returns where nothing is to be gained.
  ///
  /// Arguments, environment, open files and the process number stay as they are.
  public static func restartWithBetterKernels() {
    guard ProcessInfo.processInfo.environment[variable] == nil, let name = betterCoreName else {
      return
    }
    setenv(variable, name, 1)
    execv("/proc/self/exe", CommandLine.unsafeArgv)
    // Where the program cannot be started anew it goes on with the kernels it has.
    unsetenv(variable)
  }
}
