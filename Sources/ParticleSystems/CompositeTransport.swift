import Checkpoints

/// Transports of systems of different sizes, side by side as one: the systems of the first, then those
/// of the second, and so on.
public final class CompositeTransport: LogitTransport {
  private let parts: [any LogitTransport]

  public let systems: Int

  public init(_ parts: [any LogitTransport]) {
    precondition(!parts.isEmpty)
    self.parts = parts
    systems = parts.reduce(0) { $0 + $1.systems }
  }

  public func advance(
    by update: GradientUpdate?, evaluating request: EvaluationRequest
  ) -> EvaluatedLogits {
    var result = EvaluatedLogits()
    var first = 0
    for part in parts {
      let range = first..<(first + part.systems)
      let evaluated = part.advance(
        by: update.map {
          GradientUpdate(
            batch: $0.batch, gradients: Array($0.gradients[range]), steps: $0.steps)
        },
        evaluating: request)
      result.batch += evaluated.batch
      result.training += evaluated.training
      result.test += evaluated.test
      result.tangentKernels += evaluated.tangentKernels
      if let decompositions = evaluated.decompositions {
        result.decompositions = (result.decompositions ?? []) + decompositions
      }
      first = range.upperBound
    }
    return result
  }

  public func exchange(_ state: RunState) throws {
    for (index, part) in parts.enumerated() { try part.exchange(state.part("\(index)")) }
  }
}
