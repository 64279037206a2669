import CNetCDF
import Diagnostics

extension NetCDFReader {
  /// Reads a one-dimensional variable of strings.
  ///
  /// - Throws: `Diagnostic(.badInput)` where the file has no such variable, or where it holds no strings.
  public func readStrings(_ variable: String, in group: NetCDFGroup? = nil) throws -> [String] {
    let shape = try shape(of: variable, in: group)
    let group = (group ?? root).id
    let action = "read the variable \(variable)"
    var id: Int32 = 0
    var type: Int32 = 0
    try NetCDFLibrary.read(path, action) {
      let code = nc_inq_varid(group, variable, &id)
      return code == NC_NOERR ? nc_inq_vartype(group, id, &type) : code
    }
    guard type == NC_STRING, shape.count == 1 else {
      throw Diagnostic(.badInput, "the variable \(variable) is no list of texts", file: path)
    }
    _ = try plausibleTotal(shape.map(\.length), variable, group, id)
    return try (0..<shape[0].length).map { index in
      var text: UnsafeMutablePointer<CChar>?
      try NetCDFLibrary.read(path, action) {
        nc_get_vara_string(group, id, [index], [1], &text)
      }
      defer { _ = NetCDFLibrary.locked { nc_free_string(1, &text) } }
      return text.map { String(cString: $0) } ?? ""
    }
  }
}
