import InfiniteWidth
import Testing

/// A launcher of several processes has started a program that was built for one.
@Suite(.enabled(if: !MPI.isBuilt)) struct LaunchedProcessesTests {
  private func run(rank: Int, of count: Int) throws -> Program.Result {
    try Program.run(
      ["regime", "ntk"], in: Program.Folder(),
      environment: ["OMPI_COMM_WORLD_RANK": "\(rank)", "OMPI_COMM_WORLD_SIZE": "\(count)"])
  }

  @Test func severalProcessesAreRefusedOnce() throws {
    let first = try run(rank: 0, of: 3)
    #expect(first.status == 64)
    #expect(
      first.errors
        == "infwidth: error: started as one of 3 processes, but built without MPI; accepted: one process, or a"
        + " program built with swift build --traits MPI\n")
    let second = try run(rank: 1, of: 3)
    #expect(second.status == 64)
    #expect(first.output.isEmpty && second.output.isEmpty && second.errors.isEmpty)
  }

  @Test func oneProcessRuns() throws {
    let result = try run(rank: 0, of: 1)
    #expect(result.status == 0)
    #expect(result.output.contains("NTK"))
  }
}
