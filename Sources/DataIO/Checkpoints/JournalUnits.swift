/// How a journal's sections belong together: `UNIT/ARRAY` of each array that was put, `UNIT/done` behind the last.
///
/// Pieces and the result that they belong to are of use together alone, since a unit that is computed again makes
/// all of its pieces again. The result is put behind its pieces.
enum JournalUnits {
  static let done = "done"

  /// What stands under the name of ``done``.
  static func mark(isResult: Bool) -> [UInt8] { isResult ? [1] : [] }

  /// How many sections there are up to the last result.
  static func finished(_ sections: [(name: String, section: SectionInput.Section)]) -> Int {
    let count = mark(isResult: true).count
    return sections.lastIndex { $0.name.hasSuffix("/\(done)") && $0.section.count == count }
      .map { $0 + 1 } ?? 0
  }
}
