import Checkpoints
import Foundation
import LinearAlgebra
import Testing

@testable import DataIO

/// Checkpoints as files: what goes in comes out, and nothing that is damaged does.
@Suite struct CheckpointFileTests {
  let folder: CheckpointFolder

  init() throws { folder = try CheckpointFolder() }

  @Test func statesComeBackBitByBit() throws {
    let buffer = AlignedBuffer<Float>(count: 1000, repeating: 0)
    for i in 0..<1000 { buffer.base[i] = Float(bitPattern: UInt32(i) &* 2_654_435_761) }
    let bits: [UInt64] = [0, 1, .max]
    let numbers = [0.1, -0.0, .infinity, .nan, .leastNonzeroMagnitude]
    let rows: [[Double]] = [[1, 2], [], [3]]
    let lists: [[[Double]]] = [[[1], [2, 3]], [[4], [5, 6]]]
    try CheckpointFile.write(folder.paths, CheckpointHead()) { state in
      var (bits, numbers, rows, lists) = (bits, numbers, rows, lists)
      var (flag, text, integer) = (true, "größe", Int.min)
      try state.exchange("buffer", buffer)
      try state.exchange("bits", &bits)
      try state.part("a").exchange("numbers", &numbers)
      try state.part("b").exchange("numbers", &numbers)
      try state.exchange("rows", &rows)
      try state.exchange("lists", &lists, lengths: [1, 2])
      try state.exchange("flag", &flag)
      try state.exchange("text", &text)
      try state.exchange("integer", &integer)
    }
    let opened = try #require(try CheckpointFile.open(folder.paths.latest))
    let copy = AlignedBuffer<Float>(count: 1000, repeating: 0)
    var (readBits, a, b): ([UInt64], [Double], [Double]) = ([], [], [])
    var (readRows, readLists): ([[Double]], [[[Double]]]) = ([], [])
    var (flag, text, integer) = (false, "", 0)
    let state = opened.state(folder.paths)
    try state.exchange("buffer", copy)
    try state.exchange("bits", &readBits)
    try state.part("a").exchange("numbers", &a)
    try state.part("b").exchange("numbers", &b, count: 5)
    try state.exchange("rows", &readRows, lengths: [2, 0, 1])
    try state.exchange("lists", &readLists, lengths: [1, 2])
    try state.exchange("flag", &flag)
    try state.exchange("text", &text)
    try state.exchange("integer", &integer)
    #expect(copy.contents.map(\.bitPattern) == buffer.contents.map(\.bitPattern))
    #expect(readBits == bits && readRows == rows && readLists == lists)
    #expect(a.map(\.bitPattern) == numbers.map(\.bitPattern) && b.count == 5)
    #expect(flag && text == "größe" && integer == .min)
    #expect(folder.contents() == ["run.nc.checkpoint"])
  }

