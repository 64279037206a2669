import DataIO
import Diagnostics
import Networks

extension DatasetRequest {
  /// What the `data` section asks for, with paths relative to the configuration file.
  ///
  /// Labels of a CSV file are real targets where the loss is the squared one and no classes are
  /// named.
  init(_ loaded: LoadedConfiguration, loss: Loss) throws {
    let data = loaded.configuration.data
    func path(_ value: String?, _ key: String) throws -> String {
      guard let value else {
        throw Diagnostic(
          .badInput, "missing; give the path of the training data", key: "data.\(key)")
      }
      return loaded.resolved(path: value)
    }
    let source: Source
    switch data.format {
    case .csv:
      source = .csv(
        trainPath: try path(data.trainPath, "train_path"),
        testPath: data.testPath.map(loaded.resolved(path:)))
    case .cifar10:
      source = .cifar10(
        trainPath: try path(data.trainPath, "train_path"),
        testPath: data.testPath.map(loaded.resolved(path:)))
    case .mnist:
      source = .mnist(
        trainImages: try path(data.trainPath, "train_path"),
        trainLabels: data.trainLabelsPath.map(loaded.resolved(path:)),
        testImages: data.testPath.map(loaded.resolved(path:)),
        testLabels: data.testLabelsPath.map(loaded.resolved(path:)))
    case .synthetic:
      guard let dimension = data.dimension else {
        throw Diagnostic(
          .badInput, "missing; give the number of features", key: "data.dimension")
      }
      source = .synthetic(
        dimension: dimension, separation: data.separation ?? DataSection.defaultSeparation,
        seed: data.seed ?? DataSection.defaultSeed)
    }
    let normalization: Normalization =
      switch data.normalize {
      case .none: .none
      case .standardize: .standardize
      case .affine(let mean, let deviation): .meanStd(mean: mean, std: deviation)
      }
    self.init(
      source: source, classes: data.classes.map { $0.map { $0.labels.map(Double.init) } },
      trainCount: data.train, testCount: data.test, subsetSeed: data.subsetSeed,
      normalization: normalization,
      regression: loss == .squared && data.format == .csv && data.classes == nil)
  }
}
