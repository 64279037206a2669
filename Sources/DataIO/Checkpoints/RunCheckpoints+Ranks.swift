import Checkpoints
import Diagnostics
import MessagePassing

/// How several processes find the checkpoint of an interrupted run: the first one looks, and asks the others to check
/// parts with it before it tells them what it has found.
extension RunCheckpoints {
  /// Refuses a run that is not the same on all processes: data that differ from machine to machine, above all.
  ///
  /// - Throws: `Diagnostic(.badInput)`, on all processes.
  func checkAgreement(on settings: [RunSetting]) throws {
    let ranks = options.ranks
    if ranks.isAlone { return }
    func text(_ part: (RunSetting) -> String) -> String {
      settings.map(part).joined(separator: "\0")
    }
    let (keys, values) = (ranks.agreed(text(\.key)), ranks.agreed(text(\.value)))
    let first = zip(
      keys.split(separator: "\0", omittingEmptySubsequences: false),
      values.split(separator: "\0", omittingEmptySubsequences: false)
    ).map { RunSetting(key: String($0), value: String($1)) }
    let difference = settings.firstDifference(from: first).map {
      "\($0.key) is \($0.theirs ?? "none") on one and \($0.mine ?? "none") on another"
    }
    guard let difference = ranks.firstText(difference) else { return }
    throw Diagnostic(
      .badInput,
      "the processes do not have the same run: \(difference); accepted: the same configuration, data and options for"
        + " all", file: output)
  }

  /// Why one of the files of a checkpoint's parts cannot be used; `nil` where all are whole. On the first process.
  func damageOfParts(_ head: CheckpointHead) -> String? {
    guard head.parts > 0 else { return nil }
    let question = [1, head.parts, head.generation, head.partsMark]
    return answer(options.ranks.agreed(question))
  }

  /// Checks this process's share of the files, and returns what is wrong with any.
  private func answer(_ question: [Int]) -> String? {
    let (count, generation, mark) = (question[1], question[2], question[3])
    var damage: String?
    for rank in stride(from: options.ranks.rank, to: count, by: options.ranks.count)
    where damage == nil {
      do {
        try CheckpointParts.check(paths.part(generation: generation, rank: rank), mark: mark)
      } catch {
        damage = (error as? Damage)?.reason ?? "\(error)"
      }
    }
    return options.ranks.firstText(damage)
  }

  /// Tells the others what was found.
  func lead() {
    let ranks = options.ranks
    if ranks.isAlone { return }
    _ = ranks.agreed([
      0, isFinished ? 1 : 0, opened == nil ? 0 : 1, opened?.head.replacesOutput == true ? 1 : 0,
    ])
    guard let opened else { return }
    _ = ranks.agreed([opened.head.step, opened.head.parts, opened.head.generation])
    for text in [opened.path, opened.head.unit, opened.head.history] { _ = ranks.agreed(text) }
  }

  /// Helps the first process, and takes what it has found.
  func follow() {
    let ranks = options.ranks
    var message = ranks.agreed([Int]())
    while message[0] == 1 {
      _ = answer(message)
      message = ranks.agreed([Int]())
    }
    isFinished = message[1] == 1
    guard message[2] == 1 else { return }
    var head = CheckpointHead()
    head.replacesOutput = message[3] == 1
    let numbers = ranks.agreed([Int]())
    (head.step, head.parts, head.generation) = (numbers[0], numbers[1], numbers[2])
    let path = ranks.agreed("")
    (head.unit, head.history) = (ranks.agreed(""), ranks.agreed(""))
    opened = CheckpointFile.Opened(path: path, head: head, archive: nil, handle: nil)
  }
}
