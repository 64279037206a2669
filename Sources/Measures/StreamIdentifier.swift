/// Every random stream of the program, in one list, so that no two uses share numbers.
///
/// A stream's number is part of the generator's counter (``RandomStream``): changing one changes
/// every result that draws from it, so numbers are only ever added.
public enum StreamIdentifier: UInt32, Sendable, CaseIterable {
  /// Output weights a of the limit's particles.
  case limitOutputWeights = 1
  /// Input weights w of the limit's particles.
  case limitInputWeights = 2
  /// Output weights a of finite networks' neurons.
  case networkOutputWeights = 3
  /// Input weights w of finite networks' neurons.
  case networkInputWeights = 4
  /// Class-balanced training subsets.
  case trainingSubset = 5
  /// Order of mini-batches; the particle number is the epoch.
  case batchOrder = 6
  /// Points of the synthetic two-class source; the particle number is the point.
  case syntheticData = 7
  /// Initial functions of infinitely wide networks; the particle number is the realization.
  case gaussianProcess = 8
  /// Keys of Sobol' points' scrambling; the particle number is the randomization.
  case sobolScrambling = 9
  /// Rotations of the spherical rules; the particle number is the randomization.
  case sphericalRotation = 10
  /// Components of a limit's input weights outside the span of the inputs, which never move.
  case perpendicularWeights = 11
  /// Radii of particles whose design leaves them out.
  case radii = 12
  /// Seeds drawn again with replacement (bootstrap); the particle number is the replicate.
  case seedResampling = 13
  /// Directions of sliced distances; the particle number is the direction.
  case slicingDirections = 14
  /// Splits of seeds into halves, for sampling floors; the particle number is the split.
  case seedSplits = 15
  /// Weights of deep finite networks; the particle number is that of layer and neuron.
  case deepNetworkWeights = 16
  /// Biases of deep finite networks; the particle number is the layer.
  case deepNetworkBiases = 17
  /// Initial preactivations in limits of several hidden layers; the particle number is that of randomization,
  /// layer and particle.
  case layeredForwardProcesses = 18
  /// Initial gradients of hidden layers in them; the particle number is that of randomization, layer,
  /// output and particle.
  case layeredBackwardProcesses = 19
}
