import Foundation

/// The files of an interrupted run, beside its output.
struct CheckpointPaths {
  /// The latest checkpoint, and the one before.
  let generations: [String]
  /// What has been finished: written once, and named by every checkpoint after.
  let journal: String

  /// - Parameter output: as the user named it; links are followed, so that the files are beside what they
  ///   lead to.
  init(output: String) {
    let target = linkTarget(output) ?? output
    generations = [target + ".checkpoint", target + ".checkpoint.previous"]
    journal = target + ".checkpoint.journal"
  }

  var latest: String { generations[0] }
  var previous: String { generations[1] }

  /// Whether a run was interrupted here.
  var hasCheckpoint: Bool { generations.contains { fileType($0) != nil } }

  func removeAll() { for path in generations + [journal] { unlink(path) } }
}
