/// The value of a NetCDF attribute.
public enum AttributeValue: Sendable, Equatable {
  case text(String)
  case double(Double)
  case int(Int)
}
