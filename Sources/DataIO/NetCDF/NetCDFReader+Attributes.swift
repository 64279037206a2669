import CNetCDF
import Diagnostics

extension NetCDFReader {
  /// The names of the global attributes (or of those of `variable`), in the order of the file.
  public func attributeNames(
    of variable: String? = nil, in group: NetCDFGroup? = nil
  ) throws -> [String] {
    let group = (group ?? root).id
    var owner = NC_GLOBAL
    var count: Int32 = 0
    if let variable {
      try NetCDFLibrary.read(path, "find the variable \(variable)") {
        nc_inq_varid(group, variable, &owner)
      }
    }
    try NetCDFLibrary.read(path, "count the attributes") {
      nc_inq_varnatts(group, owner, &count)
    }
    return try (0..<count).map { number in
      var name = [CChar](repeating: 0, count: Int(NC_MAX_NAME) + 1)
      try NetCDFLibrary.read(path, "list the attributes") {
        nc_inq_attname(group, owner, number, &name)
      }
      return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
  }

  /// A global attribute (or one of `variable`), or `nil` where there is none or where it is neither
  /// text nor one number.
  public func attribute(
    _ name: String, of variable: String? = nil, in group: NetCDFGroup? = nil
  ) throws -> AttributeValue? {
    let group = (group ?? root).id
    var owner = NC_GLOBAL
    if let variable,
      NetCDFLibrary.locked({ nc_inq_varid(group, variable, &owner) }) != NC_NOERR
    {
      return nil
    }
    var type: Int32 = 0
    var length = 0
    guard NetCDFLibrary.locked({ nc_inq_att(group, owner, name, &type, &length) }) == NC_NOERR
    else { return nil }
    let action = "read the attribute \(name)"
    switch type {
    case NC_CHAR:
      var bytes = [CChar](repeating: 0, count: length + 1)
      try NetCDFLibrary.read(path, action) { nc_get_att_text(group, owner, name, &bytes) }
      let text = bytes.prefix(length).map(UInt8.init(bitPattern:))
      return .text(String(decoding: text, as: UTF8.self))
    case NC_STRING where length == 1:
      // Other programs (xarray) save text this way.
      var text: UnsafeMutablePointer<CChar>?
      try NetCDFLibrary.read(path, action) { nc_get_att_string(group, owner, name, &text) }
      defer { _ = NetCDFLibrary.locked { nc_free_string(1, &text) } }
      return text.map { .text(String(cString: $0)) }
    case NC_FLOAT, NC_DOUBLE:
      guard length == 1 else { return nil }
      var number = 0.0
      try NetCDFLibrary.read(path, action) { nc_get_att_double(group, owner, name, &number) }
      return .double(number)
    case NC_BYTE, NC_UBYTE, NC_SHORT, NC_USHORT, NC_INT, NC_UINT, NC_INT64:
      guard length == 1 else { return nil }
      var number = 0
      try NetCDFLibrary.read(path, action) { nc_get_att_long(group, owner, name, &number) }
      return .int(number)
    default:
      return nil
    }
  }

  /// A text attribute, or `nil`.
  public func text(_ name: String, of variable: String? = nil) throws -> String? {
    guard case .text(let text)? = try attribute(name, of: variable) else { return nil }
    return text
  }

  /// A numeric attribute, or `nil`.
  public func number(_ name: String, of variable: String? = nil) throws -> Double? {
    switch try attribute(name, of: variable) {
    case .double(let number)?: return number
    case .int(let number)?: return Double(number)
    default: return nil
    }
  }
}
