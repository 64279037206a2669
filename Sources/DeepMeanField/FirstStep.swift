import Networks

/// Step 0 of a limit of several hidden layers, the one step at which the initial hidden weights matter:
/// which weights move, what the update rule remembers of it, and which of the processes that the initial
/// weights leave (`InitialProcesses`) it needs. The steps after it are those of particles
/// (``LayeredStep``).
///
/// Scaled gradients of step 0 (``LayeredStep``) are of order d^{-(L-2)/2} for hidden weights and of order
/// d^{-(L-1)/2} for w and a, those of all later steps of order one: a zero step at first makes all later
/// ones zero.
public protocol FirstStep: Sendable {
  /// L.
  var hiddenLayers: Int { get }
  /// Whether weights of a block move at step 0.
  func moves(_ block: LayeredBlock) -> Bool
  /// Whether gradients of step 0 are of the order of later ones, and stay in the memory of the rule.
  func remembers(_ block: LayeredBlock) -> Bool
  /// Layers 2 ... L whose preactivations matter.
  var forwardLayers: [Int] { get }
  /// Layers 1 ... L - 1 whose gradients matter.
  var backwardLayers: [Int] { get }
}

/// Gradient descent, with or without momentum, on two hidden layers.
///
/// The hidden weights' gradient, sum_i g_i a_r phi'(G_ri) phi(w_t x_i), is of order one; those of w and a
/// vanish, and their momentum with them. With three layers and more all vanish, and the limit stays zero.
public struct GradientDescentFirstStep: FirstStep {
  public let hiddenLayers = 2
  public let forwardLayers = [2]
  public let backwardLayers: [Int] = []

  /// Two hidden layers.
  public init() {}

  public func moves(_ block: LayeredBlock) -> Bool { block == .hidden(layer: 2) }
  public func remembers(_ block: LayeredBlock) -> Bool { block == .hidden(layer: 2) }
}

/// RMSProp with epsilon = 0 on two hidden layers or more, and with an epsilon on two.
///
/// *Epsilon = 0.* Coordinates are divided by their own size, so that all blocks move at step 0, by rate
/// sign(gradient) / sqrt(1 - smoothing). Mean squares of step 0 are of order d^{-(L-2)} for hidden weights
/// and d^{-(L-1)} for w and a, those of later steps of order one: with two layers that of the hidden
/// weights stays, all others are forgotten, and step 1 is once more a full step of signs there.
///
/// *Epsilon > 0*, scaled with the width as later gradients are. Gradients that vanish drown in it: with two
/// layers w and a rest at step 0, and with three layers all weights do, for ever. Infinite width and
/// epsilon to zero do not commute.
public struct RMSPropFirstStep: FirstStep {
  /// L, at least 2.
  public let hiddenLayers: Int
  /// Whether the root has an epsilon, scaled with the width.
  public let hasEpsilon: Bool

  /// - Precondition: two layers with an epsilon; more have a zero limit.
  public init(hiddenLayers: Int, hasEpsilon: Bool) {
    precondition(hiddenLayers >= 2 && (!hasEpsilon || hiddenLayers == 2))
    self.hiddenLayers = hiddenLayers
    self.hasEpsilon = hasEpsilon
  }

  public func moves(_ block: LayeredBlock) -> Bool {
    if case .hidden = block { return true }
    return !hasEpsilon
  }

  public func remembers(_ block: LayeredBlock) -> Bool {
    block == .hidden(layer: 2) && hiddenLayers == 2
  }

  /// Whether the limit is deterministic. From three layers on only with an activation that has a kink.
  ///
  /// Where phi is linear near zero, step 0 of epsilon = 0 moves V^2_rt by -sign(xi_r c_t) and V^3_qr by
  /// -sign(a_q gamma_r), up to factors, with xi, c, gamma of layers 2 (backward), 1 and 2 (forward): signs
  /// of products. xi and gamma are independent and symmetric, so that the mean of sign(xi_r) sign(gamma_r),
  /// to which the gradient of w is proportional at step 1, is zero, and so is f_1. Signs of that gradient
  /// are those of its fluctuation at any width: w moves by steps of order one with a random common sign.
  /// With a kink the masks phi'(G_r) make the two dependent.
  public static func hasLimit(hiddenLayers: Int, activation: Activation) -> Bool {
    guard hiddenLayers >= 3 else { return true }
    return activation.negativeSlope.map { $0 != 1 } ?? false
  }

  public var forwardLayers: [Int] { Array(2...hiddenLayers) }
  public var backwardLayers: [Int] { hasEpsilon ? [] : Array(1..<hiddenLayers) }
}