  /// What is asked for and is not there, or of another shape, is an error and no trap.
  @Test func arraysThatDoNotFitAreRefused() throws {
    try CheckpointFile.write(folder.paths, CheckpointHead()) { state in
      var numbers = [1.0, 2]
      try state.exchange("numbers", &numbers)
      var rows = [[1.0, 2]]
      try state.exchange("rows", &rows)
    }
    let opened = try #require(try CheckpointFile.open(folder.paths.latest))
    func refusal(_ exchange: (RunState) throws -> Void) -> String {
      do {
        try exchange(opened.state(folder.paths))
        return "none"
      } catch { return "\(error)" }
    }
    var numbers: [Double] = []
    var floats: [Float] = []
    var rows: [[Double]] = []
    #expect(
      refusal { try $0.exchange("numbers", &numbers, count: 3) }
        == "the checkpoint's array state/numbers has 2 numbers, not 3; accepted: a checkpoint of this run"
    )
    let name = "\(folder.output).checkpoint"
    #expect(
      refusal { try $0.exchange("others", &numbers) }
        == "\(name): it has no array state/others; accepted: a checkpoint of this run")
    #expect(
      refusal { try $0.exchange("numbers", &floats) }
        == "\(name): its array state/numbers has numbers of another kind; accepted: a checkpoint of this run"
    )
    #expect(refusal { try $0.exchange("rows", &rows, lengths: [1, 1]) } != "none")
    let buffer = AlignedBuffer<Double>(count: 3, repeating: 0)
    #expect(
      refusal { try $0.exchange("numbers", buffer) }
        == "\(name): its array state/numbers has 2 numbers, not 3; accepted: a checkpoint of this run"
    )
  }

  @Test func everyTruncationIsFound() throws {
    try folder.interrupt()
    let whole = try folder.bytes(folder.paths.latest)
    for length in whole.indices {
      try folder.write(Array(whole[..<length]), to: folder.paths.latest)
      #expect(throws: Damage.self, "\(length)") { try CheckpointFile.open(folder.paths.latest) }
    }
    try folder.write(whole + [0], to: folder.paths.latest)
    #expect(throws: Damage("bytes follow its end")) {
      try CheckpointFile.open(folder.paths.latest)
    }
    try folder.write(whole, to: folder.paths.latest)
    #expect(try CheckpointFile.open(folder.paths.latest) != nil)
  }

  @Test func everyFlippedByteIsFound() throws {
    try folder.interrupt()
    let whole = try folder.bytes(folder.paths.latest)
    for index in whole.indices {
      for mask: UInt8 in [1, 0x80, 0xff] {
        var bytes = whole
        bytes[index] ^= mask
        try folder.write(bytes, to: folder.paths.latest)
        #expect(throws: Damage.self, "\(index)") { try CheckpointFile.open(folder.paths.latest) }
      }
    }
  }

  /// Heads that claim more than there is, with checksums that are right.
  @Test(arguments: [1 << 31, 1 << 32, 1 << 60, 1 << 61, UInt64(1) << 63, .max])
  func claimsBeyondTheFileAreRefused(count: UInt64) throws {
    try folder.interrupt()
    let whole = try folder.bytes(folder.paths.latest)
    for element in StateElement.allCases {
      let name = Array("state/x".utf8)
      let header = SectionFormat.Header(
        mark: SectionFormat.section, nameBytes: 7, element: element.rawValue, checksum: 0,
        count: count, number: 0)
      try folder.write(
        Array(whole[..<16]) + header.encoded(name: name) + [1, 2, 3], to: folder.paths.latest)
      #expect(throws: Damage("it is cut off")) { try CheckpointFile.open(folder.paths.latest) }
      var long = header
      long.nameBytes = UInt32(truncatingIfNeeded: count | 0x7fff_0000)
      try folder.write(
        Array(whole[..<16]) + long.encoded(name: name), to: folder.paths.latest)
      #expect(throws: Damage.self) { try CheckpointFile.open(folder.paths.latest) }
    }
  }

  @Test func whatIsNoCheckpointIsSaid() throws {
    #expect(try CheckpointFile.open(folder.paths.latest) == nil)
    try folder.write(Array("CDF\u{1} and so on and so on".utf8), to: folder.paths.latest)
    #expect(throws: Damage("it is no checkpoint")) {
      try CheckpointFile.open(folder.paths.latest)
    }
    var other = CheckpointFile.mark + [1, 0, 0, 0, 0, 0, 0, 0]
    try folder.write(other, to: folder.paths.latest)
    #expect(
      throws: Damage("it has another format than this version of the program, which is number 3")
    ) { try CheckpointFile.open(folder.paths.latest) }
    other[8] = 3
    try folder.write(other, to: folder.paths.latest)
    #expect(throws: Damage("it is cut off")) { try CheckpointFile.open(folder.paths.latest) }
    try FileManager.default.removeItem(atPath: folder.paths.latest)
    try FileManager.default.createDirectory(
      atPath: folder.paths.latest, withIntermediateDirectories: false)
    #expect(throws: Damage("it is no regular file")) {
      try CheckpointFile.open(folder.paths.latest)
    }
  }
}
