/// How the particles of an initial sample depend on each other.
public enum SampleDesign: String, Sendable, CaseIterable {
  /// Every particle is drawn by itself: the law of a finite network's neurons.
  case independent
  /// Pairs (a, w), (-a, w): the law is symmetric in a, so each particle has the right law, and the
  /// logits of the sample vanish at initialization exactly, as in the mean-field limit.
  case antithetic

  /// Particles that only come together: the size of a sample is a multiple of it.
  public var groupSize: Int {
    switch self {
    case .independent: 1
    case .antithetic: 2
    }
  }
}
