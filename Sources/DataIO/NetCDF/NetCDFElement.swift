import CNetCDF

/// Numbers that NetCDF variables hold; the library converts between what is in memory and what is
/// in the file.
public protocol NetCDFElement: Sendable, BitwiseCopyable {
  /// The type code of the library (`NC_DOUBLE`, ...).
  static var netCDFType: Int32 { get }
  /// `nc_put_vara_*` of this type.
  static func put(
    _ file: Int32, _ variable: Int32, _ start: [Int], _ count: [Int], _ values: UnsafePointer<Self>
  ) -> Int32
  /// `nc_get_vara_*` of this type.
  static func get(
    _ file: Int32, _ variable: Int32, _ start: [Int], _ count: [Int],
    _ values: UnsafeMutablePointer<Self>
  ) -> Int32
  /// What a value not yet written reads as; `nil` leaves the library's own.
  static var fill: Self? { get }
}

extension NetCDFElement {
  public static var fill: Self? { nil }
}

extension Double: NetCDFElement {
  public static var netCDFType: Int32 { NC_DOUBLE }
  public static var fill: Double? { .nan }
  public static func put(
    _ file: Int32, _ variable: Int32, _ start: [Int], _ count: [Int],
    _ values: UnsafePointer<Double>
  ) -> Int32 { nc_put_vara_double(file, variable, sizes(start), sizes(count), values) }
  public static func get(
    _ file: Int32, _ variable: Int32, _ start: [Int], _ count: [Int],
    _ values: UnsafeMutablePointer<Double>
  ) -> Int32 { nc_get_vara_double(file, variable, sizes(start), sizes(count), values) }
}

extension Float: NetCDFElement {
  public static var netCDFType: Int32 { NC_FLOAT }
  public static var fill: Float? { .nan }
  public static func put(
    _ file: Int32, _ variable: Int32, _ start: [Int], _ count: [Int],
    _ values: UnsafePointer<Float>
  ) -> Int32 { nc_put_vara_float(file, variable, sizes(start), sizes(count), values) }
  public static func get(
    _ file: Int32, _ variable: Int32, _ start: [Int], _ count: [Int],
    _ values: UnsafeMutablePointer<Float>
  ) -> Int32 { nc_get_vara_float(file, variable, sizes(start), sizes(count), values) }
}

extension Int32: NetCDFElement {
  public static var netCDFType: Int32 { NC_INT }
  public static func put(
    _ file: Int32, _ variable: Int32, _ start: [Int], _ count: [Int],
    _ values: UnsafePointer<Int32>
  ) -> Int32 { nc_put_vara_int(file, variable, sizes(start), sizes(count), values) }
  public static func get(
    _ file: Int32, _ variable: Int32, _ start: [Int], _ count: [Int],
    _ values: UnsafeMutablePointer<Int32>
  ) -> Int32 { nc_get_vara_int(file, variable, sizes(start), sizes(count), values) }
}

extension Int: NetCDFElement {
  public static var netCDFType: Int32 { NC_INT64 }
  public static func put(
    _ file: Int32, _ variable: Int32, _ start: [Int], _ count: [Int], _ values: UnsafePointer<Int>
  ) -> Int32 { nc_put_vara_long(file, variable, sizes(start), sizes(count), values) }
  public static func get(
    _ file: Int32, _ variable: Int32, _ start: [Int], _ count: [Int],
    _ values: UnsafeMutablePointer<Int>
  ) -> Int32 { nc_get_vara_long(file, variable, sizes(start), sizes(count), values) }
}

private func sizes(_ values: [Int]) -> [Int] {
  // The library reads one pointer a dimension even where there are none.
  values.isEmpty ? [0] : values
}
