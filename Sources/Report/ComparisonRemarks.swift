import DataIO

extension ReportSource {
  /// What is to be known of a comparison before its numbers.
  func comparisonRemarks(_ record: ComparisonRecord) -> [Remark] {
    var remarks = record.notes.map { Remark.note(self, Markup($0)) }
    for scaling in record.scalings {
      let title = scaling.title
      if scaling.seeds.count == 1 {
        remarks.append(
          .warning(
            self,
            "\(title): one seed: errors over seeds and fitted exponents are unavailable."))
      }
      let fitted = scaling.rates.filter { !$0.predicted.isNaN }
      func names(_ word: VerdictWord) -> Markup? {
        let metrics = fitted.filter { VerdictWord($0.verdict) == word }.map(\.metric)
        return metrics.isEmpty ? nil : Self.list(metrics)
      }
      if let metrics = names(.deviates) {
        remarks.append(
          .warning(
            self, "\(title): fitted exponents deviate from the predicted ones: \(metrics)."))
      }
      if let metrics = names(.floorReached) {
        remarks.append(
          .warning(
            self,
            "\(title): floor reached: the gaps of too few widths are above sampling error and the"
              + " limit’s own error: \(metrics)."
          ))
      }
      remarks += scaling.notes.map { .note(self, "\(title): \($0)") }
    }
    return remarks
  }

  /// Names of metrics, those along several axes once.
  private static func list(_ metrics: [String]) -> Markup {
    var counts: [(name: String, axes: Int)] = []
    for metric in metrics {
      let parts = metric.split(separator: "[", maxSplits: 1)
      let name = String(parts.first ?? "")
      let axes = parts.count - 1
      if let place = counts.firstIndex(where: { $0.name == name }) {
        counts[place].axes += axes
      } else {
        counts.append((name, axes))
      }
    }
    return counts.map { entry in
      element("code", [:], Markup(entry.name))
        + (entry.axes > 0 ? " (\(entry.axes) \(entry.axes == 1 ? "axis" : "axes"))" : "")
    }.joined(separator: ", ")
  }
}
