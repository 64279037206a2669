import Testing

@testable import Experiments

/// Labels of MNIST's format are in files that are named after those of the images.
@Suite struct LabelFilesTests {
  func data(_ text: String) throws -> DataSection {
    try LoadedConfiguration.parse(text: "data: {format: mnist, \(text)}", path: "run.yaml")
      .configuration.data
  }

  @Test func namedByThePattern() throws {
    let both = try data(
      "train_path: a/train-images-idx3-ubyte.gz, test_path: a/t10k-images.idx3-ubyte")
    #expect(both.trainLabelsPath == "a/train-labels-idx1-ubyte.gz")
    #expect(both.testLabelsPath == "a/t10k-labels.idx1-ubyte")
    let one = try data("train_path: a/t10k-images-idx3-ubyte.gz")
    #expect(one.trainLabelsPath == "a/t10k-labels-idx1-ubyte.gz" && one.testLabelsPath == nil)
    // What is given stands.
    let given = try data("train_path: a/t10k-images-idx3-ubyte.gz, train_labels_path: b")
    #expect(given.trainLabelsPath == "b")
  }
}
