import DataIO
import Diagnostics
import Experiments
import ParticleSystems

/// Why numbers of two files do not belong side by side.
struct SourceDifference {
  enum Kind {
    /// Other points.
    case data
    /// The same points; another network or another training.
    case experiment
  }

  let kind: Kind
  /// What differs.
  let reason: String

  /// `nil` for files of one experiment, whose scalings may differ.
  init?(_ second: ReportSource, from first: ReportSource) {
    if let mine = second.fingerprint, let theirs = first.fingerprint, mine != theirs {
      self.init(.data, "training points \(mine), not \(theirs)")
      return
    }
    // A study has networks of its own.
    if first.study != nil || second.study != nil { return nil }
    do {
      try checkSameExperiment(
        (second.path, second.configText), as: (first.path, first.configText), anyScaling: true)
    } catch let diagnostic as Diagnostic {
      let key = diagnostic.key ?? ""
      // The last part of the sentence tells what to do instead of mixing files.
      let words = diagnostic.message.split(separator: "; ").first.map(String.init) ?? ""
      self.init(key.hasPrefix("data.") ? .data : .experiment, "\(key): \(words)")
      return
    } catch {
      return nil
    }
    guard let mine = second.labels, let theirs = first.labels, mine != theirs else { return nil }
    self.init(.data, "the labels of the training or the test points differ")
  }

  private init(_ kind: Kind, _ reason: String) {
    self.kind = kind
    self.reason = reason
  }
}

extension ReportSource {
  fileprivate var labels: [[Double]]? {
    if let run { return [run.trainingLabels, run.testLabels] }
    if let nets { return [nets.trainingLabels, nets.testLabels] }
    if let prediction { return [prediction.trainingLabels, prediction.testLabels] }
    return nil
  }
}
