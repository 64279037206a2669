import DataIO
import Networks
import ParticleSystems

extension LoadedConfiguration {
  /// The files that a run of the configuration reads, itself included.
  package var inputPaths: [String] {
    dataPaths + [configuration.limit.kernelFile].compactMap { $0.map(resolved(path:)) }
  }

  /// The same without kernels, which are the output of the run that makes them.
  package var dataPaths: [String] {
    let data = configuration.data
    return [path]
      + [data.trainPath, data.testPath, data.trainLabelsPath, data.testLabelsPath]
      .compactMap { $0.map(resolved(path:)) }
  }
}

extension Experiment {
  /// The limit's name in files.
  package var limitName: String { limitDescription.name }

  /// The limit's name for people.
  package var limitTitle: String {
    regime.isInitializationCorrected ? "IC-MF" : regime.limit?.title ?? "none"
  }

  /// Remarks on settings that have no effect in any run of the experiment.
  var notes: [String] {
    var notes: [String] = []
    func note(_ key: String, _ reason: String) {
      if loaded.gives(key) { notes.append("\(key) has no effect: \(reason)") }
    }
    if deep != nil {
      for key in ["reference_width", "input_weight_std", "output_weight_std"] {
        note(
          "network.\(key)",
          configuration.limit.kernelFile == nil
            ? "it belongs to one hidden layer" : "the kernels come from limit.kernel_file")
      }
    } else {
      note("network.layer_widths", "it belongs to deep kernels")
    }
    if deepScaling == nil {
      note(
        "network.hidden_weight_std",
        "it belongs to several hidden layers in a scaling other than ntk")
    }
    if training.batch == .full { note("training.shuffle_seed", "the batch is full") }
    if !hasTangentKernel {
      // Where there are several layers, preactivations are kept at the probes.
      for key in (deepScaling == nil ? ["record.probes"] : []) + ["record.probe_kernels"] {
        note(key, "the steps of rmsprop have no tangent kernel")
      }
    } else if configuration.record.probes > problem.testCount {
      note("record.probes", "there are only \(problem.testCount) test points, all are probes")
    }
    if hasTangentKernel, probes == 0 { note("record.probe_kernels", "there are no probes") }
    return notes
  }
}

extension LimitJob {
  /// The fewest particles of a replicate whose bias, of order one over them, is within the spread of some replicates.
  /// Measured (XOR in two dimensions, 100 steps, 20 seeds): within two stated errors are 92 and 60 % of the logits for 8 particles in
  /// each of 4 and 128 replicates (`sphere`), 84 % for 16 in each of 8 (`quadruples`), and 65 to 0 % for 4 and fewer.
  static let fewestParticles = 32

  /// What is wrong with results that settings allow.
  public var warnings: [String] {
    let size = particles / max(replicates, 1)
    guard movesMeasure, !isDriven, tolerance == nil, replicates > 1, size < Self.fewestParticles
    else { return [] }
    return [
      "limit.particles: \(size) particle\(size == 1 ? "" : "s") in each of \(replicates) replicates are so few that their"
        + " bias may exceed the stated error, which is their spread; accepted without this warning:"
        + " \(Self.fewestParticles * replicates) or more, or fewer replicates"
    ]
  }

  /// Remarks on settings that have no effect in this run.
  public var notes: [String] { notes(besideNetworks: false) }

  /// - Parameter besideNetworks: whether networks are trained or read, whose weights move at any width.
  func notes(besideNetworks: Bool) -> [String] {
    var notes = experiment.notes
    func note(_ key: String, _ reason: String) {
      if experiment.loaded.gives(key) { notes.append("\(key) has no effect: \(reason)") }
    }
    if tolerance == nil {
      note(
        "limit.tolerance",
        particles == 0
          ? "the kernel of this limit needs no particles" : "the number of particles is given")
    }
    if flowTolerance == nil { note("limit.integrator_tolerance", "the dynamics is discrete") }
    if rule.offset == .never { note("limit.realizations", "the limit is deterministic") }
    if particles == 0 {
      note("limit.particles", "the kernel of this limit needs no particles")
      note("limit.replicates", "the kernel of this limit needs no particles")
      note("limit.design", "the kernel of this limit needs no particles")
    }
    if !movesMeasure {
      if !besideNetworks { note("record.snapshots", "the measure of this limit is frozen") }
      note("limit.multirate", "the measure of this limit is frozen")
      note("limit.rank", "the measure of this limit is frozen")
    } else if isDriven {
      note("limit.multirate", "driven particles take every step")
      note("limit.rank", "driven particles move in all directions")
    }
    if multirateChoice.multirate == nil {
      note("limit.small_share", "every particle takes every step")
    }
    return notes
  }
}

extension NetworksJob {
  /// Remarks on settings that have no effect in this run. What concerns the limit alone is not one:
  /// an experiment is written once for both.
  public var notes: [String] {
    var notes = experiment.notes
    if experiment.configuration.finite?.mirror == true, !experiment.hasMirrorImages {
      notes.append(
        "finite.mirror has no effect: it belongs to several hidden layers in a scaling other than ntk"
      )
    }
    if experiment.deep != nil, !experiment.configuration.record.snapshots.isEmpty {
      notes.append("record.snapshots has no effect: weights of deep networks are not kept")
    }
    if experiment.deepScaling != nil, !experiment.hasTangentKernel,
      experiment.configuration.record.snapshots.isEmpty, experiment.loaded.gives("record.probes")
    {
      notes.append(
        "record.probes has no effect: preactivations are kept at snapshots, and there are none")
    }
    guard let deep = experiment.deep else { return notes }
    if experiment.loaded.gives("network.width_scale") {
      notes.append("network.width_scale has no effect: finite.widths say the widths")
    }
    if deep.parameterization == .ntk, deep.biasDeviation == 0 {
      notes.append(
        "network.bias has no effect: in the ntk parameterization biases have the factor bias_std, which is 0"
      )
    }
    return notes
  }
}
