// What a phone exchanges with the server: its enrolment, entries and photos, and how that stands.

import Foundation

extension Phone {
    /// Enrols with the text of the QR code on the office's screen. Uses the network.
    ///
    /// - Throws: `badInput` when the code is not good, `offline` without network.
    public func enrol(with code: String) async throws(DoorstepError) {
        try await online { try $0.enrol(qrText: code) }
    }

    /// Who this phone is; `nil` before it was enrolled.
    public func enrolledAs() async throws(DoorstepError) -> EnrolledAs? {
        try await call { try $0.enrolledAs() }
    }

    /// Exchanges everything with the server. What was exchanged before an error stays.
    ///
    /// - Throws: `offline`, `signInAgain`. Nothing recorded is lost.
    @discardableResult
    public func sync() async throws(DoorstepError) -> SyncOutcome {
        try await online { try $0.sync() }
    }

    /// Sends photos, as far as the policy allows on this network. ``sync()`` never waits for it.
    ///
    /// - Parameter now: overrules the policy's wish for Wi-Fi.
    @discardableResult
    public func sendPhotos(isWifi: Bool, now: Bool = false) async throws(DoorstepError) -> PhotosSent {
        try await online { try $0.sendPhotos(isWifi: isWifi, now: now) }
    }

    /// How many photos are how far.
    public func photosKept() async throws(DoorstepError) -> PhotosKept {
        try await call { try $0.photosKept() }
    }

    /// How sync stands.
    public func status() async throws(DoorstepError) -> SyncState {
        try await call { try $0.status() }
    }

    /// Writes everything unsent into a file that only the firm's server can read. Nothing here changes.
    ///
    /// - Throws: `notFound` before the firm's key is here: the text says what to do.
    public func rescue(to file: URL, in language: Language) async throws(DoorstepError) -> RescueMade {
        let path = file.path
        return try await call { try $0.rescue(to: path, lang: language) }
    }
}
