import Testing

@testable import ParticleSystems

@Suite struct ScheduleTests {
  @Test func batchesRunThroughTheSetInOrder() {
    let schedule = BatchSchedule.batches(size: 4, shuffleSeed: nil)
    let batches = (0..<6).map { schedule.indices(update: $0, points: 10)! }
    #expect(batches[..<3] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]])
    #expect(batches[3...] == batches[..<3])
    #expect(BatchSchedule.full.indices(update: 3, points: 10) == nil)
  }

  @Test func shuffledEpochsVisitEveryPointOnceInOrdersOfTheirOwn() {
    let schedule = BatchSchedule.batches(size: 4, shuffleSeed: 9)
    let epochs = (0..<2).map { epoch in
      (0..<3).flatMap { schedule.indices(update: 3 * epoch + $0, points: 10)! }
    }
    #expect(epochs.allSatisfy { $0.sorted() == Array(0..<10) })
    #expect(epochs[0] != epochs[1])
  }

  @Test func recordedStepsIncludeBothEnds() {
    #expect(RecordedSteps.every(3).list(upTo: 7) == [0, 3, 6, 7])
    #expect(RecordedSteps.every(5).list(upTo: 0) == [0])
    #expect(
      RecordedSteps.logarithmic.list(upTo: 30)
        == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 16, 20, 25, 30])
    #expect(RecordedSteps.logarithmic.list(upTo: 3) == [0, 1, 2, 3])
    #expect(RecordedSteps.logarithmic.list(upTo: 100_000).count == 51)
  }
}
