import InfiniteWidth

extension LayersSummary {
  /// A line for each quantity, and what follows which power of the width.
  var text: String {
    let hasTerms = rows.contains { if case .term = $0.quantity { true } else { false } }
    let terms =
      hasTerms ? "standard deviations of the terms of the logits over the test points, " : ""
    let table = labelledTableText(
      table { $0.title },
      headings: widths.map { "d=\($0)" } + ["exponent", "stderr", "predicted"],
      formats: widths.map { _ in .significant(3) } + [.decimals(2), .decimals(2), .significant(2)])
    return """
      At the last step, means over seeds: increments since step 0 of weights in units in which they start of order one,
      \(terms)and exponents of the width: fitted (of three widths and four
      seeds or more), and predicted of wide networks:

      \(table)
      """
  }

  /// By quantity: one value a width, and the exponents.
  var json: JSONValue {
    .object(
      Dictionary(
        uniqueKeysWithValues: rows.map {
          (
            $0.quantity.name,
            .object([
              "values": .array($0.values.map { .number($0) }), "exponent": .number($0.exponent),
              "exponent_stderr": .number($0.exponentError), "predicted": .number($0.predicted),
            ])
          )
        }))
  }
}

extension LayersQuantity {
  fileprivate var title: String {
    switch self {
    case .logits: "test logits, RMS"
    case .logitIncrements: "their change, RMS"
    case .mirrorLogits: "mean with mirror image, RMS"
    case .layerIncrements(let layer): "increments, layer \(layer)"
    case .term(let name): name
    }
  }
}
