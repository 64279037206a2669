/// A group of a NetCDF file; the root group is the file itself.
public struct NetCDFGroup: Sendable, Equatable {
  let id: Int32
}

/// A dimension of a NetCDF file.
package struct NetCDFDimension: Sendable, Equatable {
  let id: Int32
  let name: String
  package let length: Int
}

/// A variable of a NetCDF file being written.
package struct NetCDFVariable: Sendable, Equatable {
  let group: Int32
  let id: Int32
  let name: String
  let shape: [Int]
}
