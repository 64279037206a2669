/// What a power of the width d does as d -> infinity: all that the sign of its exponent says.
package enum PowerOfWidth: Sendable, CaseIterable {
  case vanishes, staysFinite, diverges

  package init(exponent: ExactDecimal) {
    self = exponent < 0 ? .vanishes : exponent == 0 ? .staysFinite : .diverges
  }
}
