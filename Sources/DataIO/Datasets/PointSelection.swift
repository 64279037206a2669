import Diagnostics
import Measures

/// Chooses points of one file by their classes.
struct PointSelection {
  /// The class of each point of the file, `nil` for points left out.
  private let classes: [Int?]
  private let names: [String]
  private let file: String
  /// The points of all classes in file order.
  private let kept: [Int]

  init(classes: [Int?], names: [String], file: String) {
    self.classes = classes
    self.names = names
    self.file = file
    kept = classes.indices.filter { classes[$0] != nil }
  }

  /// Training points: the first `count` of the file, or with a seed a balanced subset of that size;
  /// `nil` for all.
  func training(count: Int?, subsetSeed: UInt64?) throws -> [Int] {
    let count = count ?? kept.count
    guard count <= kept.count else {
      throw Diagnostic(
        .badInput, "received \(count); accepted: at most \(kept.count), \(holdings)",
        key: "data.train")
    }
    guard let subsetSeed else { return Array(kept.prefix(count)) }
    return try balanced(count, seed: subsetSeed)
  }

  /// Test points: the first `count` of the file, `nil` for all.
  func test(count: Int?) throws -> [Int] {
    guard !kept.isEmpty else {
      throw Diagnostic(
        .badInput, "\(file) has no point of the classes \(listing(names))", key: "data.test_path")
    }
    let count = count ?? kept.count
    guard count <= kept.count else {
      throw Diagnostic(
        .badInput, "received \(count); accepted: at most \(kept.count), \(holdings)",
        key: "data.test")
    }
    return Array(kept.prefix(count))
  }

  /// Test points from the training file: the first `count`, `nil` for all, of those not in
  /// `training`, in file order.
  func remaining(after training: [Int], count: Int?) throws -> [Int] {
    var isFree = Array(repeating: true, count: classes.count)
    for point in training { isFree[point] = false }
    let free = kept.filter { isFree[$0] }
    guard !free.isEmpty else {
      throw Diagnostic(
        .badInput,
        "no points of \(file) are left for testing after \(training.count) for training; "
          + "accepted: a test_path, or a smaller train", key: "data.test")
    }
    let count = count ?? free.count
    guard count <= free.count else {
      throw Diagnostic(
        .badInput,
        "received \(count); accepted: at most \(free.count), the points of \(file) left after "
          + "\(training.count) for training", key: "data.test")
    }
    return Array(free.prefix(count))
  }

  /// `count` points, equally many of each class but for the remainder, which goes to the first
  /// classes one each, in random order.
  ///
  /// Permutation c of the stream chooses among the points of class c (in file order), the one after
  /// the last class orders the chosen: batches that run through the points in order are mixed.
  private func balanced(_ count: Int, seed: UInt64) throws -> [Int] {
    let stream = RandomStream(seed: seed, stream: .trainingSubset)
    var members = [[Int]](repeating: [], count: names.count)
    for point in kept {
      if let number = classes[point] { members[number].append(point) }
    }
    var chosen: [Int] = []
    chosen.reserveCapacity(count)
    for (number, points) in members.enumerated() {
      let needed = count / names.count + (number < count % names.count ? 1 : 0)
      guard needed <= points.count else {
        let counts = zip(names, members).map { "\($1.count) of class \($0)" }
        throw Diagnostic(
          .badInput,
          "received \(count) with subset_seed, which takes \(needed) points of class "
            + "\(names[number]); accepted: a balanced part of the points of \(file), "
            + listing(counts), key: "data.train")
      }
      let order = stream.permutation(points.count, particle: number)
      chosen += order.prefix(needed).map { points[$0] }
    }
    return stream.permutation(count, particle: names.count).map { chosen[$0] }
  }

  private var holdings: String {
    kept.count == classes.count
      ? "the points of \(file)" : "the points of \(file) in the classes \(listing(names))"
  }
}
