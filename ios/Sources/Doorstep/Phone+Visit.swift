// What a visit is made of: the day's orders, one order's page, commands, papers, signatures and photos.

import Foundation

extension Phone {
    /// What earlier days left unfinished, then the visits of a day by their window, then open orders without one.
    /// `day` is any moment of that day, in the calendar's time zone. Ask again with `next` of the part before, until there
    /// is none.
    public func today(
        _ day: Date = Date(), in calendar: Calendar = .current, page: ListPage = ListPage()
    ) async throws(DoorstepError) -> OrdersShown {
        let day = dayText(day, in: calendar)
        return try await call { try $0.today(day: day, page: page) }
    }

    /// All orders on this phone that pass the filter, newest first.
    public func orders(
        _ filter: OrderFilter = OrderFilter(), page: ListPage = ListPage()
    ) async throws(DoorstepError) -> OrdersShown {
        try await call { try $0.orders(filter: filter, page: page) }
    }

    /// Orders whose number, unit, names, fault or phone hold the text, in either script, newest first.
    public func search(_ text: String, page: ListPage = ListPage()) async throws(DoorstepError) -> OrdersShown {
        try await call { try $0.search(text: text, page: page) }
    }

    /// One order with its checklist and, for every button, whether it may be pressed and why not.
    ///
    /// - Throws: `notFound`.
    public func order(_ order: String, in language: Language) async throws(DoorstepError) -> OrderPage {
        try await call { try $0.order(order: order, lang: language) }
    }

    /// An id for an order about to be registered.
    public func newOrderID() async throws(DoorstepError) -> String {
        try await call { try $0.newOrderId() }
    }

    /// Decides a command and saves what follows. When this returns, it is on the disk.
    ///
    /// - Returns: the entry's number in this phone's journal.
    /// - Throws: `refused` with the rule; nothing is saved then.
    @discardableResult
    public func record(_ command: VisitCommand, on order: String) async throws(DoorstepError) -> UInt64 {
        try await call { try $0.record(order: order, command: command) }
    }

    /// The document to show before signing: canonical JSON, exactly what the seal will bind.
    ///
    /// - Throws: `refused` when there is no such paper now.
    public func paper(
        _ paper: SignedPaper, on order: String, in language: Language
    ) async throws(DoorstepError) -> Data {
        try await call { try $0.paper(order: order, paper: paper, lang: language) }
    }

    /// Seals the document of a paper with a signature: its strokes, each a line without lifting the pen.
    ///
    /// - Throws: as ``paper(_:on:in:)``; `badInput` when the strokes are no signature.
    public func sign(
        _ paper: SignedPaper, on order: String, in language: Language, name: String, as signer: SigningAs,
        strokes: [[PenPoint]]
    ) async throws(DoorstepError) -> Sealed {
        try await call {
            try $0.sign(order: order, paper: paper, lang: language, name: name, signingAs: signer, lines: strokes)
        }
    }

    /// A paper as one self-contained HTML document, to show, print or hand over without network.
    public func sheet(
        _ paper: PrintedPaper, of order: String, copy: SheetCopy, in language: Language, layout: SheetLayout = .a4
    ) async throws(DoorstepError) -> String {
        try await call { try $0.sheet(order: order, paper: paper, copy: copy, lang: language, layout: layout) }
    }

    /// The resident's copies of everything sealed on this phone for an order, the latest sign-off first.
    public func copies(of order: String) async throws(DoorstepError) -> [ResidentCopy] {
        try await call { try $0.copies(order: order) }
    }

    /// Makes a photo from a camera's file (JPEG or PNG) and records it for a checklist item. When this returns, photo
    /// and fact are on the disk, and the camera's file may be removed. The language is that of the text when it cannot be
    /// taken.
    ///
    /// - Returns: the entry's number.
    /// - Throws: `badInput` when the file cannot be taken, `refused`, `storageFull`. Nothing is kept then.
    @discardableResult
    public func takePhoto(
        _ file: URL, for item: String, _ moment: PhotoMoment, on order: String, in language: Language
    ) async throws(DoorstepError) -> UInt64 {
        let path = file.path
        return try await call {
            try $0.takePhoto(order: order, item: item, moment: moment, file: path, lang: language)
        }
    }

    /// The photos of the current visit by checklist item: what is asked for, and before and after side by side.
    public func photoSlots(of order: String, in language: Language) async throws(DoorstepError) -> [PhotoSlotShown] {
        try await call { try $0.photoSlots(order: order, lang: language) }
    }

    /// A picture of a photo as JPEG, by the photo's `sha256`: in full, or smaller for a screen.
    public func photo(_ sha256: String, full: Bool = false) async throws(DoorstepError) -> Data {
        try await call { try $0.photo(sha256: sha256, full: full) }
    }
}

/// The day as the library reads it, `2026-11-25`.
func dayText(_ day: Date, in calendar: Calendar) -> String {
    var gregorian = Calendar(identifier: .gregorian)
    gregorian.timeZone = calendar.timeZone
    let parts = gregorian.dateComponents([.year, .month, .day], from: day)
    return String(format: "%04d-%02d-%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
}
