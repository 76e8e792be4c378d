// Syncs while the app is not in front, when iOS finds the time. Only Apple compiles this; nothing here was run on a device.

#if canImport(BackgroundTasks) && os(iOS)
import BackgroundTasks
import Foundation
import UIKit

/// A sync in the background. Register it before the app has finished launching, and name its identifier in the
/// `Info.plist` under `BGTaskSchedulerPermittedIdentifiers`.
public enum BackgroundSync {
    /// Registers the work: the phone is resumed, synced, its photos sent, and suspended again.
    public static func register(_ identifier: String, phone: @escaping @Sendable () async throws -> Phone) {
        BGTaskScheduler.shared.register(forTaskWithIdentifier: identifier, using: nil) { task in
            nonisolated(unsafe) let task = task
            let work = Task {
                do {
                    let phone = try await phone()
                    try await phone.resume()
                    try await phone.sync()
                    try await phone.sendPhotos(isWifi: false)
                    // Somebody may have come back to the app meanwhile.
                    if await UIApplication.shared.applicationState == .background { await phone.suspend() }
                    task.setTaskCompleted(success: true)
                } catch {
                    task.setTaskCompleted(success: false)
                }
                try? schedule(identifier)
            }
            task.expirationHandler = { work.cancel() }
        }
    }

    /// Asks for the next run, not before so many seconds.
    public static func schedule(_ identifier: String, after seconds: TimeInterval = 15 * 60) throws {
        let request = BGProcessingTaskRequest(identifier: identifier)
        request.requiresNetworkConnectivity = true
        request.earliestBeginDate = Date(timeIntervalSinceNow: seconds)
        try BGTaskScheduler.shared.submit(request)
    }
}
#endif
