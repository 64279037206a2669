import Foundation
import InfiniteWidth

/// Errors of designs of the initial sample, a table and a figure: `Designs DIGITS IMAGES OUTPUT`
/// with a CSV file of digits, a folder with CIFAR-10's first two classes (left out where there is
/// none) and the folder for designs.md and figures/designs.svg. With `multirate` first, particles of
/// two step sizes instead, for multirate.md.
@main
struct CompareDesigns {
  static func main() throws {
    var arguments = Array(CommandLine.arguments.dropFirst())
    let isMultirate = arguments.first == "multirate"
    if isMultirate { arguments.removeFirst() }
    guard arguments.count == 3 else {
      printLine("usage: Designs [multirate] DIGITS IMAGES OUTPUT")
      exit(64)
    }
    let (digits, images, output) = (arguments[0], arguments[1], arguments[2])
    do {
      if isMultirate {
        try compareMultirate(digits: digits, images: images, output: output)
      } else {
        try compare(digits: digits, images: images, output: output)
      }
    } catch let diagnostic as Diagnostic {
      printLine("\(diagnostic)")
      exit(65)
    }
  }

  private static func compareMultirate(digits: String, images: String, output: String) throws {
    let (settings, notes) = try Setting.all(digits: digits, images: images)
    for note in notes { printLine(note) }
    // Errors of the spherical rule of the XOR setting are too near the reference's.
    let sections = settings.filter { !$0.title.hasPrefix("XOR") }.map { setting in
      printLine("\n\(setting.title)")
      return MultirateComparison(setting).text
    }
    try Report(text: (sections + notes).joined(separator: "\n\n"), command: "compare-multirate")
      .write(to: output + "/multirate.md")
  }

  private static func compare(digits: String, images: String, output: String) throws {
    let clock = ContinuousClock()
    let start = clock.now
    var comparisons: [Comparison] = []
    let (settings, notes) = try Setting.all(digits: digits, images: images)
    for note in notes { printLine(note) }
    for setting in settings {
      printLine("\n\(setting.title)")
      let comparison = Comparison(setting)
      printLine(comparison.check.text)
      comparisons.append(comparison)
    }
    let minutes = (clock.now - start) / .seconds(60)
    printLine(String(format: "\n%.1f minutes", minutes))
    try FileManager.default.createDirectory(
      atPath: output + "/figures", withIntermediateDirectories: true)
    try Report(comparisons, notes: notes).write(to: output + "/designs.md")
    try Gnuplot().draw(
      PlotScript(errorFigure(comparisons), terminal: .svg), to: output + "/figures/designs.svg",
      force: true)
  }
}

/// Lines appear at once, also in a file.
func printLine(_ text: String) {
  print(text)
  fflush(nil)
}
