import DataIO
import Diagnostics
import Foundation
public import Plotting

/// Result files joined into one page: an HTML document that needs neither network nor scripts.
///
/// The same files make the same bytes on one version of gnuplot: nothing of the place or the time at
/// which the page is made is in it.
public struct ReportPage {
  private let title: String
  private let sources: [ReportSource]

  /// Reads the files.
  ///
  /// - Parameters:
  ///   - paths: limits, networks, densities, comparisons and predictions, in any number and mixture.
  ///   - title: the page's; by default the names of the experiments.
  /// - Throws: `Diagnostic` where a file is missing (`inputMissing`) or none of these (`badInput`), and
  ///   where one is given twice (`commandLine`).
  public init(files paths: [String], title: String? = nil) throws {
    var seen: Set<String> = []
    for path in paths where !seen.insert(Self.identity(path)).inserted {
      throw Diagnostic(.commandLine, "received \(path) twice; accepted: different files")
    }
    sources = try paths.map(ReportSource.init)
    var names: [String] = []
    for source in sources {
      if let name = source.text("experiment"), !names.contains(name) { names.append(name) }
    }
    self.title = title ?? (names.isEmpty ? "Infinite-width limits" : names.joined(separator: ", "))
  }

  /// Where files belong to different data or experiments, one sentence each; they are in the page too.
  public var differences: [String] {
    differing.map { "\($0.source.path): \(Self.sentence($0.difference, sources[0].path).plain)" }
  }

  /// The page.
  ///
  /// Cost: about 0.1 s a figure, as many at a time as there are processors.
  ///
  /// - Throws: as `Gnuplot`.
  public func html(with gnuplot: Gnuplot? = nil) throws -> String {
    let gnuplot = try gnuplot ?? Gnuplot()
    var contents = PageContents()
    let remarks = differenceRemarks + sources.flatMap(\.remarks)
    let body =
      ReportSummary(sources: sources, remarks: remarks).markup(&contents)
      + (try ReportDetails(sources: sources).markup(&contents))
      + ReportOrigins(sources: sources).markup(&contents)
    return document(try contents.drawn(body, with: gnuplot))
  }

  /// Writes the page, complete or not at all.
  ///
  /// - Throws: `Diagnostic(.outputFailure)` where the file exists and `force` is false, where it is one
  ///   of the files that the page is made of, and where it cannot be written; and as ``html(with:)``.
  public func write(to path: String, force: Bool = false) throws {
    try Self.checkDestination(path, files: sources.map(\.path), force: force)
    let page = try html()
    let file = try PendingFile(path: path, force: force)
    try file.write(page)
    try file.commit()
  }

  /// Refuses a destination that exists, that cannot be written, or that is one of the files read.
  package static func checkDestination(_ path: String, files: [String], force: Bool) throws {
    if !path.isEmpty, files.contains(where: { identity($0) == identity(path) }) {
      throw Diagnostic(
        .outputFailure, "this is one of the files to report; choose another name", file: path)
    }
    try DataIO.checkDestination(path, force: force)
  }

  private static func identity(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
  }

  private var differing: [(source: ReportSource, difference: SourceDifference)] {
    sources.dropFirst().compactMap { source in
      SourceDifference(source, from: sources[0]).map { (source, $0) }
    }
  }

  private var differenceRemarks: [Remark] {
    differing.map { .warning($0.source, Self.sentence($0.difference, sources[0].path).markup) }
  }

  private static func sentence(
    _ difference: SourceDifference, _ first: String
  ) -> (plain: String, markup: Markup) {
    let what =
      difference.kind == .data
      ? "other data than \(first)" : "another experiment than \(first)"
    let text =
      "\(what) (\(difference.reason)); its numbers and figures stand beside the others and do not"
      + " compare with them"
    return (text, Markup(text + "."))
  }

  private func document(_ body: Markup) -> String {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    let head: Markup =
      element("meta", ["charset": "utf-8"]) + "\n"
      // The page promises to fetch nothing: browsers hold it to that.
      + element("meta", ["http-equiv": "Content-Security-Policy", "content": policy]) + "\n"
      + element(
        "meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]) + "\n"
      + element("meta", ["name": "color-scheme", "content": "light dark"]) + "\n"
      + element("title", [:], "\(title) – InfiniteWidth") + "\n"
      + element("style", [:], Markup(trusted: Stylesheet.text))
    let page = element(
      "html", ["lang": "en"], "\n", element("head", [:], "\n", head, "\n"), "\n",
      element(
        "body", [:], "\n",
        element("header", [:], element("h1", [:], Markup(title)), lede), "\n",
        element("main", [:], "\n", body), "\n"), "\n")
    return "<!DOCTYPE html>\n" + page.source + "\n"
  }

  /// What the page is about, in one line.
  private var lede: Markup {
    var kinds: [(name: String, count: Int)] = []
    for source in sources {
      if let place = kinds.firstIndex(where: { $0.name == source.kind }) {
        kinds[place].count += 1
      } else {
        kinds.append((source.kind, 1))
      }
    }
    let words = kinds.map { kind in
      switch kind.name {
      case "limit", "comparison": counted(kind.count, kind.name)
      default: kind.count == 1 ? kind.name : "\(kind.count) files of \(kind.name)"
      }
    }
    return element(
      "p", ["class": "lede"],
      "Infinite-width limits of neural networks: \(words.joined(separator: ", ")).")
  }
}
