import Checkpoints

/// What a checkpoint says of its run.
struct CheckpointHead: Equatable {
  /// The settings that results depend on.
  var settings: [RunSetting] = []
  /// When and how the run was started, for its file.
  var history = ""
  /// Whether it was allowed to replace a finished file.
  var replacesOutput = false
  /// The unit that was interrupted; empty between units.
  var unit = ""
  /// Its steps.
  var step = 0
  /// The number of the run's journal, so that no other one is taken for it.
  var journalMark: UInt64 = 0
  /// Bytes of the journal that belong to the run so far.
  var journalLength = 0
  /// Processes whose parts of the state are in files of their own; 0 where this file has all of it.
  var parts = 0
  /// How many checkpoints the run had made before this one.
  var generation = 0
  /// The number that the parts have, too.
  var partsMark = 0

  mutating func exchange(_ state: RunState) throws {
    var keys = settings.map(\.key).joined(separator: "\0")
    var values = settings.map(\.value).joined(separator: "\0")
    try state.exchange("keys", &keys)
    try state.exchange("values", &values)
    try state.exchange("history", &history)
    try state.exchange("replaces_output", &replacesOutput)
    try state.exchange("unit", &unit)
    try state.exchange("step", &step)
    try state.exchange("journal.mark", &journalMark)
    try state.exchange("journal.length", &journalLength)
    try state.exchange("parts", &parts)
    try state.exchange("parts.mark", &partsMark)
    try state.exchange("generation", &generation)
    guard parts >= 0, generation >= 0 else { throw state.misfit("parts", "a negative number") }
    guard state.isRestoring else { return }
    let (names, texts) = (Self.split(keys), Self.split(values))
    guard names.count == texts.count else { throw state.misfit("values", "no value a key") }
    settings = zip(names, texts).map { RunSetting(key: $0, value: $1) }
  }

  private static func split(_ text: String) -> [String] {
    text.split(separator: "\0", omittingEmptySubsequences: false).map(String.init)
  }
}

extension [RunSetting] {
  /// The first binding setting that others do not have with the same value, or that only they have.
  package func firstDifference(
    from theirs: [RunSetting]
  ) -> (key: String, mine: String?, theirs: String?)? {
    let stored = Dictionary(theirs.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    for setting in self where setting.isBinding && stored[setting.key] != setting.value {
      return (setting.key, setting.value, stored[setting.key])
    }
    let known = Set(map(\.key))
    return theirs.first { !known.contains($0.key) }.map { ($0.key, nil, $0.value) }
  }
}

/// A setting that the results of a run depend on.
package struct RunSetting: Sendable, Equatable {
  /// Such as `training.steps` or `--precision`; what is no setting of the user is in words.
  package let key: String
  package let value: String
  /// Whether a difference is refused; else people are told.
  package let isBinding: Bool

  package init(key: String, value: String, isBinding: Bool = true) {
    self.key = key
    self.value = value.replacing("\0", with: "")
    self.isBinding = isBinding
  }
}
