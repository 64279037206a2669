/// A label as users write it: whole numbers without a point.
func labelText(_ label: Double) -> String {
  label == label.rounded() && abs(label) < 1e15 ? "\(Int(label))" : "\(label)"
}

/// "1 column", "2 columns", "2 classes".
func counted(_ count: Int, _ noun: String) -> String {
  count == 1 ? "1 \(noun)" : "\(count) \(noun)\(noun.hasSuffix("s") ? "es" : "s")"
}

/// The items with commas between them; of long lists the start.
func listing(_ items: [String], limit: Int = 20) -> String {
  let shown = items.prefix(limit).joined(separator: ", ")
  return items.count > limit ? "\(shown) and \(items.count - limit) more" : shown
}
