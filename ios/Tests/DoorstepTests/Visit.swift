// The taps of a visit, as the tests make them.

import Foundation
import XCTest

@testable import Doorstep

struct Visit {
    static let resident = "陳美玲"
    static let zone = TimeZone(secondsFromGMT: 8 * 3600)!

    let phone: Phone
    let order: String

    func register(fault: String = "厨房漏水") async throws {
        let intake = IntakeForm(
            unit: "3-1502", resident: Self.resident, phone: "142 0000 0100", company: "", reporter: Self.resident,
            fault: fault, symptom: "角閥處滴水", workType: "plumbing", wished: nil, channel: .visit,
            triage: .needsVisit, tags: [], access: "", remark: "")
        try await phone.record(.register(intake: intake), on: order)
        try await phone.record(.recordContact(by: .call, reached: true, note: "已約定"), on: order)
    }

    /// The next day at ten on which the firm works: R31 says no to the others.
    func book() async throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = Self.zone
        for days in 1...14 {
            let start = calendar.startOfDay(for: Date()) + Double(days) * 86400 + 10 * 3600
            do throws(DoorstepError) {
                let window = TimeWindow(DateInterval(start: start, duration: 3600), in: Self.zone)
                try await phone.record(.book(window: window), on: order)
                return
            } catch {
                guard case .refused(let refusal) = error else { throw error }
                XCTAssertEqual(refusal.rule, 31)
            }
        }
        throw Trouble("no working day within two weeks")
    }

    func answer(_ phase: Phase) async throws {
        for item in try await phone.order(order, in: .zhHant).checklist where item.phase == phase {
            if item.needsConsent {
                try await phone.record(.answerStep(item: item.item, agreed: true, by: Self.resident), on: order)
            }
            let answer: ItemAnswer =
                switch item.kind {
                case .tick: .done
                case .yesNo: item.mismatchOn == .yes ? .no : .yes
                case .reading, .text: .words(text: "正常")
                }
            try await phone.record(.answerItem(item: item.item, answer: answer, remark: ""), on: order)
            guard item.photo != .none else { continue }
            for moment in PhotoMoment.allCases {
                let name = moment == .before ? "before" : "after"
                let file = Office.repository.appendingPathComponent("demo/photos/\(name).jpg")
                try await phone.takePhoto(file, for: item.item, moment, on: order, in: .zhHant)
            }
        }
    }

    func sign(_ paper: SignedPaper, _ name: String, as signer: SigningAs) async throws -> Sealed {
        let line = (0...40).map { PenPoint(x: $0 * 60, y: $0 % 7 * 90, tMs: UInt32($0 * 11), pressure: 130) }
        return try await phone.sign(paper, on: order, in: .zhHant, name: name, as: signer, strokes: [line])
    }

    func residentSigns(_ paper: SignedPaper) async throws -> SigningOutcome {
        .signed(seal: try await sign(paper, Self.resident, as: .resident))
    }

    /// Everything from the booking to the signed sheet, without network.
    func playPaidRepair() async throws {
        try await register()
        try await book()
        try await answer(.preparation)
        try await phone.record(.setOut, on: order)
        try await phone.record(.arrive, on: order)
        try await phone.record(.checkEntitlement(coverage: .expired, evidence: "保修卡 2023-0417"), on: order)
        try await phone.record(.answerStart(agreed: true, by: Self.resident), on: order)
        try await answer(.before)
        let diagnosis = VisitCommand.diagnose(
            cause: "角閥老化滲水", liability: .resident, note: "使用年限已過，更換須收費")
        try await phone.record(diagnosis, on: order)
        try await phone.record(.acknowledgeLiability(outcome: residentSigns(.liability)), on: order)
        let offer = QuoteOffer(
            lines: [
                PriceLine(code: "", name: "更換角閥", quantityThousandths: 1000, unitPrice: MoneyAmount(80, "CNY")),
                PriceLine(code: "", name: "上門人工", quantityThousandths: 1000, unitPrice: MoneyAmount(50, "CNY")),
            ],
            discount: MoneyAmount(0, "CNY"), reason: "角閥老化，不在保修範圍")
        try await phone.record(.presentQuote(offer: offer), on: order)
    }

    func finishPaidRepair() async throws -> Sealed {
        try await phone.record(.reportQuote, on: order)
        let outcome = try await residentSigns(.quote(agreed: true))
        try await phone.record(.answerQuote(agreed: true, outcome: outcome), on: order)
        try await phone.record(.startWork, on: order)
        let part = VisitCommand.usePart(
            code: "SG-15", name: "角閥", quantityThousandths: 1000, drawnWith: "", replacedSerial: "")
        try await phone.record(part, on: order)
        let finish = VisitCommand.finishWork(
            solved: true, cause: "角閥老化", method: "更換角閥與軟管", advice: "一週內留意接口")
        try await phone.record(finish, on: order)
        try await answer(.after)
        let fee = try await phone.order(order, in: .zhHant).fee
        try await phone.record(.takePayment(amount: fee, method: .wechat, receiptNo: "SJ-0001"), on: order)
        let sheet = SignedPaper.sheet(rating: 5, opinion: "師傅很細心")
        let technician = try await sign(sheet, "陳志強", as: .technician)
        let signOff = VisitCommand.signOff(
            technician: technician, resident: try await residentSigns(sheet), rating: 5, opinion: "師傅很細心")
        try await phone.record(signOff, on: order)
        try await phone.record(.deliverCopy(by: .qr), on: order)
        return technician
    }
}

/// A phone in a folder of its own.
func openPhone(in folder: URL) async throws -> Phone {
    try await Phone.open(PhoneSettings(path: folder.appendingPathComponent("visits.db").path, appVersion: "swift-test"))
}

/// Waits until something is so; the test fails when it never is.
func eventually(_ what: String, _ isSo: () async throws -> Bool) async throws {
    for _ in 0..<200 {
        if try await isSo() { return }
        try await Task.sleep(nanoseconds: 25_000_000)
    }
    throw Trouble("it did not come about: \(what)")
}

/// What a call throws, typed.
func failure<T>(_ work: () async throws(DoorstepError) -> T) async -> DoorstepError? {
    do throws(DoorstepError) {
        _ = try await work()
        return nil
    } catch {
        return error
    }
}
