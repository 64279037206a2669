import DataIO
import Diagnostics
import Foundation
import Testing

@Suite struct NetCDFWriterTests {
  /// Every kind of variable and attribute, written in blocks and read back whole, and the other way.
  @Test func roundTrip() throws {
    let folder = try NetCDFScratchFolder()
    let path = folder("a b é.nc")
    let long = String(repeating: "é", count: 50_000)
    do {
      let file = try NetCDFWriter(path: path, force: false)
      let x = try file.defineDimension("x", length: 2)
      let y = try file.defineDimension("y", length: 3)
      let none = try file.defineDimension("none", length: 0)
      let group = try file.defineGroup("inner")
      let double = try file.defineVariable("double", Double.self, [x, y], longName: "d")
      let float = try file.defineVariable(
        "float", Float.self, [y], units: "m", longName: "f", in: group)
      let integer = try file.defineVariable("integer", Int.self, [x], longName: "i")
      let small = try file.defineVariable("small", Int32.self, [y], longName: "s")
      let scalar = try file.defineVariable("scalar", Double.self, [], longName: "s")
      let nothing = try file.defineVariable("nothing", Double.self, [x, none], longName: "n")
      try file.setAttribute("long", .text(long))
      try file.setAttribute("empty", .text(""))
      try file.setAttribute("number", .double(0.1), of: double)
      try file.setAttribute("count", .int(1 << 40), in: group)
      try file.write([1.0, 2], to: double, start: [1, 1], count: [1, 2])
      try file.write([0.5, 1.5, 2.5], to: float)
      try file.write([-5, 1 << 60], to: integer)
      try file.write([7 as Int32, 8, 9], to: small)
      try file.write([3.25], to: scalar)
      try file.write([Double](), to: nothing)
      // The unfinished file and its lock.
      #expect(try folder.contents().count == 2)
      #expect(!FileManager.default.fileExists(atPath: path))
      try file.finish()
    }
    #expect(try folder.contents() == ["a b é.nc"])
    let file = try NetCDFReader(path: path)
    let double = try file.read("double")
    #expect(double[4...] == [1, 2] && double[..<4].allSatisfy(\.isNaN))
    #expect(try file.read("double", start: [1, 2], count: [1, 1]) == [2])
    let inner = try #require(file.group("inner"))
    #expect(try file.read("float", in: inner) == [0.5, 1.5, 2.5])
    #expect(try file.read("float", as: Float.self, in: inner) == [0.5, 1.5, 2.5])
    #expect(try file.read("integer", as: Int.self) == [-5, 1 << 60])
    #expect(try file.read("small", as: Int32.self) == [7, 8, 9])
    #expect(try file.read("scalar") == [3.25])
    #expect(try file.read("nothing") == [])
    #expect(try file.shape(of: "double").map(\.name) == ["x", "y"])
    #expect(try file.dimensionLength("y") == 3 && file.dimensionLength("none") == 0)
    #expect(try file.dimensionLength("z") == nil)
    #expect(file.hasVariable("float", in: inner) && !file.hasVariable("float"))
    #expect(file.group("outer") == nil)
    #expect(try file.groupNames() == ["inner"])
    #expect(try file.attribute("long") == .text(long))
    #expect(try file.attribute("empty") == .text(""))
    #expect(try file.attribute("number", of: "double") == .double(0.1))
    #expect(try file.attribute("count", in: inner) == .int(1 << 40))
    #expect(try file.text("units", of: "double") == "1")
    #expect(try file.attribute("units", of: "float", in: inner) == .text("m"))
    #expect(try file.number("absent") == nil)
  }

  /// A large variable is chunked along its last dimensions and compressed; blocks that straddle
  /// chunks arrive where they belong.
  @Test func largeVariables() throws {
    let folder = try NetCDFScratchFolder()
    let path = folder("large.nc")
    let file = try NetCDFWriter(path: path, force: false)
    let dimensions = try [("a", 3), ("b", 301), ("c", 1001)].map {
      try file.defineDimension($0.0, length: $0.1)
    }
    let plain = try file.defineVariable(
      "plain", Float.self, dimensions, longName: "p", storage: .uncompressed)
    let packed = try file.defineVariable("packed", Double.self, dimensions, longName: "c")
    for a in 0..<3 {
      for b in stride(from: 0, to: 301, by: 43) {
        let block = (0..<(43 * 1001)).map { Double((a * 301 + b) * 1001 + $0) }
        try file.write(block.map(Float.init), to: plain, start: [a, b, 0], count: [1, 43, 1001])
        try file.write(block, to: packed, start: [a, b, 0], count: [1, 43, 1001])
      }
    }
    try file.finish()
    let total = 3 * 301 * 1001
    let reader = try NetCDFReader(path: path)
    #expect(try reader.read("plain") == (0..<total).map(Double.init))
    #expect(try reader.read("packed") == (0..<total).map(Double.init))
    if let header = try output(of: "ncdump", ["-hs", path]) {
      #expect(header.contains("packed:_ChunkSizes = 1, 130, 1001 ;"))
      #expect(header.contains("packed:_DeflateLevel = 1 ;"))
      #expect(header.contains("packed:_Shuffle = \"true\" ;"))
      #expect(header.contains("plain:_ChunkSizes = 1, 261, 1001 ;"))
      #expect(!header.contains("plain:_DeflateLevel"))
    }
  }

