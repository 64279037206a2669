import Checkpoints
import Diagnostics
import Foundation
import LinearAlgebra
import MessagePassing
import TestSupport
import Testing

@testable import DataIO

/// Checkpoints of several processes, and of other numbers of them than those that go on.
@Suite struct DividedCheckpointTests {
  let folder: CheckpointFolder

  init() throws { folder = try CheckpointFolder() }

  /// Numbers of an array that is divided, in rows of three.
  private static let rows = 11
  private static func number(_ index: Int, step: Int) -> Double { Double(100 * step + index) }

  private static func options(
    _ ranks: Ranks, resumes: Bool, _ stop: StopRequest = StopRequest()
  ) -> CheckpointOptions {
    CheckpointOptions(interval: 0, resumes: resumes, stop: stop, ranks: ranks)
  }

  private static func exchange(
    _ state: RunState, _ buffer: AlignedBuffer<Double>, _ ranks: Ranks, _ step: inout Int
  ) throws {
    try state.exchange("number", &step)
    let first = 3 * ranks.share(of: rows).lowerBound
    try state.exchange("rows", buffer, part: StatePart(first: first, total: 3 * rows))
  }

  /// A run of so many processes that is at a step of its second unit.
  private static func interrupt(_ output: String, _ ranks: Ranks, steps: Range<Int>) throws {
    let run = try RunCheckpoints(output: output, options(ranks, resumes: false))
    try run.begin(settings: CheckpointFolder.settings, history: "then")
    let units = CheckpointUnits(run)
    var result = [2.5]
    try units.complete("first") { try $0.exchange("result", &result) }
    for var step in steps {
      let held = ranks.share(of: rows)
      let buffer = AlignedBuffer<Double>(count: 3 * held.count, repeating: 0)
      for i in 0..<buffer.count { buffer.base[i] = number(3 * held.lowerBound + i, step: step) }
      try units.boundary("second")(.step(step)) { try exchange($0, buffer, ranks, &step) }
    }
  }

  /// The step that a run goes on from, with all numbers right.
  private static func resumed(_ output: String, _ ranks: Ranks) throws -> Int {
    let run = try RunCheckpoints(output: output, options(ranks, resumes: true))
    try run.begin(settings: CheckpointFolder.settings, history: "now")
    let units = CheckpointUnits(run)
    var result: [Double] = []
    guard try units.restore("first", { try $0.exchange("result", &result) }), result == [2.5],
      try !units.restore("second", { _ in })
    else { return -1 }
    let held = ranks.share(of: rows)
    let buffer = AlignedBuffer<Double>(count: 3 * held.count, repeating: -1)
    var step = 0
    try units.boundary("second")(.start) { try exchange($0, buffer, ranks, &step) }
    let isRight = (0..<buffer.count).allSatisfy {
      buffer.base[$0] == number(3 * held.lowerBound + $0, step: step)
    }
    return isRight ? step : -2
  }

  private func interrupt(_ count: Int) {
    let output = folder.output
    let errors = ProcessesInMemory.run(count) { ranks in
      refusal { try Self.interrupt(output, ranks, steps: 2..<5) }
    }
    #expect(errors.allSatisfy { $0 == nil })
  }

  private func resumed(_ count: Int) -> [Int] {
    let output = folder.output
    return ProcessesInMemory.run(count) { ranks in (try? Self.resumed(output, ranks)) ?? -3 }
  }

  @Test(
    "Any number of processes goes on from any other, processes without rows included",
    arguments: [1, 2, 3, 13], [1, 2, 4, 12])
  func numbers(before: Int, after: Int) {
    interrupt(before)
    #expect(resumed(after) == Array(repeating: 4, count: after))
  }

  @Test("Parts are those of the latest checkpoint and of the one before it, and go with the run")
  func files() throws {
    interrupt(2)
    let parts = folder.contents().filter { $0.contains(".part-") }
    // The first unit's end is a boundary, too: four checkpoints.
    #expect(
      parts == ["3-0", "3-1", "4-0", "4-1"].map { "run.nc.checkpoint.part-\($0)" })
    let run = try RunCheckpoints(output: folder.output, Self.options(.alone, resumes: true))
    try run.begin(settings: CheckpointFolder.settings, history: "now")
    run.finish()
    #expect(folder.contents() == [])
  }

  @Test("A part that is damaged, missing or of another checkpoint is no part", arguments: 0..<3)
  func damage(kind: Int) throws {
    interrupt(3)
    let part = folder.paths.part(generation: 4, rank: 1)
    var bytes = try folder.bytes(part)
    switch kind {
    case 0: bytes[bytes.count - 60] ^= 1
    case 1: try FileManager.default.removeItem(atPath: part)
    default: bytes = try folder.bytes(folder.paths.part(generation: 3, rank: 1))
    }
    if kind != 1 { try folder.write(bytes, to: part) }
    // The checkpoint before it.
    #expect(resumed(2) == [3, 3])
    try FileManager.default.removeItem(atPath: folder.paths.part(generation: 3, rank: 0))
    let output = folder.output
    let units = ProcessesInMemory.run(2) { ranks in
      (try? RunCheckpoints(output: output, Self.options(ranks, resumes: true)))?.opened?.head.unit
    }
    // Without states, what is finished is left.
    #expect(units == ["", ""])
  }

  @Test("Processes with different data or settings refuse to share a run, all of them")
  func disagreement() {
    let output = folder.output
    let messages = ProcessesInMemory.run(3) { ranks in
      refusal {
        let run = try RunCheckpoints(output: output, Self.options(ranks, resumes: false))
        try run.begin(
          settings: CheckpointFolder.settings + [
            RunSetting(key: "data", value: ranks.rank == 2 ? "4f" : "3e")
          ], history: "then")
      }
    }
    for message in messages {
      #expect(message?.kind == .badInput)
      #expect(
        message?.message
          == "the processes do not have the same run: data is 3e on one and 4f on another; accepted: the same"
          + " configuration, data and options for all")
    }
  }

  @Test("A signal to any process stops all, after a checkpoint")
  func signal() {
    let output = folder.output
    let messages = ProcessesInMemory.run(3) { ranks in
      refusal {
        let stop = StopRequest()
        var options = Self.options(ranks, resumes: false, stop)
        options.interval = nil
        let run = try RunCheckpoints(output: output, options)
        try run.begin(settings: CheckpointFolder.settings, history: "then")
        let buffer = AlignedBuffer<Double>(
          count: 3 * ranks.share(of: Self.rows).count, repeating: 0)
        for step in 1...3 {
          if step == 2, ranks.rank == 2 { _ = stop.make(signal: SIGTERM) }
          var number = step
          try CheckpointUnits(run).boundary("second")(.step(step)) {
            try Self.exchange($0, buffer, ranks, &number)
          }
        }
      }
    }
    for message in messages {
      #expect(message?.kind == .stoppedBySignal)
      #expect(message?.message.hasPrefix("stopped by SIGTERM with a checkpoint written") == true)
    }
    #expect(folder.contents().contains("run.nc.checkpoint.part-1-2"))
  }
}
