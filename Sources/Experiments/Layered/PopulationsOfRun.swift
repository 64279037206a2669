import DataIO
import Diagnostics
import LinearAlgebra
import ParticleSystems

/// The simulations whose mean the file of a limit of several hidden layers has, to be made again from what the file says:
/// seed, particles, replicates, design and precision, whatever options the run had.
struct PopulationsOfRun {
  let run: RunRecord
  /// In their order; the populations of the last one are those of the run.
  let simulations: [LayeredLimitJob]

  /// - Parameters:
  ///   - job: of the same experiment (``DrivingRun``), with the test points and records wanted.
  ///   - option: of the command line, as errors name it.
  /// - Throws: `Diagnostic(.badInput)` where the run cannot be made again.
  init(_ run: RunRecord, as job: LayeredLimitJob, _ option: String) throws {
    self.run = run
    let file = try NetCDFReader(path: run.path)
    func refusal(_ message: String) -> Diagnostic {
      Diagnostic(.badInput, message, file: run.path)
    }
    if let driver = try file.text("driven_by") {
      throw refusal(
        "received particles that were driven themselves; accepted with \(option): the run that drove them,"
          + " \(driver)")
    }
    let precision = try file.text("precision") ?? "none"
    guard precision == job.options.precision.rawValue else {
      throw Diagnostic(
        .badInput,
        "received \(job.options.precision.rawValue) where \(run.path) has \(precision); accepted with \(option):"
          + " that of the run, whose populations are made again", key: "--precision")
    }
    let kernels = try file.text("blas_kernels") ?? "none"
    guard kernels == OpenBLAS.coreName else {
      throw refusal(
        "received a run whose matrix products are those of \(kernels) processors; accepted with \(option): those of"
          + " \(OpenBLAS.coreName), as here, on which its populations are made again to the bit")
    }
    func number(_ name: String) throws -> Int {
      guard let value = try file.number(name).flatMap(Int.init(exactly:)), value > 0 else {
        throw refusal("the attribute \(name) is no number of what there is")
      }
      return value
    }
    var simulation = job
    simulation.replicates = try number("replicates")
    guard let seed = try file.number("seed").flatMap(UInt64.init(exactly:)) else {
      throw refusal("the attribute seed is no seed")
    }
    simulation.options.seed = seed
    (simulation.design, simulation.designName) = try LayeredLimitJob.design(
      try file.text("design") ?? "", job.experiment, job.scaling)
    let particles: [Int]
    if let text = try file.text("particles_of_simulations") {
      particles = text.split(separator: ",").compactMap { Int($0.drop { $0 == " " }) }
    } else {
      particles = [try number("particles")]
    }
    guard !particles.isEmpty, particles.last == run.particles else {
      throw refusal("the attribute particles_of_simulations is no list that ends with particles")
    }
    simulations = try particles.map {
      simulation.particles = $0
      try simulation.checkSizes(key: "particles")
      return simulation
    }
  }

  /// Refuses a file whose loss gradients and training logits are not, to the bit, those that its populations made.
  ///
  /// - Parameter made: with any recorded steps and test points.
  func check(_ made: Trajectory) throws {
    func refusal(_ what: String) -> Diagnostic {
      Diagnostic(
        .badInput,
        "\(what) are not those of the populations that its configuration, seed and particles make here; accepted: a"
          + " run of this version of the program on this kind of processor, unchanged",
        file: run.path)
    }
    let stored = run.trajectory
    let points = stored.trainingPoints * stored.outputs
    for update in 0..<stored.updates {
      let places = (update * points)..<((update + 1) * points)
      guard stored.lossGradient[places] == made.lossGradient[places] else {
        throw refusal("its loss gradients of update \(update)")
      }
    }
    for (index, step) in made.steps.enumerated() {
      guard let other = stored.steps.firstIndex(of: step) else { continue }
      guard
        made.trainingLogits[(index * points)..<((index + 1) * points)]
          == stored.trainingLogits[(other * points)..<((other + 1) * points)]
      else { throw refusal("its training logits at step \(step)") }
    }
  }
}
