// An app that sleeps and wakes, streams that stay, a store of keys, and tasks that are cancelled.

import XCTest

@testable import Doorstep

final class LifecycleTests: XCTestCase {
    func testTheFileIsClosedWhileTheAppSleepsAndStreamsGoOnAfterwards() async throws {
        let folder = try temporaryFolder()
        let phone = try await openPhone(in: folder)
        let (sleeps, wakes) = (Notification.Name("sleeps"), Notification.Name("wakes"))
        let center = NotificationCenter()
        let failed = Locked<[DoorstepError]>([])
        let lifecycle = Lifecycle(
            phone, suspendAt: sleeps, resumeAt: wakes, center: center, failed: { no in failed.with { $0.append(no) } })

        let heard = Locked<[Change]>([])
        let listener = Task { for await change in phone.changes { heard.with { $0.append(change) } } }
        try await eventually("the present state comes first") { heard.with { !$0.isEmpty } }

        center.post(name: sleeps, object: nil)
        try await eventually("the file is closed") {
            await failure { () throws(DoorstepError) in try await phone.status() } == .bug("the phone was closed")
        }
        // No log is left beside a file that is closed, and another may have it.
        let other = try await openPhone(in: folder)
        await other.close()

        heard.with { $0 = [] }
        center.post(name: wakes, object: nil)
        try await eventually("the stream goes on") { heard.with { $0.contains(where: \.everything) } }
        _ = try await phone.status()

        // A file that went away meanwhile is said, and the app goes on.
        center.post(name: sleeps, object: nil)
        try await eventually("the file is closed again") {
            await failure { () throws(DoorstepError) in try await phone.status() } != nil
        }
        let file = folder.appendingPathComponent("visits.db")
        try Data(repeating: 7, count: 4096).write(to: file)
        center.post(name: wakes, object: nil)
        try await eventually("damage or a refusal is reported") {
            if !failed.with({ $0.isEmpty }) { return true }
            return try await phone.openedAs().damage != nil
        }
        withExtendedLifetime(lifecycle) {}
        await phone.close()
        await listener.value
    }

    func testTheDaysOrdersAndAPageFollowWhatIsRecorded() async throws {
        let office = try await Office()
        defer { office.stop() }
        let phone = try await openPhone(in: temporaryFolder())
        try await phone.enrol(with: office.enrolmentCode("W102"))
        try await phone.sync()
        let (days, pages) = (Locked<[OrdersShown]>([]), Locked<[OrderPage]>([]))
        let order = try await phone.newOrderID()
        let day = Task { for await shown in phone.todays() { days.with { $0.append(shown) } } }
        let page = Task { for await shown in phone.pages(of: order, in: .zhHant) { pages.with { $0.append(shown) } } }
        try await eventually("the day is shown") { days.with { !$0.isEmpty } }

        let visit = Visit(phone: phone, order: order)
        try await visit.register()
        try await eventually("the page follows") { pages.with { $0.last?.intake?.unit == "3-1502" } }
        try await phone.record(.addNote(text: "門鈴壞了"), on: order)
        try await eventually("and again") { pages.with { $0.last?.stateJson.contains("門鈴壞了") == true } }

        // A reader that leaves ends its stream alone.
        page.cancel()
        await page.value
        _ = try await phone.status()
        await phone.close()
        await day.value
    }

    func testACancelledTaskGivesUpItsSyncAndLosesNothing() async throws {
        let office = try await Office()
        defer { office.stop() }
        let phone = try await openPhone(in: temporaryFolder())
        try await phone.enrol(with: office.enrolmentCode("W102"))
        try await phone.sync()
        let visit = Visit(phone: phone, order: try await phone.newOrderID())
        try await visit.register()

        // A server that takes the connection and says nothing: only giving up ends this.
        office.pause()
        let sync = Task { () -> Result<SyncOutcome, DoorstepError> in
            do throws(DoorstepError) { return .success(try await phone.sync()) } catch { return .failure(error) }
        }
        try await Task.sleep(nanoseconds: 200_000_000)
        sync.cancel()
        let began = Date()
        let outcome = try await sync.value.get()
        XCTAssertTrue(outcome.cancelled)
        XCTAssertLessThan(Date().timeIntervalSince(began), 5)
        let waiting = try await phone.status().waiting
        XCTAssertEqual(waiting, 2)

        office.unpause()
        let report = try await phone.sync()
        XCTAssertFalse(report.cancelled)
        let left = try await phone.status().waiting
        XCTAssertEqual(left, 0)
        await phone.close()
    }

    func testKeysAreMadeOnceAndAStoreThatFailsOpensNothing() async throws {
        let folder = try temporaryFolder()
        let keys = FolderKeyStore(folder.appendingPathComponent("keys"))
        let file = folder.appendingPathComponent("visits.db")
        let phone = try await Phone.open(at: file, appVersion: "1", keys: keys, isEncrypted: false)
        let seed = try XCTUnwrap(keys.secret(named: SecretName.deviceSeed))
        XCTAssertEqual(seed.count, 32)
        XCTAssertNil(try keys.secret(named: SecretName.storageKey))
        await phone.close()
        let again = try await Phone.open(at: file, appVersion: "1", keys: keys, isEncrypted: false)
        XCTAssertEqual(try keys.secret(named: SecretName.deviceSeed), seed)
        await again.close()
        XCTAssertThrowsError(try keys.keep(Data(), named: SecretName.deviceSeed))

        struct Locked: KeyStore {
            func secret(named name: String) throws -> Data? { throw Trouble("the device is locked") }
            func keep(_ secret: Data, named name: String) throws { XCTFail("it must not make another") }
        }
        let no = await failure { () throws(DoorstepError) in
            try await Phone.open(at: file, appVersion: "1", keys: Locked())
        }
        XCTAssertEqual(no, .storageDamaged("the key store: the device is locked"))
    }
}
