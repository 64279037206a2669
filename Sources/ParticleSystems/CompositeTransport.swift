import Checkpoints

/// Transports of systems of different sizes, side by side as one: the systems of the first, then those
/// of the second, and so on.
package final class CompositeTransport: LogitTransport {
  private let parts: [any LogitTransport]

  package let systems: Int

  package init(_ parts: [any LogitTransport]) {
    precondition(!parts.isEmpty)
    self.parts = parts
    systems = parts.reduce(0) { $0 + $1.systems }
  }

  package func advance(
    by update: GradientUpdate?, evaluating request: EvaluationRequest
  ) -> EvaluatedLogits {
    begin(by: update, evaluating: request).finish()
  }

  package func begin(
    by update: GradientUpdate?, evaluating request: EvaluationRequest
  ) -> PendingAdvance {
    var first = 0
    let advances = parts.map { part in
      let range = first..<(first + part.systems)
      first = range.upperBound
      return part.begin(
        by: update.map {
          GradientUpdate(
            batch: $0.batch, gradients: Array($0.gradients[range]), steps: $0.steps)
        },
        evaluating: request)
    }
    return PendingAdvance(joining: advances) { evaluated in
      var result = EvaluatedLogits()
      for part in evaluated {
        result.batch += part.batch
        result.training += part.training
        result.test += part.test
        result.tangentKernels += part.tangentKernels
        if let decompositions = part.decompositions {
          result.decompositions = (result.decompositions ?? []) + decompositions
        }
      }
      return result
    }
  }

  package func exchange(_ state: RunState) throws {
    for (index, part) in parts.enumerated() { try part.exchange(state.part("\(index)")) }
  }
}
