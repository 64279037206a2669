import InfiniteWidth

extension ComparisonRecord {
  /// Metrics with their rates, a table a scaling, and the ranking.
  var tables: [ResultTable] {
    var tables = scalings.map { scaling in
      scaling.table(
        name: scalings.count == 1 ? "comparison" : "comparison_\(scaling.identifier)")
    }
    if let ranking {
      var columns = ["step"]
      for criterion in ranking.criteria {
        for name in ranking.scalings {
          let scaling = ScalingComparison.identifier(of: name)
          columns += ["\(criterion.name)_\(scaling)", "\(criterion.name)_\(scaling)_stderr"]
        }
        columns.append("best_\(criterion.name)")
      }
      var table = ResultTable(name: "reference", columns: columns)
      for (index, step) in ranking.steps.enumerated() {
        var row = [Double(step)]
        for criterion in ranking.criteria {
          for scaling in ranking.scalings.indices {
            let place = scaling * ranking.steps.count + index
            row += [criterion.values[place], criterion.standardErrors[place]]
          }
          row.append(Double(criterion.best[index]))
        }
        table.append(row)
      }
      tables.append(table)
    }
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
    var table = ResultTable(name: name, labelColumn: "metric", columns: columns)
    for rate in rates {
      table.append(
        [Double(rate.step)]
          + widths.indices.flatMap { [rate.values[$0], rate.standardErrors[$0], rate.floors[$0]] }
          + [rate.limitError, rate.rate, rate.rateStandardError, rate.predicted],
        label: rate.metric)
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
