import DataIO
import Diagnostics
import Execution
import Foundation
import Plotting
import TestSupport
import Testing

@testable import Report

@Suite(.enabled(if: (try? Gnuplot()) != nil, "gnuplot is not installed")) struct ReportPageTests {
  private let files: ReportFiles

  init() throws { files = try ReportFiles() }

  private func html(_ paths: [String], title: String? = nil) throws -> String {
    let html = try ReportPage(files: paths, title: title).html()
    #expect(WebPage(html).problems == [])
    // Markup that became text by way of a description.
    #expect(!html.contains("Markup("))
    return html
  }

  /// The text of the first section.
  private func summary(_ html: String) throws -> String {
    let page = WebPage(html)
    return try #require(page.all("section").first).text
  }

  @Test func limitAndNetworksAreDrawnTogether() throws {
    let html = try html([
      files.run("<b>&\"it's\".nc", extra: ["design": .text("sobol"), "replicates": .int(8)]),
      files.nets("nets.nc"),
    ])
    let page = WebPage(html)
    #expect(page.all("title").first?.text == "a<b>&\"c\" – InfiniteWidth")
    #expect(page.all("figure").count == 4)
    #expect(
      page.all("h2").map(\.text)
        == ["Summary", "Limit MF and finite networks", "Files", "Configurations"])
    let summary = try summary(html)
    #expect(
      summary.contains(
        "Limit MF (α = -0.5, β = 0, γ = 0), \(files.path("<b>&\"it's\".nc")): at step 2 training loss"
          + " 0.7000 ± 0.0010, test loss 0.9500 ± 0.0020, accuracy 75.0 % and 50.0 % (± standard error of"
          + " the simulation); stated error of the test logits at most 0.034."))
    #expect(
      summary.contains(
        "6 networks of widths 8 to 32, \(files.path("nets.nc")): at step 2 the widest have training loss"
          + " 0.710 ± 0.010, test loss 0.960 ± 0.010, mean ± one standard deviation over 3 seeds."))
    #expect(
      page.all("p").contains {
        $0.text
          == "1000 particles (sobol design), 8 replicates; single precision. 4 training points, 3 test"
          + " points, logistic loss."
      })
    #expect(page.all("pre").map(\.text) == [ReportFiles.config, ReportFiles.config])
    #expect(page.all("details").count == 2)
    #expect(page.all("td").contains { $0.text == "2026-01-02T03:04:05Z" })
    #expect(page.all("td").contains { $0.text == "InfiniteWidth 1.2.3" })
    let captions = page.all("figcaption").map(\.text)
    #expect(captions[0].contains("the limit in black, networks from light (narrow) to dark (wide)"))
    #expect(captions.allSatisfy { $0.hasSuffix("nets.nc.") })
  }

  @Test func nothingOfTheFilesEndsAsMarkup() throws {
    let html = try html([files.run("<img src=x onerror=alert(1)>.nc")], title: "</title><p>&")
    let page = WebPage(html)
    #expect(page.all("h1").map(\.text) == ["</title><p>&"])
    #expect(page.all("img").isEmpty && page.all("script").isEmpty)
    #expect(!html.contains("<script") && !html.contains("<img"))
  }

  @Test func pageStandsAlone() throws {
    let html = try html([files.run("run.nc"), files.comparison("cmp.nc")])
    let addresses = html.matches(of: #/https?:[^\s"'<]*/#).map { String($0.output) }
    #expect(
      Set(addresses) == ["http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"])
    #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
    #expect(html.contains("content=\"default-src &#39;none&#39;; "))
    #expect(html.contains("@media (prefers-color-scheme: dark)") && html.contains("@media print"))
  }

  @Test func comparisonBeginsWithItsVerdicts() throws {
    let html = try html([files.comparison("cmp.nc")])
    let summary = try summary(html)
    let path = files.path("cmp.nc")
    #expect(
      summary.contains(
        "MF describes the networks of width 8 best at step 1 by the logit gap: 0.100 ± 0.012."
      ))
    #expect(
      summary.contains(
        "Networks beside the limit MF, step 1, \(path): of 2 predicted exponents 1 agrees, 1 floor reached."
      ))
    #expect(
      summary.contains(
        "\(path): NTK: fitted exponents deviate from the predicted ones: logit_bias."))
    #expect(
      summary.contains(
        "\(path): MF: floor reached: the gaps of too few widths are above sampling error and the limit’s"
          + " own error: test_loss_gap."))
    #expect(summary.contains("\(path): MF: a <remark> & more"))
    let rows = WebPage(html).all("tr").map(\.text)
    #expect(
      rows.contains(
        "logit gapMF0.100 ± 0.012 (0.02)0.400 ± 0.014 (0.02)"))
    #expect(rows.contains("logit gapstep 0: MF = NTK; step 1: MF"))
    #expect(summary.contains("\(path): a note of both"))
    #expect(rows.contains("logit_bias-0.480 ± 0.040-0.5agrees-0.200 ± 0.040-0.5deviates"))
    #expect(
      rows.contains(
        "test_loss_gap–-1floor reached: 0 of 2 widths clear0.400 ± 0.0310.200 ± 0.0120.050.01"))
    #expect(
      rows.contains(
        "0tie: MF; NTK, neither of which can be told from the networks0.200 ± 0.011 (0.19)0.200 ± 0.013 (0.19)"
      ))
  }

  @Test func verbsOfCounts() {
    let text = [1, 2].map { VerdictWord.agrees.markup(count: $0).source }
    #expect(text[0].hasSuffix(">agrees</span>") && text[1].hasSuffix(">agree</span>"))
    #expect(VerdictWord.tooUncertain.markup(count: 2).source.hasSuffix(">too uncertain</span>"))
  }

  /// A best limit at its floor is said to be; of more than twelve stretches those before the last are counted.
  @Test func floorsAndChangesInWords() throws {
    let path = try files.comparison("cmp.nc", steps: 13)
    let summary = try summary(html([path]))
    #expect(
      summary.contains(
        "MF, NTK (a tie) describe the networks of width 8 best at step 12 by the logit gap:"
          + " 0.200 ± 0.011; MF, NTK cannot be told from the networks."))
    #expect(summary.contains("step 10: MF = NTK; 1 more stretch; step 12: MF = NTK"))
    let shorter = try self.summary(html([files.comparison("twelve.nc", steps: 12)]))
    #expect(shorter.contains("step 10: MF = NTK; step 11: MF") && !shorter.contains("more stretch"))
  }

  /// Figures drawn side by side are those that are drawn one after another.
  @Test func drawingsDoNotDependOnThreads() throws {
    let record = try ComparisonRecord.read(files.comparison("cmp.nc"))
    let figures = Array(repeating: Plotting.figures(record), count: 3).flatMap(\.self)
    let gnuplot = try Gnuplot()
    let one = try gnuplot.svgs(figures, workers: Workers(count: 1))
    #expect(try gnuplot.svgs(figures, workers: Workers(count: 4)) == one)
    #expect(try one == figures.map { try gnuplot.svg($0) } && figures.count > 2)
  }

  @Test func limitsOfOneExperimentAreCompared() throws {
    let html = try html([
      files.run("a.nc"), files.run("b.nc", limit: "ntk", members: 3, particles: 0),
      files.nets("nets.nc"),
    ])
    #expect(
      WebPage(html).all("h2").map(\.text) == [
        "Summary", "Limits compared", "Limit MF and finite networks", "Limit NTK", "Files",
        "Configurations",
      ])
    #expect(
      try summary(html).contains("0.710 ± 0.010, test loss 0.960 ± 0.010"),
      "means over the realizations")
  }

  @Test func filesOfOtherDataStandApart() throws {
    let other = ReportFiles.config.replacing("dimension: 5", with: "dimension: 6")
    let first = try files.run("a.nc")
    let second = try files.nets("b.nc", config: other)
    let report = try ReportPage(files: [first, second])
    let sentence =
      "other data than \(first) (data.dimension: received 6 where \(first) has 5); its numbers and"
      + " figures stand beside the others and do not compare with them"
    #expect(report.differences == ["\(second): \(sentence)"])
    let html = try html([first, second])
    #expect(try summary(html).contains("Warnings\n\n\(second): \(sentence)."))
    #expect(
      WebPage(html).all("h2").map(\.text)
        == ["Summary", "Limit MF", "Finite networks", "Files", "Configurations"])
  }

  @Test func changedDataAndOtherTrainingAreTold() throws {
    let attribute = "training_data_fingerprint"
    let first = try files.run("a.nc", extra: [attribute: .text("4 x 5, fnv1a 1")])
    let second = try files.run("b.nc", extra: [attribute: .text("4 x 5, fnv1a 2")])
    let third = try files.run(
      "c.nc", config: ReportFiles.config.replacing("rate: 0.2", with: "rate: 0.3"))
    let differences = try ReportPage(files: [first, second, third]).differences
    #expect(
      differences.first?.hasPrefix(
        "\(second): other data than \(first) (training points 4 x 5, fnv1a 2, not 4 x 5, fnv1a 1);")
        == true)
    #expect(
      differences.last?.hasPrefix(
        "\(third): another experiment than \(first) (training.learning_rate: received 0.3 where"
          + " \(first) has 0.2);") == true)
  }

  @Test func warningsComeFirst() throws {
    let run = try files.run(
      "run.nc", divergedAt: 2,
      extra: [
        "tolerance": .double(0.01), "tolerance_reached": .int(0),
        "multirate_off_because": .text("no <rank> helps"),
      ])
    let nets = try files.nets("nets.nc", isDiverged: true)
    let single = try files.comparison("cmp.nc", seeds: 1)
    let summary = try summary(html([run, nets, single]))
    for text in [
      "\(run): the limit diverged: logits are no longer finite from step 2 on.",
      "\(run): the tolerance is not reached: the estimated error of the test logits is 0.034, asked for"
        + " was 0.01.",
      "\(run): every particle took every step: no <rank> helps.",
      "\(nets): 1 of 3 networks of width 8 diverged, the first at step 2; means are over the others.",
      "\(single): MF: one seed: errors over seeds and fitted exponents are unavailable.",
      "\(run): diverged at step 2.",
    ] {
      #expect(summary.contains(text), "\(text)")
    }
    #expect(summary.contains("0.710 ± 0.014, test loss 0.960 ± 0.014"), "means over the other nets")
  }

  @Test func networksThatAllDivergedHaveNoMeans() throws {
    let nets = try files.nets("nets.nc", allDiverged: true)
    let summary = try summary(html([nets]))
    #expect(summary.contains("3 of 3 networks of width 8 diverged, the first at step 2.\n"))
    #expect(
      summary.contains("6 networks of widths 8 to 32, \(nets): 6 of 6 diverged, all of the widest.")
    )
  }

  @Test func sameFilesMakeTheSameBytes() throws {
    let paths = [try files.run("run.nc"), try files.nets("nets.nc")]
    #expect(try html(paths) == html(paths))
  }

  @Test(.enabled(if: Browser.installed != nil, "Chromium is not installed"))
  func browserShowsAllFiguresAndFetchesNothing() throws {
    let html = try html([files.run("run.nc"), files.nets("nets.nc")])
    let browser = try #require(Browser.installed)
    try html.write(toFile: files.path("page.html"), atomically: true, encoding: .utf8)
    let visit = try browser.visit(files.path("page.html"))
    #expect(visit.console == [])
    #expect(visit.requests == [])
    #expect(visit.document.components(separatedBy: "<figure ").count == 5)
    #expect(visit.document.components(separatedBy: "<svg ").count == 5)
    #expect(visit.document.contains("Figure 4."))
    // Without the policy it fetches nothing either; and such a visit sees what would be fetched.
    let policy = try #require(html.firstRange(of: #/<meta http-equiv="Content-Security[^>]*>/#))
    let free = html.replacingCharacters(in: policy, with: "")
    try free.write(toFile: files.path("free.html"), atomically: true, encoding: .utf8)
    #expect(try browser.visit(files.path("free.html")).requests == [])
    let bad = free.replacing(
      "</body>",
      with: "<img src=\"http://example.invalid/x.png\" /><script>console.error(1)</script></body>")
    try bad.write(toFile: files.path("bad.html"), atomically: true, encoding: .utf8)
    let seen = try browser.visit(files.path("bad.html"))
    #expect(Set(seen.requests) == ["http://example.invalid/x.png"])
    #expect(seen.console.count == 1)
    #expect(
      WebPage(bad).problems == [
        "refers to http://example.invalid/x.png", "has the element script",
      ])
  }
}
