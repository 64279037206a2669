private import COpenBLAS

extension Double: LAPACKScalar {
  package static func factorizeLower(_ a: UnsafeMutablePointer<Double>, order: Int) -> Int {
    OpenBLAS.prepare()
    var n = blasint(order)
    var leading = blasint(max(order, 1))
    var info: blasint = 0
    dpotrf_("U", &n, a, &leading, &info, 1)
    precondition(info >= 0, "argument \(-info) of dpotrf")
    return Int(info)
  }

  package static func diagonalize(
    _ a: UnsafeMutablePointer<Double>, order: Int, eigenvalues: UnsafeMutablePointer<Double>
  ) -> Bool {
    OpenBLAS.prepare()
    var n = blasint(order)
    var leading = blasint(max(order, 1))
    var info: blasint = 0
    // The sizes that LAPACK's documentation gives; the conversion traps where an order's workspace
    // cannot be expressed.
    var workCount = blasint(1 + 6 * order + 2 * order * order)
    var integerCount = blasint(3 + 5 * order)
    var work = [Double](repeating: 0, count: Int(workCount))
    var integers = [blasint](repeating: 0, count: Int(integerCount))
    dsyevd_(
      "V", "U", &n, a, &leading, eigenvalues, &work, &workCount, &integers, &integerCount, &info,
      1, 1)
    precondition(info >= 0, "argument \(-info) of dsyevd")
    return info == 0
  }
}
