import DataIO
import Diagnostics
import Measures
import ParticleSystems

/// The initial functions of a solved limit's realizations, drawn again.
///
/// They are one Gaussian vector on the training points and then the test points, factorized by Cholesky, so
/// that the values on the training points do not depend on which test points follow, and those on
/// other test points have the law that is conditioned on them.
enum InitialFunctionsOfRun {
  /// Relative to the root mean square of the functions. Other draws differ by sqrt(2); the logits of a run
  /// with one replicate have the noise of its particles.
  private static let tolerance = 0.3

  /// - Returns: one row a realization; `nil` where the limit has no initial function.
  /// - Throws: `Diagnostic` where the functions cannot be drawn again, and where those that are drawn are
  ///   not the run's own.
  static func draw(
    _ job: LimitJob, _ run: RunRecord
  ) throws -> (training: [[Double]], test: [[Double]])? {
    guard job.rule.offset != .never else { return nil }
    guard job.experiment.law.shape == .gaussian else {
      throw job.experiment.loaded.locate(
        Diagnostic(
          .badInput,
          "received a \(job.experiment.law.shape.rawValue) law, whose initial functions"
            + " are made of the run's own particles; accepted with --from and a random initial"
            + " function: gaussian", key: "network.initialization"))
    }
    var drawing = job
    let seed = try NetCDFReader(path: run.path).number("seed")
    guard let seed = seed.flatMap(UInt64.init(exactly:)) else {
      throw Diagnostic(
        .badInput, "the attribute seed is missing or no whole number", file: run.path)
    }
    drawing.options.seed = seed
    guard let functions = try LimitKernels(drawing).initialFunctions else {
      preconditionFailure("a limit that adds an initial function has one")
    }
    try check(functions.training.flatMap(\.self), run, seed: seed)
    return functions
  }

  /// The logits at step 0 are the functions and the sampling error of the run.
  private static func check(
    _ functions: [Double], _ run: RunRecord, seed: UInt64
  ) throws {
    let trajectory = run.trajectory
    let size = trajectory.trainingPoints * trajectory.outputs
    var (gaps, squares) = (0.0, 0.0)
    for member in 0..<trajectory.members {
      let first = member * trajectory.steps.count * size
      for i in 0..<size {
        let value = functions[member * size + i]
        let gap = trajectory.trainingLogits[first + i] - value
        gaps += gap * gap
        squares += value * value
      }
    }
    guard gaps.squareRoot() <= tolerance * squares.squareRoot() else {
      throw Diagnostic(
        .badInput,
        "its logits at step 0 are not the initial functions of its seed \(seed), which are drawn"
          + " again; accepted: a run of this version", file: run.path)
    }
  }
}
