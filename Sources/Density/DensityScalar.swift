/// A floating-point type in which samples may be given and densities computed: the algorithms are
/// written once over this protocol, and each precision supplies its C calls as witnesses.
public protocol DensityScalar: BinaryFloatingPoint, Sendable {}

extension Float: DensityScalar {}
extension Double: DensityScalar {}
