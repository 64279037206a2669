import ParticleSystems

extension LayeredLimitJob {
  /// Remarks on settings that have no effect in this run.
  public var notes: [String] {
    var notes = experiment.notes
    func note(_ key: String, _ reason: String) {
      if experiment.loaded.gives(key) { notes.append("\(key) has no effect: \(reason)") }
    }
    if experiment.hasTangentKernel {
      note(
        "record.probe_kernels", "the tangent kernel of several moving layers is not recorded")
    }
    if zeroReason == nil, settings.snapshots.isEmpty {
      note("record.probes", "preactivations are kept at snapshots, and there are none")
    }
    note("limit.tolerance", "the number of particles is given")
    note("limit.realizations", "the limit is deterministic")
    note("network.hidden_weight_std", "the limit does not depend on the initial hidden weights")
    if let zeroReason {
      notes.append("the limit is zero at every step: \(zeroReason)")
      for key in [
        "limit.particles", "limit.replicates", "limit.design", "record.snapshots", "record.probes",
      ] {
        note(key, "the limit is zero")
      }
    }
    return notes
  }
}