  @Test func abandonedFilesLeaveNothing() throws {
    let folder = try NetCDFScratchFolder()
    try "old".write(toFile: folder("run.nc"), atomically: false, encoding: .utf8)
    do {
      let file = try NetCDFWriter(path: folder("run.nc"), force: true)
      let x = try file.defineDimension("x", length: 2)
      let variable = try file.defineVariable("v", Double.self, [x], longName: "v")
      try file.write([1.0, 2], to: variable)
      #expect(try folder.contents().count == 3)
    }
    #expect(try folder.contents() == ["run.nc"])
    #expect(try String(contentsOfFile: folder("run.nc"), encoding: .utf8) == "old")
  }

  @Test func errorsOfTheLibraryAreDiagnostics() throws {
    let folder = try NetCDFScratchFolder()
    let path = folder("run.nc")
    let file = try NetCDFWriter(path: path, force: false)
    _ = try file.defineDimension("x", length: 2)
    #expect(
      throws: Diagnostic(
        .internalFailure,
        "cannot define the dimension x: NetCDF: String match to name in use", file: path)
    ) { try file.defineDimension("x", length: 3) }
    #expect(
      throws: Diagnostic(
        .outputFailure, "the folder \(folder("none")) does not exist", file: folder("none/a.nc"))
    ) { try NetCDFWriter(path: folder("none/a.nc"), force: false) }
  }

  /// Writers on several threads share the one lock.
  @Test func severalThreads() async throws {
    let folder = try NetCDFScratchFolder()
    let base = folder.path
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask {
          let file = try NetCDFWriter(path: "\(base)/\(task).nc", force: false)
          let x = try file.defineDimension("x", length: 1000)
          for index in 0..<20 {
            let v = try file.defineVariable("v\(index)", Double.self, [x], longName: "v")
            try file.write([Double](repeating: Double(task * index), count: 1000), to: v)
          }
          try file.finish()
        }
      }
      try await group.waitForAll()
    }
    for task in 0..<8 {
      let file = try NetCDFReader(path: "\(base)/\(task).nc")
      #expect(
        try file.read("v19") == [Double](repeating: Double(task * 19), count: 1000))
    }
  }

  /// A full disk, which the environment variable INFINITEWIDTH_SMALL_DISK provides: a folder on a
  /// file system of a few megabytes.
  @Test(
    .enabled(
      if: ProcessInfo.processInfo.environment["INFINITEWIDTH_SMALL_DISK"] != nil,
      "INFINITEWIDTH_SMALL_DISK names no folder on a small file system"))
  func fullDisks() throws {
    let folder = ProcessInfo.processInfo.environment["INFINITEWIDTH_SMALL_DISK"]!
    let path = folder + "/run.nc"
    do {
      let file = try NetCDFWriter(path: path, force: true)
      let x = try file.defineDimension("x", length: 8 << 20)
      let v = try file.defineVariable("v", Double.self, [x], longName: "v", storage: .uncompressed)
      try file.write((0..<(8 << 20)).map(Double.init), to: v)
      try file.finish()
      Issue.record("64 MiB fitted")
    } catch let error as Diagnostic {
      #expect(error.kind == .outputFailure && error.file == path)
      #expect(
        [
          "cannot write the variable v: No space left on device",
          "cannot finish the file: No space left on device",
        ].contains(error.message), "\(error)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
  }

  /// Names that the library would take for addresses or commands are plain names here.
  @Test(arguments: ["a#mode=zarr.nc", "http:", "c:", "[log]x.nc", "q?x=1&y.nc"])
  func names(_ name: String) throws {
    let folder = try NetCDFScratchFolder()
    let file = try NetCDFWriter(path: folder(name), force: false)
    try file.setAttribute("a", .int(1))
    try file.finish()
    #expect(try folder.contents() == [name])
    #expect(try NetCDFReader(path: folder(name)).attribute("a") == .int(1))
  }

  /// The library reads a backslash as the separator of folders.
  @Test func backslashes() throws {
    let folder = try NetCDFScratchFolder()
    let path = folder("back\\slash.nc")
    let file = try NetCDFWriter(path: path, force: false)
    try file.finish()
    #expect(try folder.contents() == ["back\\slash.nc"])
    #expect(
      throws: Diagnostic(
        .inputMissing, "the NetCDF library reads no path with a backslash; rename it", file: path)
    ) { try NetCDFReader(path: path) }
    try FileManager.default.createDirectory(
      atPath: folder("a\\b"), withIntermediateDirectories: false)
    let inner = folder("a\\b/run.nc")
    #expect(
      throws: Diagnostic(
        .outputFailure, "the NetCDF library writes to no folder with a backslash in its name",
        file: inner)
    ) { try NetCDFWriter(path: inner, force: false) }
  }
}
