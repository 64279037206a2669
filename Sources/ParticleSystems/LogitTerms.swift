/// The terms that the logits of a network of a piecewise linear activation are the sum of, with the masks phi' of
/// the trained network (Golikov 2020, arXiv 2003.05884): products of a layer's increments where its letter is in the
/// name, and of its initial weights where it is not.
public enum LogitTerms: Sendable, Equatable, CaseIterable {
  /// One hidden layer: a of the output weights, w of the input weights.
  case oneLayer
  /// Several: v of all hidden layers together. Products with the increments of some hidden layers and the initial
  /// weights of others belong to no letter; with three hidden layers and more they are the last term.
  case severalLayers

  package init(hiddenLayers: Int) { self = hiddenLayers == 1 ? .oneLayer : .severalLayers }

  /// In the order of files.
  public var names: [String] {
    switch self {
    case .oneLayer: ["f_0", "f_a", "f_w", "f_aw"]
    case .severalLayers:
      ["f_0", "f_a", "f_v", "f_w", "f_vw", "f_aw", "f_av", "f_avw", "f_mixed"]
    }
  }
}
