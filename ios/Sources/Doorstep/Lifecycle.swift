// Closes the file when the system suspends the app, and opens it when the app returns: a suspended app that holds a lock
// on a file is ended by iOS.

import Foundation

/// Follows an app's notifications for as long as it lives. Keep one beside the phone.
public final class Lifecycle: Sendable {
    private let work: Task<Void, Never>

    /// Suspends the phone at one notification and resumes it at another, one after the other.
    ///
    /// - Parameters:
    ///   - phone: The phone; it is not kept alive.
    ///   - suspendAt: The notification that the app is about to be suspended.
    ///   - resumeAt: The notification that it returns.
    ///   - center: Where they are posted.
    ///   - during: Runs the closing; on iOS it asks for the time to finish.
    ///   - failed: Hears when the file could not be opened again. The phone stays suspended, and the next return tries
    ///     again.
    public init(
        _ phone: Phone, suspendAt: Notification.Name, resumeAt: Notification.Name,
        center: NotificationCenter = .default,
        during: @escaping @Sendable (@escaping @Sendable () async -> Void) async -> Void = { await $0() },
        failed: @escaping @Sendable (DoorstepError) -> Void = { _ in }
    ) {
        enum Event { case suspend, resume }
        let (events, continuation) = AsyncStream.makeStream(of: Event.self)
        let observers = [(suspendAt, Event.suspend), (resumeAt, .resume)].map { name, event in
            Token(center, center.addObserver(forName: name, object: nil, queue: nil) { _ in
                continuation.yield(event)
            })
        }
        work = Task { [weak phone] in
            for await event in events {
                guard let phone else { break }
                switch event {
                case .suspend: await during { await phone.suspend() }
                case .resume:
                    do throws(DoorstepError) { try await phone.resume() } catch { failed(error) }
                }
            }
            withExtendedLifetime(observers) {}
        }
    }

    deinit {
        work.cancel()
    }
}

/// A registration that ends with its last reference.
private final class Token: @unchecked Sendable {
    private let center: NotificationCenter
    private let token: any NSObjectProtocol

    init(_ center: NotificationCenter, _ token: any NSObjectProtocol) {
        self.center = center
        self.token = token
    }

    deinit {
        center.removeObserver(token)
    }
}

#if canImport(UIKit) && !os(watchOS)
import UIKit

extension Lifecycle {
    /// Follows an iOS app: closed in the background, open in front. Nothing here was run on an Apple device.
    @MainActor
    public convenience init(_ phone: Phone, failed: @escaping @Sendable (DoorstepError) -> Void = { _ in }) {
        self.init(
            phone, suspendAt: UIApplication.didEnterBackgroundNotification,
            resumeAt: UIApplication.willEnterForegroundNotification,
            during: { close in
                let task = await UIApplication.shared.beginBackgroundTask(withName: "doorstep.close")
                await close()
                await UIApplication.shared.endBackgroundTask(task)
            },
            failed: failed)
    }
}
#endif
