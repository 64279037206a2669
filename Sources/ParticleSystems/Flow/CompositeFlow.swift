import Checkpoints
import TimeIntegration

/// Flows of systems of different sizes, side by side as one with common step sizes: the systems of the
/// first, then those of the second, and so on.
package final class CompositeFlow: FlowSystem {
  private let parts: [any FlowSystem]

  package let systems: Int

  package init(_ parts: [any FlowSystem]) {
    precondition(!parts.isEmpty)
    self.parts = parts
    systems = parts.reduce(0) { $0 + $1.systems }
  }

  package func evaluateSlope(_ index: Int, at weights: [Double]) {
    for part in parts { part.evaluateSlope(index, at: weights) }
  }

  package func norm(_ weights: [Double]) -> Double {
    let norms = parts.map { $0.norm(weights) }
    return norms.allSatisfy(\.isFinite) ? norms.max()! : .infinity
  }

  package func move(by weights: [Double]) {
    for part in parts { part.move(by: weights) }
  }

  package func exchangeSlopes(_ first: Int, _ second: Int) {
    for part in parts { part.exchangeSlopes(first, second) }
  }

  package func evaluate(at weights: [Double], isRecorded: Bool) -> EvaluatedLogits {
    var result = EvaluatedLogits()
    for part in parts {
      let evaluated = part.evaluate(at: weights, isRecorded: isRecorded)
      result.batch += evaluated.batch
      result.training += evaluated.training
      result.test += evaluated.test
      result.tangentKernels += evaluated.tangentKernels
    }
    return result
  }

  package func exchange(_ state: RunState) throws {
    for (index, part) in parts.enumerated() { try part.exchange(state.part("\(index)")) }
  }
}
