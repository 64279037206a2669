import InfiniteWidth

extension LayersSummary {
  /// A line for each quantity, and what follows which power of the width.
  var text: String {
    let quantities = quantities
    let names = ["width"] + quantities.map { Self.title($0.name) }
    let formats =
      widths.map { _ in NumberFormat.significant(3) } + [.decimals(2), .significant(2)]
    let cells = quantities.map { quantity in
      zip(quantity.values + [quantity.exponent, quantity.predicted], formats).map { $1.text($0) }
    }
    let lines = [widths.map(String.init) + ["exponent", "predicted"]] + cells
    let columns = lines[0].indices.map { column in lines.map { $0[column].count }.max()! }
    let longest = names.map(\.count).max()!
    let rows = zip(names, lines).map { name, line in
      name + String(repeating: " ", count: longest - name.count)
        + zip(line, columns).map {
          "  " + String(repeating: " ", count: $1 - $0.count) + $0
        }.joined()
    }
    let terms =
      quantities.contains { $0.name == "f_0" }
      ? "standard deviations of the terms of the logits over the test points, " : ""
    return """
      At the last step, means over seeds: increments since step 0 of weights in units in which they start of order one,
      \(terms)and exponents of the width:
      fitted, and predicted of wide networks:

      \(rows.joined(separator: "\n"))
      """
  }

  /// By quantity: one value a width, and the exponents.
  var json: JSONValue {
    .object(
      Dictionary(
        uniqueKeysWithValues: quantities.map {
          (
            $0.name,
            .object([
              "values": .array($0.values.map { .number($0) }), "exponent": .number($0.exponent),
              "predicted": .number($0.predicted),
            ])
          )
        }))
  }

  private static func title(_ name: String) -> String {
    switch name {
    case "logit_rms": return "test logits, RMS"
    case "logit_increment_rms": return "their change, RMS"
    case "mirror_logit_rms": return "mean with mirror image, RMS"
    default:
      let prefix = "increment_rms_"
      return name.hasPrefix(prefix) ? "increments, layer \(name.dropFirst(prefix.count))" : name
    }
  }
}
