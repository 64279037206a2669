import DataIO
import Plotting

/// Where the numbers come from: the files, and the configuration of each.
struct ReportOrigins {
  let sources: [ReportSource]

  func markup(_ contents: inout PageContents) -> Markup {
    let files = element("h2", ["id": "files"], "Files") + "\n" + contents.table(table)
    let configurations =
      element("h2", ["id": "configurations"], "Configurations") + "\n"
      + sources.map(details).joined()
    return element("section", ["aria-labelledby": "files"], "\n", files) + "\n"
      + element("section", ["aria-labelledby": "configurations"], "\n", configurations) + "\n"
  }

  private var table: ReportTable {
    var table = ReportTable(
      caption: "The files of this page, as they describe themselves.",
      columns: [
        .text("file"), .text("holds"), .text("experiment"), .text("limit"), .number("α"),
        .number("β"), .number("γ"), .number("particles"), .number("seed"), .text("precision"),
        .text("training data"), .text("version"), .text("date"),
      ])
    for source in sources {
      func text(_ value: String?) -> Markup {
        value.map { $0.isEmpty ? Cell.missing : Markup($0) } ?? Cell.missing
      }
      let limit = source.limit
      let particles = source.whole("particles").flatMap { $0 > 0 ? $0 : nil }
      table.append([
        source.name, Markup(source.kind), text(source.text("experiment")), limitName(source),
        Cell.exponent(limit?.alpha ?? .nan), Cell.exponent(limit?.beta ?? .nan),
        Cell.exponent(limit?.gamma ?? .nan),
        particles.map { "\($0)" } ?? Cell.missing,
        source.whole("seed").map { "\($0)" } ?? Cell.missing, text(source.text("precision")),
        text(source.fingerprint), text(source.program),
        element("span", ["class": "stretch"], text(source.date)),
      ])
    }
    return table
  }

  private func limitName(_ source: ReportSource) -> Markup {
    if let comparison = source.comparison {
      return Markup(comparison.scalings.map(\.title).joined(separator: ", "))
    }
    guard let name = source.limit?.name ?? source.text("limit"), !name.isEmpty else {
      return Cell.missing
    }
    return Markup(limitTitle(name))
  }

  private func details(_ source: ReportSource) -> Markup {
    var body: Markup = ""
    if !source.history.isEmpty {
      body += element("p", [:], "Made by ", element("code", [:], Markup(source.history))) + "\n"
    }
    if let scaling = source.text("scaling") {
      body +=
        element(
          "p", [:], "Scaling of the run: ", element("code", [:], Markup(scaling)),
          " (the command line may replace that of the configuration).") + "\n"
    }
    body += element(
      "pre",
      ["role": "region", "tabindex": "0", "aria-label": "Configuration of \(source.path)"],
      element(
        "code", [:],
        source.configText.isEmpty
          ? "(no configuration in the file)" : Markup(source.configText)))
    return element(
      "details", [:], element("summary", [:], "Configuration of \(source.name)"), "\n", body, "\n")
      + "\n"
  }
}
