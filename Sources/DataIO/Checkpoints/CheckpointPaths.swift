import Foundation

/// The files of an interrupted run, beside its output.
struct CheckpointPaths {
  /// The latest checkpoint, and the one before.
  let generations: [String]
  /// What has been finished: written once, and named by every checkpoint after.
  let journal: String

  /// Begins the names of what several processes keep, each of its own particles.
  private let parts: String

  /// - Parameter output: as the user named it; links are followed, so that the files are beside what they
  ///   lead to.
  init(output: String) {
    let target = linkTarget(output) ?? output
    generations = [target + ".checkpoint", target + ".checkpoint.previous"]
    journal = target + ".checkpoint.journal"
    parts = target + ".checkpoint.part-"
  }

  var latest: String { generations[0] }
  var previous: String { generations[1] }

  /// Whether a run was interrupted here.
  var hasCheckpoint: Bool { generations.contains { fileType($0) != nil } }

  /// What a process keeps of its own for a checkpoint.
  func part(generation: Int, rank: Int) -> String { "\(parts)\(generation)-\(rank)" }

  /// Removes the parts of all checkpoints but some.
  func removeParts(but generations: Set<Int> = []) {
    let (folder, prefix) = (parentFolder(of: parts), (parts as NSString).lastPathComponent)
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    where name.hasPrefix(prefix) {
      let numbers = name.dropFirst(prefix.count).split(separator: "-").map { Int($0) }
      guard numbers.count == 2, let generation = numbers[0], numbers[1] != nil,
        !generations.contains(generation)
      else { continue }
      unlink("\(folder)/\(name)")
    }
  }

  func removeAll() {
    for path in generations + [journal] { unlink(path) }
    removeParts()
  }
}
