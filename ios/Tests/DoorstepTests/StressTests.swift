// Eight threads on one phone for some seconds, or a minute with DOORSTEP_LONG set, while what the process holds is watched,
// where Linux tells it.

#if os(Linux)
import Foundation
import XCTest

@testable import Doorstep

final class StressTests: XCTestCase {
    func testEightThreadsAtOnceLoseNothingAndLeakNothing() async throws {
        let office = try await Office()
        defer { office.stop() }
        let seconds = ProcessInfo.processInfo.environment["DOORSTEP_LONG"] == nil ? 6.0 : 60.0
        let phone = try await openPhone(in: temporaryFolder())
        try await phone.enrol(with: office.enrolmentCode("W101"))
        try await phone.sync()
        let visit = Visit(phone: phone, order: try await phone.newOrderID())
        try await visit.register()
        let (order, end) = (visit.order, Date() + seconds)
        let written = Locked(2)

        // What is held once every kind of call was made many times, and at the end.
        let warm = Task {
            try await Task.sleep(nanoseconds: UInt64(seconds * 0.4e9))
            return try residentMegabytes()
        }
        let calls = try await withThrowingTaskGroup(of: Int.self) { group in
            for thread in 0..<8 {
                group.addTask {
                    var calls = 0
                    while Date() < end {
                        switch (calls + thread) % 8 {
                        case 0 where calls % 64 == 0:
                            try await phone.record(.addNote(text: "note \(calls)"), on: order)
                            written.with { $0 += 1 }
                        case 1 where calls % 128 == 0: try await phone.sync()
                        case 2:
                            let no = await failure { () throws(DoorstepError) in
                                try await phone.record(.startWork, on: order)
                            }
                            guard case .refused = no else { throw Trouble(String(describing: no)) }
                        case 3:
                            var stream = phone.changes.makeAsyncIterator()
                            _ = await stream.next()
                        case 4: _ = try await phone.search("漏水")
                        case 5: _ = try await phone.status()
                        case 6: _ = try await phone.today()
                        default: _ = try await phone.order(order, in: .zhHant)
                        }
                        calls += 1
                    }
                    return calls
                }
            }
            return try await group.reduce(0, +)
        }
        try await phone.sync()
        let waiting = try await phone.status().waiting
        XCTAssertEqual(waiting, 0)
        let before = try await warm.value
        let after = try residentMegabytes()
        print("\(calls) calls, \(written.with { $0 }) entries, \(before) MB then \(after) MB")
        XCTAssertGreaterThan(calls, 500)
        // A kilobyte left by each call would be more than this in a minute, and a page left by each in seconds.
        XCTAssertLessThan(after - before, 48)
        await phone.close()
    }

    func testPhonesAndStreamsThatAreLetGoAreGone() async throws {
        let folder = try temporaryFolder()
        weak var left: Phone?
        for _ in 0..<50 {
            let phone = try await openPhone(in: folder)
            var stream = phone.changes.makeAsyncIterator()
            _ = await stream.next()
            left = phone
        }
        // Nothing was closed: letting go is enough, and the file opens again and again.
        XCTAssertNil(left)
    }
}

/// What this process has in memory now.
private func residentMegabytes() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS:") }),
        let kilobytes = Int(line.split(whereSeparator: { !$0.isNumber })[0])
    else { throw Trouble(status) }
    return kilobytes / 1024
}
#endif
