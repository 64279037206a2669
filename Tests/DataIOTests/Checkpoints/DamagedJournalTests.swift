import Checkpoints
import Diagnostics
import Foundation
import Testing

@testable import DataIO

/// The journal, of which there is one copy: what is damaged is repaired, or costs as little as it can.
@Suite struct DamagedJournalTests {
  let folder: CheckpointFolder

  init() throws { folder = try CheckpointFolder() }

  /// Three units, of which the last is interrupted at step 4, each with a piece.
  ///
  /// - Parameter numbers: of each piece.
  private func interrupt(numbers: Int = 3) throws {
    let run = try folder.open()
    try run.begin(settings: CheckpointFolder.settings, history: "then")
    for unit in 1...3 {
      let units = CheckpointUnits(run).part("part \(unit)")
      var piece = Self.piece(unit, numbers)
      try units.put("piece") { try $0.exchange("numbers", &piece) }
      guard unit < 3 else {
        for step in 3...4 {
          try units.boundary("training")(.step(step)) { state in
            var number = step
            try state.exchange("number", &number)
          }
        }
        break
      }
      var result = unit
      try units.complete("training") { try $0.exchange("result", &result) }
    }
  }

  private static func piece(_ unit: Int, _ numbers: Int) -> [Double] {
    (0..<numbers).map { 1 / Double(unit + $0) }
  }

  /// What is there of every unit, and the step that the last goes on from.
  private func resumed(numbers: Int = 3) throws -> (finished: [Bool], step: Int?) {
    let run = try folder.open(resumes: true)
    try run.begin(settings: CheckpointFolder.settings, history: "now")
    var step: Int?
    let finished = try (1...3).map { unit in
      let units = CheckpointUnits(run).part("part \(unit)")
      var (piece, result) = ([Double](), 0)
      let hasPiece = try units.restore("piece") { try $0.exchange("numbers", &piece) }
      #expect(!hasPiece || piece == Self.piece(unit, numbers))
      try units.boundary("training")(.start) { state in
        var number = 0
        try state.exchange("number", &number)
        step = number
        #expect(hasPiece, "a state without its pieces")
      }
      let isThere = try units.restore("training") { try $0.exchange("result", &result) }
      #expect(!isThere || (result == unit && hasPiece))
      return isThere
    }
    return (finished, step)
  }

  @Test func aFlippedByteCostsNothing() throws {
    try interrupt()
    let whole = try folder.bytes(folder.paths.journal)
    var repairs = 0
    for index in whole.indices {
      for mask: UInt8 in [1, 0xff] {
        var bytes = whole
        bytes[index] ^= mask
        try folder.write(bytes, to: folder.paths.journal)
        let before = folder.reports.count
        let (finished, step) = try resumed()
        #expect(finished == [true, true, false] && step == 4, "\(index)")
        let reports = folder.reports[before...]
        guard reports.count == 2 else {
          // What is kept for repairs alone.
          #expect(reports.count == 1)
          continue
        }
        repairs += 1
        #expect(
          reports.first
            == "warning: the journal \(folder.paths.journal) was damaged and has been repaired, nothing is lost"
        )
        #expect(try folder.bytes(folder.paths.journal) == whole, "\(index)")
      }
    }
    // A short section is half of what stands for it.
    #expect(repairs > whole.count * 3 / 4 && repairs < whole.count * 2)
  }

  /// Sectors of a disk, at any place of a large array.
  @Test func aLostSectorCostsNothing() throws {
    let numbers = 40_000
    try interrupt(numbers: numbers)
    let whole = try folder.bytes(folder.paths.journal)
    let generations = try folder.paths.generations.map(folder.bytes)
    func isWhole() -> Bool { (try? folder.open(resumes: true))?.journal?.isPartial == false }
    var (repaired, tried) = (0, 0)
    for start in stride(from: 0, to: whole.count - 4096, by: 50_001) {
      var bytes = whole
      for index in start..<(start + 4096) { bytes[index] = 0xa5 }
      try folder.write(bytes, to: folder.paths.journal)
      tried += 1
      if isWhole() {
        repaired += 1
        let (finished, step) = try resumed(numbers: numbers)
        #expect(finished == [true, true, false] && step == 4)
      }
      for (path, bytes) in zip(folder.paths.generations, generations) {
        try folder.write(bytes, to: path)
      }
    }
    // Some lie on short sections between the arrays.
    #expect(tried > 15 && repaired >= tried - 3, "\(repaired) of \(tried)")
  }

  /// What is before the damage is used, and the state that goes on from what is lost is not.
  @Test func whatWasFinishedBeforeIsUsed() throws {
    try interrupt()
    let whole = try folder.bytes(folder.paths.journal)
    var counts: [Int: Int] = [:]
    for length in whole.indices {
      try folder.write(Array(whole[..<length]), to: folder.paths.journal)
      let generations = try folder.paths.generations.map(folder.bytes)
      let (finished, step) = try resumed()
      #expect(step == nil && !finished[2])
      let count = finished.count { $0 }
      #expect(finished == [count > 0, count > 1, false])
      counts[count, default: 0] += 1
      // Once more, from the checkpoint that stands for this.
      #expect(try resumed().finished == finished)
      for (path, bytes) in zip(folder.paths.generations, generations) {
        try folder.write(bytes, to: path)
      }
    }
    #expect((0...2).allSatisfy { counts[$0, default: 0] > 100 }, "\(counts)")
    #expect(
      folder.reports.contains(
        "warning: the journal \(folder.paths.journal) is damaged (it is cut off): what was finished before"
          + " that is used, and what came after is computed again"))
    try FileManager.default.removeItem(atPath: folder.paths.journal)
    #expect(try resumed().finished == [false, false, false])
    let reason = { (path: String) in
      "the checkpoint \(path) cannot be used: its journal \(folder.paths.journal) is missing"
    }
    #expect(
      folder.reports.suffix(2) == [
        "warning: \(folder.paths.generations.map(reason).joined(separator: "; ")); nothing of it can be"
          + " used, the run is computed again", "starting from the beginning",
      ])
  }
}
