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
      for key in ["record.probes", "record.probe_kernels"] {
        note(key, "the tangent kernel of several moving layers is not recorded")
      }
    }
    note("limit.tolerance", "the number of particles is given")
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
      if !besideNetworks { note("record.snapshots", "the limit is zero") }
    }
    return notes
  }
}
