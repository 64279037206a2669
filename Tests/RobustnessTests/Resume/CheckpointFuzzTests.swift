import Foundation
import InfiniteWidth
import Testing

/// Damaged checkpoints and journals of real runs: they are continued with the right bits, or refused in
/// one sentence.
@Suite(.serialized) struct CheckpointFuzzTests {
  private struct Kind {
    let text: String
    let job: InterruptedRun.Job
    let stopAfter: Int
    var prepare: @Sendable (InterruptedRun) throws -> Void = { _ in }
  }

  private static let few = "particles: 64, replicates: 4"

  private static let kinds: [String: Kind] = [
    "limit of weights": Kind(
      text: ResumeTests.text(few, training: ", optimizer: momentum, batch: 5"),
      job: InterruptedRun.limit, stopAfter: 8),
    "limit of preactivations": Kind(
      text: ResumeTests.text(few, dimension: 20), job: InterruptedRun.limit, stopAfter: 8),
    "limit by blocks": Kind(
      text: ResumeTests.text(
        "particles: 256, replicates: 4, multirate: 3, small_share: 0.25", record: ", every: 4"),
      job: InterruptedRun.limit, stopAfter: 3),
    "two ranks": Kind(
      text: ResumeTests.text(
        "particles: 256, replicates: 4, rank: 3, multirate: 4", dimension: 20, steps: 20),
      job: InterruptedRun.limit, stopAfter: 3),
    "flow": Kind(
      text: ResumeTests.text("\(few), dynamics: flow, integrator_tolerance: 1.0e-2"),
      job: InterruptedRun.limit, stopAfter: 8),
    "kernels": Kind(
      text: ResumeTests.text("realizations: 3", scaling: "ntk", training: ", optimizer: momentum"),
      job: InterruptedRun.limit, stopAfter: 8),
    "networks": Kind(
      text: ResumeTests.text("", finite: "widths: [4, 8], seeds: 2"), job: InterruptedRun.train,
      stopAfter: 20),
    "comparison": Kind(
      text: ResumeTests.text(few, steps: 6, finite: "widths: [4, 8], seeds: 2"),
      job: ComparisonResumeTests.compare(), stopAfter: 18),
    "driven particles": Kind(
      text: ResumeTests.text(few, steps: 6), job: ResumeTests.driven(particles: 40000),
      stopAfter: 14,
      prepare: { _ = try $0.undisturbed(InterruptedRun.limit) }),
    "densities of fresh particles": Kind(
      text: ResumeTests.text(few), job: ComparisonResumeTests.density(particles: 40000, grid: 16),
      stopAfter: 3,
      prepare: {
        _ = try $0.undisturbed(InterruptedRun.limit)
        try $0.text.write(toFile: $0.folder + "/run.yaml", atomically: true, encoding: .utf8)
      }),
  ]

  private func interrupted(_ name: String) throws -> InterruptedFiles {
    let kind = try #require(Self.kinds[name])
    return try InterruptedFiles(
      kind.text, kind.job, stopAfter: kind.stopAfter, prepare: kind.prepare)
  }

  /// Bytes as disks and copies damage them: checksums find it.
  @Test(arguments: kinds.keys.sorted()) func damagedBytes(name: String) throws {
    let left = try interrupted(name)
    defer { left.run.remove() }
    var outcomes = Outcomes()
    for input in inputs(short: 5, slow: 200) {
      var source = MutationSource(seed: 8, input: input)
      var files = left.files
      for _ in 0...source.index(2) {
        let place = source.index(files.count)
        files[place] = ByteMutation().mutated(files[place], &source)
      }
      try left.place(files)
      outcomes.add("\(name) \(input)", [.badInput]) {
        let contents = try left.resumed()
        #expect(contents.differences(from: left.whole) == [], "\(name) \(input)")
      }
    }
    outcomes.check()
  }

  /// Numbers, names and lengths that no program wrote, under checksums that are right: what is read may be wrong,
  /// but never a trap.
  @Test(arguments: kinds.keys.sorted()) func hostileNumbers(name: String) throws {
    let left = try interrupted(name)
    defer { left.run.remove() }
    let before = peakOfAddresses()
    let checkpoint = SectionMutation(left.files[0], isJournal: false)
    let journal = SectionMutation(left.files[2], isJournal: true)
    var outcomes = Outcomes()
    for input in inputs(short: 5, slow: 300) {
      var source = MutationSource(seed: 9, input: input)
      var files = left.files
      if source.index(4) == 0 {
        files[2] = journal.mutated(&source)
      } else {
        files[0] = checkpoint.mutated(&source)
        // Otherwise a refusal of the first one would lead to the second.
        files[1] = []
      }
      try left.place(files)
      outcomes.add("\(name) \(input)", [.badInput]) { _ = try left.resumed() }
    }
    outcomes.check()
    #expect(peakOfAddresses() - before < 4 << 30, "bytes")
  }

  /// Without a change the run goes on; the arrays of the mutations are those of the file.
  @Test(arguments: kinds.keys.sorted()) func whatIsLeftIsContinued(name: String) throws {
    let left = try interrupted(name)
    defer { left.run.remove() }
    #expect(left.files.allSatisfy { !$0.isEmpty })
    try left.place(left.files)
    #expect(try left.resumed().differences(from: left.whole) == [])
    try left.place(left.files)
    #expect(try left.run.contents().contains("parts.nc.checkpoint.previous"))
  }

  /// The most address space that this process has had, in bytes.
  private func peakOfAddresses() -> Int {
    let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmPeak:") }
    return line?.split(separator: " ").compactMap { Int($0) }.first.map { $0 << 10 } ?? 0
  }
}
