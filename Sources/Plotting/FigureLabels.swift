/// What figures are called: words that the files do not hold in a form fit for a title.
public struct FigureLabels: Sendable, Equatable {
  /// Data set and scaling, such as "CIFAR2, mean-field scaling".
  public var title: String
  /// The name of the loss, such as "logistic", for the axes.
  public var lossName: String?

  /// Without its name the loss is "loss" alone.
  public init(title: String, lossName: String? = nil) {
    self.title = title
    self.lossName = lossName
  }

  func loss(_ points: String) -> String {
    lossName.map { "\(points) loss (mean \($0) loss)" } ?? "\(points) loss (mean)"
  }
}
