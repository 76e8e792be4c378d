// A value behind a lock. `Mutex` of the standard library asks for a newer iOS than technicians carry.

import Foundation

final class Locked<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    init(_ value: Value) {
        self.value = value
    }

    func with<T>(_ work: (inout Value) throws -> T) rethrows -> T {
        lock.lock()
        defer { lock.unlock() }
        return try work(&value)
    }

    /// Puts another value in, and gives what was there.
    func exchange(_ next: Value) -> Value {
        with { value in
            defer { value = next }
            return value
        }
    }
}
