import ParticleSystems

extension LayeredLimitJob {
  /// Remarks on settings that have no effect in this run.
  public var notes: [String] { notes(besideNetworks: false) }

  /// - Parameter besideNetworks: whether networks are trained, too, which start from hidden weights and keep their own
  ///   at snapshots.
  func notes(besideNetworks: Bool) -> [String] {
    var notes = experiment.notes
    func note(_ key: String, _ reason: String) {
      if experiment.loaded.gives(key) { notes.append("\(key) has no effect: \(reason)") }
    }
    if experiment.hasTangentKernel {
      note(
        "record.probe_kernels", "the tangent kernel of several moving layers is not recorded")
    }
    if besideNetworks {
      note(
        "record.probes", "preactivations at points are kept by infwidth limit and infwidth train")
    } else if zeroReason == nil, settings.snapshots.isEmpty {
      note("record.probes", "preactivations are kept at snapshots, and there are none")
    }
    if tolerance == nil {
      note(
        "limit.tolerance",
        zeroReason == nil ? "the number of particles is given" : "the limit is zero")
    }
    note("limit.realizations", "the limit is deterministic")
    if besideNetworks {
      if experiment.hasMirrorImages {
        note("finite.mirror", "mirror images are trained by infwidth train")
      }
    } else {
      note(
        "network.hidden_weight_std", "the limit does not depend on the initial hidden weights")
    }
    if let zeroReason {
      // A comparison says it of its limit.
      if !besideNetworks { notes.append("the limit is zero at every step: \(zeroReason)") }
      for key in ["limit.particles", "limit.replicates", "limit.design"] {
        note(key, "the limit is zero")
      }
      if !besideNetworks {
        for key in ["record.snapshots", "record.probes"] { note(key, "the limit is zero") }
      }
    }
    return notes
  }
}
