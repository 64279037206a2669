import Foundation
import InfiniteWidth
import Testing

/// One after another: suites that read one file at a time.
@Suite(.serialized) enum ResultSuites {}

extension ResultSuites {
  /// Files of results that were damaged or made by other programs: every reader succeeds or says in one
  /// sentence what it does not take.
  @Suite(.serialized) struct ResultFileTests {
    let files: ResultFiles
    let reading: ResultReading

    init() throws {
      files = try ResultFiles.shared.get()
      reading = try ResultReading(files)
    }

    /// Commands on damaged files: their own words are for the command line too.
    private let kinds: Set<Diagnostic.Kind> = [.badInput, .inputMissing, .commandLine]

    @Test(arguments: ResultFiles.names) func otherContents(name: String) throws {
      let original = try FileTree(files.path(name))
      let (path, output) = (
        "\(files.folder)/tree-\(name).nc", "\(files.folder)/tree-\(name)-out.nc"
      )
      let readers = reading.readers(of: name)
      var outcomes = Outcomes()
      for input in inputs(short: 3, slow: 300) {
        var source = MutationSource(seed: 1, input: input)
        var tree = original
        TreeMutation.mutate(&tree, &source)
        // Changes may contradict each other, so that there is no such file.
        guard (try? tree.write(path)) != nil else { continue }
        for reader in readers {
          outcomes.add("\(name), tree \(input), \(reader.name)", kinds) {
            try reader.read(path, output)
          }
        }
      }
      outcomes.check()
    }
  }
}
