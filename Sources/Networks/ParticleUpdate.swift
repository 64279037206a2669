/// What becomes of the sums S_a = sum_i g_i phi(w . x_i) and S_w = sum_i (g_i . a) phi'(w . x_i) x_i of
/// a particle before they are subtracted from its parameters, each times its step
/// (``ParticleStep``).
public enum ParticleUpdate: Sendable, Equatable {
  /// Nothing: gradient descent.
  case gradient
  /// v <- momentum v + S, and v is subtracted.
  case momentum(Double)
  /// v <- smoothing v + (1 - smoothing) S^2 coordinate by coordinate, and S / (sqrt(v) + epsilon) is
  /// subtracted, with an epsilon for the output and one for the input weights.
  case rmsProp(smoothing: Double, outputEpsilon: Double, inputEpsilon: Double)
}
