private import COpenBLAS

extension Float: LAPACKScalar {
  package static func factorizeLower(_ a: UnsafeMutablePointer<Float>, order: Int) -> Int {
    OpenBLAS.prepare()
    var n = blasint(order)
    var leading = blasint(max(order, 1))
    var info: blasint = 0
    spotrf_("U", &n, a, &leading, &info, 1)
    precondition(info >= 0, "argument \(-info) of spotrf")
    return Int(info)
  }

  package static func diagonalize(
    _ a: UnsafeMutablePointer<Float>, order: Int, eigenvalues: UnsafeMutablePointer<Float>
  ) -> Bool {
    OpenBLAS.prepare()
    var n = blasint(order)
    var leading = blasint(max(order, 1))
    var info: blasint = 0
    // The sizes that LAPACK's documentation gives; the conversion traps where an order's workspace
    // cannot be expressed.
    var workCount = blasint(1 + 6 * order + 2 * order * order)
    var integerCount = blasint(3 + 5 * order)
    var work = [Float](repeating: 0, count: Int(workCount))
    var integers = [blasint](repeating: 0, count: Int(integerCount))
    ssyevd_(
      "V", "U", &n, a, &leading, eigenvalues, &work, &workCount, &integers, &integerCount, &info,
      1, 1)
    precondition(info >= 0, "argument \(-info) of ssyevd")
    return info == 0
  }
}
