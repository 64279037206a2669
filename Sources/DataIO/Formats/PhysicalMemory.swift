import Foundation

/// The machine's memory in bytes: an upper bound for any one allocation, so that an absurd size
/// becomes an error with a sentence rather than a failed allocation, which ends the process.
let physicalMemory = Int(clamping: ProcessInfo.processInfo.physicalMemory)
