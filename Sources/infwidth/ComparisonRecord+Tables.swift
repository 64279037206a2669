import InfiniteWidth

extension ComparisonRecord {
  /// Metrics with their rates, a table a scaling, and the ranking.
  var tables: [ResultTable] {
    var tables = scalings.map { scaling in
      scaling.table(
        name: scalings.count == 1 ? "comparison" : "comparison_\(scaling.identifier)")
    }
    if let ranking { tables.append(ranking.table(titles: scalings.map(\.title))) }
    return tables
  }

  func json(output: String) -> [String: JSONValue] {
    var result: [String: JSONValue] = [
      "output": .text(output),
      "scalings": .array(
        scalings.map { scaling in
          .object([
            "scaling": .text(scaling.name), "limit": .text(scaling.limit.name),
            "widths": .array(scaling.widths.map { .number(Double($0)) }),
            "seeds": .number(Double(scaling.seeds.count)),
            "notes": .array(scaling.notes.map { .text($0) }),
            "metrics": .array(scaling.rates.map(\.json)),
          ])
        }),
    ]
    if !notes.isEmpty { result["notes"] = .array(notes.map { .text($0) }) }
    if let ranking {
      result["reference"] = .array(
        ranking.criteria.map { criterion in
          .object([
            "criterion": .text(criterion.name),
            "steps": .array(
              ranking.steps.indices.map { step in
                let best = criterion.best[step]
                return .object([
                  "step": .number(Double(ranking.steps[step])),
                  "best": best < 0 ? .null : .text(ranking.scalings[best]),
                  "ties": .array(
                    ranking.scalings.indices.filter {
                      criterion.ties[$0 * ranking.steps.count + step]
                    }.map { .text(ranking.scalings[$0]) }),
                  "values": .array(
                    ranking.scalings.indices.map {
                      .number(criterion.values[$0 * ranking.steps.count + step])
                    }),
                  "stderr": .array(
                    ranking.scalings.indices.map {
                      .number(criterion.standardErrors[$0 * ranking.steps.count + step])
                    }),
                  "floors": .array(
                    ranking.scalings.indices.map {
                      .number(criterion.floors[$0 * ranking.steps.count + step])
                    }),
                  "at_floor": .array(
                    ranking.atFloor(criterion, step).map { .text(ranking.scalings[$0]) }),
                ])
              }),
          ])
        })
    }
    return result
  }
}

extension ScalingComparison {
  fileprivate func table(name: String) -> ResultTable {
    let columns =
      ["step"] + widths.flatMap { ["d\($0)", "d\($0)_stderr", "d\($0)_floor"] }
      + ["limit_error", "rate", "rate_stderr", "rate_predicted"]
    var table = ResultTable(
      name: name, labelColumn: "metric", columns: columns, textColumns: ["verdict"])
    for rate in rates {
      table.append(
        [Double(rate.step)]
          + widths.indices.flatMap { [rate.values[$0], rate.standardErrors[$0], rate.floors[$0]] }
          + [rate.limitError, rate.rate, rate.rateStandardError, rate.predicted],
        label: rate.metric, texts: [rate.verdict])
    }
    return table
  }
}

extension ReferenceRanking {
  /// A row a step: values with errors and floors of every criterion and scaling, the number of the best, and in
  /// words behind the numbers which limits are the best.
  fileprivate func table(titles: [String]) -> ResultTable {
    var columns = ["step"]
    for criterion in criteria {
      for name in scalings {
        let column = "\(criterion.name)_\(ScalingComparison.identifier(of: name))"
        columns += [column, "\(column)_stderr", "\(column)_floor"]
      }
      columns.append("best_\(criterion.name)")
    }
    var table = ResultTable(
      name: "reference", columns: columns,
      textColumns: criteria.map { "verdict_\($0.name)" })
    for (index, step) in steps.enumerated() {
      var row = [Double(step)]
      for criterion in criteria {
        for scaling in scalings.indices {
          let place = scaling * steps.count + index
          row += [
            criterion.values[place], criterion.standardErrors[place], criterion.floors[place],
          ]
        }
        row.append(Double(criterion.best[index]))
      }
      table.append(row, texts: criteria.map { verdict($0, index, titles: titles) ?? "" })
    }
    return table
  }
}

extension ComparedRate {
  fileprivate var json: JSONValue {
    func numbers(_ values: [Double]) -> JSONValue { .array(values.map { .number($0) }) }
    return .object([
      "metric": .text(metric), "step": .number(Double(step)), "values": numbers(values),
      "stderr": numbers(standardErrors), "floors": numbers(floors),
      "limit_error": .number(limitError), "rate": .number(rate),
      "rate_stderr": .number(rateStandardError), "rate_predicted": .number(predicted),
      "verdict": .text(verdict),
    ])
  }
}
