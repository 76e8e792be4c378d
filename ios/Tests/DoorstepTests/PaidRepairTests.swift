// A paid repair through the real library against a real server: opened on site, offline, to the signed sheet.

import XCTest

@testable import Doorstep

final class PaidRepairTests: XCTestCase {
    func testAPaidRepairOfflineThenSyncedAndApproved() async throws {
        let office = try await Office()
        defer { office.stop() }
        let folder = try temporaryFolder()
        let phone = try await openPhone(in: folder)
        try await phone.enrol(with: office.enrolmentCode("W101"))
        try await phone.sync()

        let heard = Locked<[SyncState]>([])
        let listener = Task { for await state in phone.states { heard.with { $0.append(state) } } }

        // From here to the sync, nothing touches the network.
        let order = try await phone.newOrderID()
        let visit = Visit(phone: phone, order: order)
        try await visit.playPaidRepair()

        // R66 says why the work may not begin, in the technician's language.
        let no = await failure { () throws(DoorstepError) in try await phone.record(.startWork, on: order) }
        guard case .refused(let refusal) = no else { return XCTFail("\(String(describing: no))") }
        XCTAssertEqual(refusal.reason, .consentMissing)
        XCTAssertEqual(refusal.rule, 66)
        XCTAssertEqual(refusal.sourceClause, "F0/1.3")
        XCTAssert(refusal.text(in: .zhHant).contains("同意"), refusal.text(in: .zhHant))
        let button = try await phone.order(order, in: .zhHans).action(.startWork)
        XCTAssertEqual(button?.allowed, false)
        XCTAssert(button?.whyNot.contains("收费") == true, button?.whyNot ?? "")

        let technician = try await visit.finishPaidRepair()
        let fee = try await phone.order(order, in: .en).fee
        XCTAssertEqual(fee, MoneyAmount(130, "CNY"))
        XCTAssertEqual(fee.decimal, 130)
        let waiting = try await phone.status().waiting
        XCTAssertGreaterThan(waiting, 20)
        let copy = try await phone.sheet(.service, of: order, copy: .resident, in: .zhHant)
        XCTAssert(copy.contains("<html lang=\"zh-Hant\">") && copy.contains("¥130.00"), String(copy.prefix(300)))
        let found = try await phone.search("0100")
        XCTAssertEqual(found.orders.map(\.id), [order])

        let report = try await phone.sync()
        XCTAssertEqual(report.requests, 1)
        XCTAssertEqual(report.parked, 0)
        let left = try await phone.status().waiting
        XCTAssertEqual(left, 0)
        let photos = try await phone.photosKept().waiting
        let sent = try await phone.sendPhotos(isWifi: true)
        XCTAssertGreaterThan(photos, 0)
        XCTAssertEqual(sent.verified, photos)

        let onServer = try await office.order(order)
        XCTAssert(onServer.contains("\"status\":\"signed_off\""), String(onServer.prefix(300)))
        XCTAssert(onServer.contains(technician.documentSha256()))

        // The supervisor's approval comes back with the next sync.
        try await office.supervisorDoes(order, #"{"approve":{"note":"資料齊全"}}"#)
        try await phone.sync()
        let approved = try await phone.order(order, in: .en)
        XCTAssertEqual(approved.status, .approved)

        let cursor = try await phone.status().cursor
        try await eventually("the last state is heard of") {
            heard.with { $0.last }.map { $0.waiting == 0 && $0.cursor == cursor } == true
        }
        await phone.close()
        // Closing ends the streams.
        await listener.value
        let late = await failure { () throws(DoorstepError) in try await phone.status() }
        XCTAssertEqual(late, .bug("the phone was closed"))

        // What was recorded is there when the file is opened again.
        let again = try await openPhone(in: folder)
        let openedAs = try await again.openedAs()
        XCTAssertFalse(openedAs.isFresh)
        let person = try await again.enrolledAs()?.person
        XCTAssertEqual(person, "W101")
        let status = try await again.order(order, in: .en).status
        XCTAssertEqual(status, .approved)
        await again.close()
    }

    func testWhatCannotBeUsedIsSaidInWordsAndNothingIsSaved() async throws {
        let phone = try await openPhone(in: temporaryFolder())
        let code = await failure { () throws(DoorstepError) in try await phone.enrol(with: "https://example.org/") }
        guard case .badInput = code else { return XCTFail("\(String(describing: code))") }
        let early = await failure { () throws(DoorstepError) in try await phone.sync() }
        guard case .signInAgain = early else { return XCTFail("\(String(describing: early))") }
        let noID = await failure { () throws(DoorstepError) in try await phone.order("no id", in: .en) }
        guard case .badInput = noID else { return XCTFail("\(String(describing: noID))") }
        let id = try await phone.newOrderID()
        let nowhere = await failure { () throws(DoorstepError) in try await phone.order(id, in: .en) }
        guard case .notFound = nowhere else { return XCTFail("\(String(describing: nowhere))") }
        let waiting = try await phone.status().waiting
        XCTAssertEqual(waiting, 0)
        await phone.close()
    }
}
