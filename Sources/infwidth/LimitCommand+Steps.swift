import InfiniteWidth

extension LimitCommand {
  /// Losses and accuracies over training, for people.
  func stepTableText(_ table: ResultTable) -> String {
    tableText(
      table,
      headings: [
        "step", "train loss", "test loss", "std of test loss", "train accuracy",
        "test accuracy", "logit error",
      ],
      formats: [
        .whole, .decimals(5), .decimals(5), .significant(2), .percent, .percent,
        .significant(2),
      ], rows: spacedRows(table.rows.count))
  }
}
