import DataIO
import ParticleSystems

/// What a reader has to know before the numbers.
struct Remark {
  enum Kind {
    case warning
    case note
  }

  let kind: Kind
  /// The file it is about.
  let path: String
  let text: Markup

  static func warning(_ source: ReportSource, _ text: Markup) -> Remark {
    Remark(kind: .warning, path: source.path, text: text)
  }

  static func note(_ source: ReportSource, _ text: Markup) -> Remark {
    Remark(kind: .note, path: source.path, text: text)
  }
}

extension ReportSource {
  /// What is to be known of the file itself.
  var remarks: [Remark] {
    switch content {
    case .run(let record): runRemarks(record)
    case .nets(let record): netsRemarks(record)
    case .density(let record): densityRemarks(record)
    case .comparison(let record): comparisonRemarks(record)
    case .prediction(let record): predictionRemarks(record)
    case .study(let record): studyRemarks(record)
    }
  }

  private func runRemarks(_ record: RunRecord) -> [Remark] {
    let trajectory = record.trajectory
    var remarks: [Remark] = []
    if let (count, step) = trajectory.divergence {
      let who: Markup =
        trajectory.members > 1 ? "\(count) of \(trajectory.members) realizations" : "the limit"
      remarks.append(
        .warning(
          self,
          "\(who) diverged: logits are no longer finite from step \(step) on"
            + (trajectory.members > 1 ? ", at the earliest." : ".")))
    }
    if number("tolerance_reached") == 0, let tolerance = number("tolerance") {
      remarks.append(
        .warning(
          self,
          "the tolerance is not reached: the estimated error of the test logits is"
            + " \(Cell.significant(trajectory.largestLogitError, 2)), asked for was"
            + " \(Cell.significant(tolerance, 2))."))
    }
    if record.particles > 0, trajectory.testLogitsError.allSatisfy(\.isNaN) {
      remarks.append(
        .warning(
          self, "no error bar: the error of the simulation is not estimated\(replicatesRemark)."))
    }
    if let driver = text("driven_by") {
      let gap: Markup =
        number("driving_gap").map {
          "; training logits differ from its own by \(Cell.significant($0, 2)) at most"
            + " (root mean square)"
        } ?? ""
      let (what, not): (Markup, Markup) =
        text("representation") == "layers" ? ("populations", "") : ("loss gradients", "not ")
      remarks.append(
        .note(
          self,
          "driven by the \(what) of \(element("code", [:], Markup(driver))), whose error is"
            + " \(not)in the logit error\(gap)."))
    }
    if let reason = text("multirate_off_because") {
      remarks.append(.note(self, "every particle took every step: \(reason)."))
    }
    if record.limit.beta != 0, record.limit.beta.isFinite, let width = record.referenceWidth {
      remarks.append(
        .note(
          self,
          "logits\(record.limit.beta > 0 ? " and losses" : "") are in units of (d / \(width))^"
            + "\(Cell.exponent(record.limit.beta)) from step 1 on."))
    }
    return remarks
  }

  private var replicatesRemark: Markup {
    whole("replicates") == 1 ? ", with one replicate there is nothing to compare" : ""
  }

  private func netsRemarks(_ record: NetsRecord) -> [Remark] {
    var remarks: [Remark] = []
    for (width, trajectory) in zip(record.widths, record.trajectories) {
      guard let (count, step) = trajectory.divergence else { continue }
      remarks.append(
        .warning(
          self,
          "\(count) of \(counted(trajectory.members, "network")) of width \(width) diverged, the"
            + " first at step \(step)"
            + (count < trajectory.members ? "; means are over the others." : ".")))
    }
    if record.limit.name == "none" {
      remarks.append(.warning(self, "these networks have no infinite-width limit."))
    }
    if record.seeds.count == 1 {
      remarks.append(.note(self, "one seed: there is no spread over seeds."))
    }
    return remarks
  }

  private func densityRemarks(_ record: DensityRecord) -> [Remark] {
    var remarks: [Remark] = []
    for projection in record.projections {
      if let warning = projection.gridWarning {
        remarks.append(.warning(self, "\(projection.title): \(warning)."))
      }
    }
    let outside = record.projections.filter { $0.outsideRemark != nil }
    if let remark = outside.first?.outsideRemark {
      remarks.append(
        .note(
          self, "\(remark) (\(outside.map(\.title).joined(separator: "; ")))."))
    }
    if let comment = text("comment") { remarks.append(.note(self, Markup(comment))) }
    return remarks
  }
}

extension Trajectory {
  /// The largest estimated error of the test logits over the recorded steps; NaN without one.
  var largestLogitError: Double { testLogitsError.filter { !$0.isNaN }.max() ?? .nan }
}
