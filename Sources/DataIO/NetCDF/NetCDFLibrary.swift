import CNetCDF
import Diagnostics
import Foundation

/// The one door to the NetCDF C library: its lock, and its codes turned into diagnostics.
///
/// NetCDF-C and the HDF5 below it are not safe to call from several threads, not even on different
/// files, so one lock covers every call of the process.
enum NetCDFLibrary {
  private static let lock = NSLock()

  /// Runs C calls under the lock; `body` returns the code of the last one.
  static func locked(_ body: () -> Int32) -> Int32 {
    lock.lock()
    defer { lock.unlock() }
    _ = keepsExitQuiet
    _ = silenceHDF5?(0, nil, nil)
    return body()
  }

  /// `H5dont_atexit()`, before anything else of HDF5: at the end of the process it would close what is
  /// open once more, and crash over files that could not be written (`NetCDFWriter` leaves them open).
  /// What is to be kept is closed long before.
  private static let keepsExitQuiet: Bool = {
    guard let address = dlsym(dlopen(nil, RTLD_NOW), "H5dont_atexit") else { return false }
    return unsafeBitCast(address, to: (@convention(c) () -> Int32).self)() >= 0
  }()

  /// `H5Eset_auto2(H5E_DEFAULT, NULL, NULL)`: no error stacks on stderr.
  ///
  /// NetCDF-C probes for optional attributes and silences HDF5 about what it does not find, but
  /// only on the thread that calls it first, while a thread-safe build of HDF5 keeps this setting
  /// for each thread. Looked up at run time because NetCDF's link line does not name HDF5, whose
  /// library is called differently from system to system.
  private static let silenceHDF5:
    (@convention(c) (Int64, OpaquePointer?, OpaquePointer?) -> Int32)? =
      dlsym(dlopen(nil, RTLD_NOW), "H5Eset_auto2").map {
        unsafeBitCast(
          $0, to: (@convention(c) (Int64, OpaquePointer?, OpaquePointer?) -> Int32).self)
      }

  /// Calls the library on a file being written.
  static func write(_ file: PendingFile, _ action: String, _ body: () -> Int32) throws {
    let code = locked(body)
    guard code != NC_NOERR else { return }
    // HDF5 reports a full disk as its own general error; the file system knows better.
    if code == NC_EHDFERR, isFull(parentFolder(of: file.temporaryPath)) {
      throw Diagnostic(
        .outputFailure, "cannot \(action): \(systemMessage(ENOSPC))", file: file.path)
    }
    throw Diagnostic(
      isStorageFailure(code) ? .outputFailure : .internalFailure,
      "cannot \(action): \(text(code))", file: file.path)
  }

  /// Calls the library on a file being read, whose existence was checked before: what fails now is
  /// the content.
  static func read(_ path: String, _ action: String, _ body: () -> Int32) throws {
    let code = locked(body)
    guard code != NC_NOERR else { return }
    if code == NC_ENOTNC {
      throw Diagnostic(.badInput, "not a NetCDF file", file: path)
    }
    if code > 0 {
      throw Diagnostic(.inputMissing, "cannot \(action): \(text(code))", file: path)
    }
    throw Diagnostic(
      .badInput, "cannot \(action): \(text(code)); the file may be damaged or incomplete",
      file: path)
  }

  private static func text(_ code: Int32) -> String { String(cString: nc_strerror(code)) }

  /// Positive codes are those of the system; the others named are what NetCDF makes of failed
  /// writes. The rest (names in use, bad shapes) are mistakes of this program.
  private static func isStorageFailure(_ code: Int32) -> Bool {
    code > 0
      || [
        NC_EPERM, NC_ENFILE, NC_ENOMEM, NC_EIO, NC_EACCESS, NC_EHDFERR, NC_ECANTWRITE,
        NC_ECANTCREATE, NC_EFILEMETA, NC_EDIMMETA, NC_EATTMETA, NC_EVARMETA,
      ].contains(code)
  }

  private static func isFull(_ folder: String) -> Bool {
    var status = statvfs()
    return statvfs(folder, &status) == 0 && status.f_bavail == 0
  }
}
