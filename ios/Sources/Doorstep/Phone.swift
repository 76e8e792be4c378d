// The front door for Swift: the generated object's blocking calls as async ones that never hold up the caller's thread.

import Foundation

/// A technician's phone. One object for the whole app, used from any task or actor.
///
/// Every call leaves the caller's thread, throws ``DoorstepError`` and nothing else, and has done all of its work or none
/// when it returns. Release the last reference, or call ``close()``, to close the file.
public final class Phone: Sendable {
    let binding: DoorstepPhone
    /// Calls that read and write the file. The library orders the writers.
    private let calls = DispatchQueue(label: "doorstep.calls", attributes: .concurrent)
    /// Calls that wait for the network; they do not hold up the others.
    private let network = DispatchQueue(label: "doorstep.network", attributes: .concurrent)

    private init(_ binding: DoorstepPhone) {
        self.binding = binding
    }

    /// Opens the file, or makes it. A damaged one is moved aside, never deleted: see ``openedAs()``.
    ///
    /// - Throws: `badInput` for a file of something else, of a newer version or of another key, which is left untouched.
    public static func open(_ settings: PhoneSettings) async throws(DoorstepError) -> Phone {
        try checkVersion()
        let result = await withCheckedContinuation { continuation in
            DispatchQueue.global(qos: .userInitiated).async {
                continuation.resume(returning: attempt { try DoorstepPhone.open(settings: settings) })
            }
        }
        return Phone(try result.get())
    }

    /// What opening found, or the last damage met since.
    public func openedAs() async throws(DoorstepError) -> OpenedAs {
        try await call { try $0.openedAs() }
    }

    /// Closes the file while the app sleeps. Calls under way finish; later ones throw `bug` until ``resume()``. Streams
    /// stay, and are quiet.
    public func suspend() async {
        try? await call { try $0.shutdown() }
    }

    /// Opens the file again after ``suspend()``; every stream hears of everything. An open phone stays as it is.
    ///
    /// - Throws: as ``open(_:)``; the phone stays suspended then.
    public func resume() async throws(DoorstepError) {
        try await call { try $0.reopen() }
    }

    /// Closes the file for good and ends every stream. Calls under way finish; every later one throws `bug`.
    public func close() async {
        streams.finish()
        try? await call { try $0.shutdown() }
    }

    /// The streams that watch this phone, to end them when it closes.
    let streams = Streams()

    /// Runs a blocking call away from the caller's thread.
    func call<T: Sendable>(
        _ work: @escaping @Sendable (DoorstepPhone) throws -> T
    ) async throws(DoorstepError) -> T {
        try await run(on: calls, work).get()
    }

    /// The same for a call that waits for the network: cancelling the task gives it up.
    func online<T: Sendable>(
        _ work: @escaping @Sendable (DoorstepPhone, Cancel) throws -> T
    ) async throws(DoorstepError) -> T {
        let cancel = Cancel()
        let result: Result<T, DoorstepError> = await withTaskCancellationHandler {
            await run(on: network) { try work($0, cancel) }
        } onCancel: {
            cancel.cancel()
        }
        return try result.get()
    }

    private func run<T: Sendable>(
        on queue: DispatchQueue, _ work: @escaping @Sendable (DoorstepPhone) throws -> T
    ) async -> Result<T, DoorstepError> {
        let binding = binding
        return await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: attempt { try work(binding) }) }
        }
    }
}

/// Compares the generated code with the library before the first call: at the first difference the generated code itself
/// ends the app.
private func checkVersion() throws(DoorstepError) {
    switch initializationResult {
    case .ok: return
    case .contractVersionMismatch, .apiChecksumMismatch:
        throw .bug("the library and the Swift of Doorstep are not of one version: build both again")
    }
}

/// What a call gave or threw, with the error typed.
private func attempt<T>(_ work: () throws -> T) -> Result<T, DoorstepError> {
    do {
        return .success(try work())
    } catch {
        return .failure(DoorstepError(any: error))
    }
}
