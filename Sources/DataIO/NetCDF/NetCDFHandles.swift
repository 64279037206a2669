/// A group of a NetCDF file; the root group is the file itself.
public struct NetCDFGroup: Sendable, Equatable {
  let id: Int32
}

/// A dimension of a NetCDF file.
public struct NetCDFDimension: Sendable, Equatable {
  let id: Int32
  public let name: String
  public let length: Int
}

/// A variable of a NetCDF file being written.
public struct NetCDFVariable: Sendable, Equatable {
  let group: Int32
  let id: Int32
  public let name: String
  public let shape: [Int]
}
