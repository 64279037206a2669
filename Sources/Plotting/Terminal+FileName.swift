import Diagnostics
import Foundation

extension PlotScript.Terminal {
  /// The format that a file name asks for by its ending, `.svg` or `.png` in either case.
  ///
  /// - Parameter option: names the place in the error.
  /// - Throws: `Diagnostic(.commandLine)` for any other ending.
  package init(ofFile path: String, option: String) throws {
    let ending = (path as NSString).pathExtension.lowercased()
    guard let terminal = Self(rawValue: ending) else {
      throw Diagnostic(
        .commandLine, "received \(path); accepted: a file name that ends in .svg or .png",
        key: option)
    }
    self = terminal
  }
}
