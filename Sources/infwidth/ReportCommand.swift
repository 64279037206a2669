import ArgumentParser
import InfiniteWidth

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Join results into one HTML page with figures and tables.",
    discussion: """
      Files written by `infwidth limit`, `train`, `compare`, `density` and `predict`, in any number and \
      mixture. The page holds everything itself: it needs no network, no scripts and no other file, and prints. \
      It begins with warnings and verdicts, then come figures and tables, the files with their origin, \
      and the configuration of each. A limit and networks of one experiment and scaling are drawn in \
      common axes, limits of one experiment are compared; files of other data or of another experiment \
      stand beside them, with a warning. The same files make the same page.
      """)

  @Argument(
    help: ArgumentHelp(
      "Limits, networks, comparisons, densities, predictions.", valueName: "file.nc"))
  var files: [String]

  @Option(name: .shortAndLong, help: ArgumentHelp("The page to write.", valueName: "report.html"))
  var output: String

  @Option(
    help: ArgumentHelp(
      "The title of the page. (default: the names of the experiments)", valueName: "text"))
  var title: String?

  @Flag(help: "Replace an existing page.")
  var force = false

  @Flag(help: "No notes on the standard error.")
  var quiet = false

  func validate() throws {
    if let title, title.allSatisfy(\.isWhitespace) {
      throw ValidationError("--title: received an empty text; accepted: a title")
    }
  }

  func run() throws {
    try ReportPage.checkDestination(output, files: files, force: force)
    let report = try ReportPage(files: files, title: title)
    if !quiet {
      for difference in report.differences { printError("infwidth: warning: \(difference)") }
    }
    try report.write(to: output, force: force)
    try printOutput(output)
  }
}
