// What an app can get wrong, and what it hears: never a crash, never half an entry.

import XCTest

@testable import Doorstep

final class BadInputTests: XCTestCase {
    private var office: Office!

    override func setUp() async throws {
        office = try await Office()
    }

    override func tearDown() {
        office.stop()
    }

    private func enrolled(in folder: URL) async throws -> Phone {
        let phone = try await openPhone(in: folder)
        try await phone.enrol(with: office.enrolmentCode("W102"))
        try await phone.sync()
        return phone
    }

    func testEveryCallAfterCloseIsABugInWords() async throws {
        let phone = try await openPhone(in: temporaryFolder())
        await phone.close()
        await phone.close()
        let closed = DoorstepError.bug("the phone was closed")
        var said: [DoorstepError?] = []
        said.append(await failure { () throws(DoorstepError) in try await phone.status() })
        said.append(await failure { () throws(DoorstepError) in try await phone.sync() })
        said.append(await failure { () throws(DoorstepError) in try await phone.today() })
        said.append(await failure { () throws(DoorstepError) in try await phone.exportedState() })
        said.append(await failure { () throws(DoorstepError) in try await phone.photosKept() })
        XCTAssertEqual(said, Array(repeating: closed, count: said.count))
        // A stream of a closed phone ends.
        for await _ in phone.changes {}
    }

    func testTwoPhonesOnOneFileBothKeepWhatTheyRecord() async throws {
        let folder = try temporaryFolder()
        let one = try await enrolled(in: folder)
        let two = try await openPhone(in: folder)
        var orders: [String] = []
        for phone in [one, two, one, two] {
            let visit = Visit(phone: phone, order: try await phone.newOrderID())
            try await visit.register()
            orders.append(visit.order)
        }
        let waiting = try await one.status().waiting
        XCTAssertEqual(waiting, 8)
        try await two.sync()
        for order in orders {
            let unit = try await one.order(order, in: .en).intake?.unit
            XCTAssertEqual(unit, "3-1502")
        }
        await one.close()
        await two.close()
    }

    func testTextWithNulAndEveryScriptComesBackAsItWas() async throws {
        let phone = try await enrolled(in: temporaryFolder())
        let visit = Visit(phone: phone, order: try await phone.newOrderID())
        let odd = "a\0b 𠮷野家 👩🏽‍🔧 \u{202E}rtl \u{FFFD}"
        try await visit.register(fault: odd)
        let kept = try await phone.order(visit.order, in: .en).intake?.fault
        XCTAssertEqual(kept, odd)
        try await phone.sync()
        let left = try await phone.status().waiting
        XCTAssertEqual(left, 0)
        // Half a surrogate pair cannot be in a Swift string: it is replaced where it is made.
        let half = String(decoding: [0xD83D] as [UInt16], as: UTF16.self)
        XCTAssertEqual(half, "\u{FFFD}")
        await phone.close()
    }

    func testHugeListsAndTextsAreAnsweredOrRefused() async throws {
        let phone = try await enrolled(in: temporaryFolder())
        let visit = Visit(phone: phone, order: try await phone.newOrderID())
        try await visit.register()
        let before = try await phone.status().waiting
        let long = String(repeating: "長", count: 2_000_000)
        let no = await failure { () throws(DoorstepError) in
            try await phone.record(.addNote(text: long), on: visit.order)
        }
        XCTAssertNotNil(no)
        let point = PenPoint(x: 1, y: 1, tMs: 1, pressure: 1)
        let tooMuch = await failure { () throws(DoorstepError) in
            try await phone.sign(
                .unsolved(reason: "缺料"), on: visit.order, in: .en, name: "x", as: .resident,
                strokes: Array(repeating: Array(repeating: point, count: 100), count: 10_000))
        }
        XCTAssertNotNil(tooMuch)
        let things = (0..<100_000).map { "thing \($0)" }
        let none = await failure { () throws(DoorstepError) in
            try await phone.record(.acceptHandover(things: things), on: visit.order)
        }
        guard case .badInput = none else { return XCTFail("\(String(describing: none))") }
        let all = try await phone.search("", page: ListPage(limit: .max))
        XCTAssertGreaterThan(all.orders.count, 0)
        let after = try await phone.status().waiting
        XCTAssertEqual(after, before)
        await phone.close()
    }

    func testAKeyWhereThereIsNoneOrOfAnotherLengthIsSaid() async throws {
        let folder = try temporaryFolder()
        let path = folder.appendingPathComponent("visits.db").path
        let short = PhoneSettings(path: path, appVersion: "1", storageKey: Data([1, 2, 3]))
        let length = await failure { () throws(DoorstepError) in try await Phone.open(short) }
        XCTAssertEqual(length, .badInput("a key has 32 bytes"))
        let other = folder.appendingPathComponent("notes.txt")
        try Data("this is no database, only some notes of a technician".utf8).write(to: other)
        let before = try Data(contentsOf: other)
        let notOurs = await failure { () throws(DoorstepError) in
            let phone = try await Phone.open(PhoneSettings(path: other.path, appVersion: "1"))
            await phone.close()
        }
        // It is refused untouched, or moved aside as damaged: never overwritten.
        let kept = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .contains { (try? Data(contentsOf: $0)) == before }
        XCTAssertTrue(kept, String(describing: notOurs))
        let nowhere = await failure { () throws(DoorstepError) in
            try await Phone.open(PhoneSettings(path: "/nowhere/at/all/visits.db", appVersion: "1"))
        }
        XCTAssertNotNil(nowhere)
    }

    func testAnObserverThatThrowsHearsNoMoreAndStopsNobody() async throws {
        final class Rude: OrderObserver {
            let calls = Locked(0)
            func changed(state: SyncState, orders: [String], everything: Bool) throws {
                calls.with { $0 += 1 }
                throw Trouble("not today")
            }
        }
        let phone = try await enrolled(in: temporaryFolder())
        let rude = Rude()
        let watch = try phone.binding.observe(observer: rude)
        let heard = Locked(0)
        let listener = Task { for await _ in phone.changes { heard.with { $0 += 1 } } }
        try await eventually("both heard the first") { rude.calls.with { $0 } == 1 && heard.with { $0 } > 0 }
        let before = heard.with { $0 }
        try await Visit(phone: phone, order: phone.newOrderID()).register()
        try await eventually("the other hears on") { heard.with { $0 } > before }
        XCTAssertEqual(rude.calls.with { $0 }, 1)
        watch.cancel()
        await phone.close()
        await listener.value
    }
}
