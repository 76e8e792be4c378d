// What a phone exchanges with the server: its enrolment, entries and photos, and how that stands.

import Foundation

extension Phone {
    /// Enrols with the text of the QR code on the office's screen. Uses the network.
    ///
    /// - Throws: `badInput` when the code is not good, `offline` without network.
    public func enrol(with code: String) async throws(DoorstepError) {
        try await online { binding, _ in try binding.enrol(qrText: code) }
    }

    /// Who this phone is; `nil` before it was enrolled.
    public func enrolledAs() async throws(DoorstepError) -> EnrolledAs? {
        try await call { try $0.enrolledAs() }
    }

    /// Exchanges everything with the server. What was exchanged before an error stays. When the task is cancelled it
    /// returns at once, and the outcome says `cancelled`.
    ///
    /// - Throws: `offline`, `signInAgain`. Nothing recorded is lost.
    @discardableResult
    public func sync() async throws(DoorstepError) -> SyncOutcome {
        try await online { try $0.sync(cancel: $1) }
    }

    /// Sends photos, as far as the policy allows on this network. ``sync()`` never waits for it. A cancelled task gives
    /// `offline` at once; what was sent stays sent. `now` overrules the policy's wish for Wi-Fi.
    @discardableResult
    public func sendPhotos(isWifi: Bool, now: Bool = false) async throws(DoorstepError) -> PhotosSent {
        try await online { try $0.sendPhotos(isWifi: isWifi, now: now, cancel: $1) }
    }

    /// How many photos are how far.
    public func photosKept() async throws(DoorstepError) -> PhotosKept {
        try await call { try $0.photosKept() }
    }

    /// How sync stands.
    public func status() async throws(DoorstepError) -> SyncState {
        try await call { try $0.status() }
    }

    /// Everything this phone shows, as bytes to compare or to keep: a line of canonical JSON for each order, by id.
    public func exportedState() async throws(DoorstepError) -> Data {
        try await call { try $0.exportedState() }
    }

    /// Writes everything unsent into a file that only the firm's server can read. Nothing here changes.
    ///
    /// - Throws: `notFound` before the firm's key is here: the text says what to do.
    public func rescue(to file: URL, in language: Language) async throws(DoorstepError) -> RescueMade {
        let path = file.path
        return try await call { try $0.rescue(to: path, lang: language) }
    }
}
