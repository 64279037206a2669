/// Which points a learning problem is made of, and how: the `data` section of a configuration.
public struct DatasetRequest: Sendable, Equatable {
  /// Where points come from. Without a test file, test points are taken from the training file.
  public enum Source: Sendable, Equatable {
    /// `CSVFile`.
    case csv(trainPath: String, testPath: String? = nil)
    /// `CIFAR10File`.
    case cifar10(trainPath: String, testPath: String? = nil)
    /// `IDXFiles`; labels' files are named after the images' where not given.
    case mnist(
      trainImages: String, trainLabels: String? = nil, testImages: String? = nil,
      testLabels: String? = nil)
    /// Two classes with the laws N(-(separation/2) u, I) and N(+(separation/2) u, I) on
    /// R^dimension, u = (1, ..., 1)/sqrt(dimension); labels alternate -1, +1. Both counts of points
    /// must be given; classes, subsets and regression do not apply.
    case synthetic(dimension: Int, separation: Double, seed: UInt64)
  }

  /// What is done to features after pixels are scaled to [0, 1].
  public enum Normalization: Sendable, Equatable {
    case none
    /// Each feature minus its mean, divided by its (population) standard deviation, both over the
    /// chosen training points, on training and test points alike.
    case standardize
    /// (x - mean) / std for every feature.
    case meanStd(mean: Double, std: Double)
  }

  /// The files and their format.
  public var source: Source
  /// The labels of each class: `[[0], [1]]`, or `[[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]]` for small
  /// digits against large ones. Points with other labels are left out. `nil`: every label that
  /// occurs in the training file is a class, in ascending order.
  public var classes: [[Double]]?
  /// The number of training points; `nil` for all there are.
  public var trainCount: Int?
  /// The number of test points; `nil` for all there are.
  public var testCount: Int?
  /// With a seed, training points are a random class-balanced subset in random order; without,
  /// the first ones in the file.
  public var subsetSeed: UInt64?
  /// What is done to the features of training and test points.
  public var normalization: Normalization
  /// Labels are real targets; `classes` must be `nil`.
  public var regression: Bool

  /// All points of the files without normalization, unless said otherwise.
  public init(
    source: Source, classes: [[Double]]? = nil, trainCount: Int? = nil, testCount: Int? = nil,
    subsetSeed: UInt64? = nil, normalization: Normalization = .none, regression: Bool = false
  ) {
    self.source = source
    self.classes = classes
    self.trainCount = trainCount
    self.testCount = testCount
    self.subsetSeed = subsetSeed
    self.normalization = normalization
    self.regression = regression
  }
}
