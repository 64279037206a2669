import MessagePassing
import TestSupport
import Testing

/// The division of pieces, and what processes give each other.
struct RanksTests {
  @Test("Shares are consecutive, complete and even, whatever the numbers", arguments: 1...9)
  func shares(count: Int) {
    let divisions = ProcessesInMemory.run(count) { ranks in
      (0...40).map { pieces in (0..<count).map { ranks.share(of: pieces, rank: $0) } }
    }
    for (pieces, shares) in divisions[0].enumerated() {
      #expect(shares.flatMap { Array($0) } == Array(0..<pieces))
      #expect(
        shares.allSatisfy { [pieces / count, (pieces + count - 1) / count].contains($0.count) })
    }
    #expect(divisions.allSatisfy { $0 == divisions[0] })
  }

  @Test("The holder of a piece is the process whose share has it", arguments: 1...9)
  func holders(count: Int) {
    let wrong = ProcessesInMemory.run(count) { ranks in
      (1...40).flatMap { pieces in
        (0..<pieces).filter {
          !ranks.share(of: pieces, rank: ranks.rank(of: $0, of: pieces)).contains($0)
        }
      }
    }
    #expect(wrong == Array(repeating: [], count: count))
  }

  @Test("A process that is alone has all, and nobody to agree with")
  func alone() {
    let ranks = Ranks.alone
    #expect(ranks.share(of: 7) == 0..<7)
    #expect(ranks.agreed([3, 4]) == [3, 4])
    #expect(ranks.all(5) == [5])
    #expect(ranks.firstText("no") == "no")
    #expect(ranks.firstText(nil) == nil)
    #expect(ranks.isFirst && ranks.isAlone && ranks.machineShare == 1)
  }

  @Test("Agreements are those of the first process, or of the first that has something to say")
  func agreements() {
    let answers = ProcessesInMemory.run(3) { ranks in
      [
        ranks.agreed("text of \(ranks.rank)"), "\(ranks.agreed(10 + ranks.rank))",
        "\(ranks.agreed(Array(repeating: ranks.rank, count: 2 + ranks.rank)))",
        "\(ranks.all(ranks.rank * ranks.rank))",
        ranks.firstText(ranks.rank == 0 ? nil : "reason of \(ranks.rank)") ?? "none",
        ranks.firstText(nil) ?? "none",
      ]
    }
    let expected = ["text of 0", "10", "[0, 0]", "[0, 1, 4]", "reason of 1", "none"]
    #expect(answers == [expected, expected, expected])
  }

  @Test("Parts of unequal length are gathered in order, and received bytes are counted")
  func gathering() {
    let results = ProcessesInMemory.run(4) { ranks in
      var values = [Double](repeating: -1, count: 6)
      for place in ranks.share(of: 6) { values[place] = Double(place * place) }
      values.withUnsafeMutableBufferPointer {
        ranks.gather($0) { ranks.share(of: 6, rank: $0) }
      }
      return (values, ranks.receivedBytes, 8 * (6 - ranks.share(of: 6).count))
    }
    for (values, received, expected) in results {
      #expect(values == [0, 1, 4, 9, 16, 25])
      #expect(received == expected)
    }
  }

  @Test(
    "What launchers set is understood",
    arguments: [
      (["OMPI_COMM_WORLD_RANK": "2", "OMPI_COMM_WORLD_SIZE": "4"], 2, 4),
      (["PMI_RANK": "0", "PMI_SIZE": "3"], 0, 3),
      (["PMIX_RANK": "1", "SLURM_NTASKS": "2"], 1, 2),
    ])
  func launch(environment: [String: String], rank: Int, count: Int) throws {
    let launch = try #require(MPI.launch(environment))
    #expect(launch == (rank, count))
    #expect(MPI.launch(["PMIX_RANK": "1", "HOME": "/"]) == nil)
  }
}
