// Plays a scenario file (tests/scenarios) through the package: the Swift driver.

import Foundation

@testable import Doorstep

/// An object of the file, with its fields by name. What is left out is empty, false or none.
struct Fields {
    private let fields: [String: Any]

    init(_ any: Any?) throws {
        guard let fields = any as? [String: Any] else { throw Trouble("no object: \(String(describing: any))") }
        self.fields = fields
    }

    func text(_ name: String) -> String { fields[name] as? String ?? "" }
    func optionalText(_ name: String) -> String? { fields[name] as? String }
    func flag(_ name: String) -> Bool? { fields[name] as? Bool }
    func number(_ name: String) -> Int64? { (fields[name] as? NSNumber)?.int64Value }
    func object(_ name: String) throws -> Fields { try Fields(fields[name]) }
    func has(_ name: String) -> Bool { fields[name] != nil }
    func list(_ name: String) -> [Any] { fields[name] as? [Any] ?? [] }
    func json(_ name: String) throws -> String {
        String(decoding: try JSONSerialization.data(withJSONObject: fields[name] ?? [:]), as: UTF8.self)
    }

    /// A word of one of the package's vocabularies, as the file writes it.
    func word<Word: CaseIterable>(_ name: String) throws -> Word {
        let text = text(name)
        guard let word = Word.allCases.first(where: { snake($0) == text }) else { throw Trouble("no \(name) is \(text)") }
        return word
    }
}

/// A case's name as the file writes it: `consentMissing` is `consent_missing`.
func snake(_ word: Any) -> String {
    String(describing: word).reduce(into: "") { text, letter in
        text += letter.isUppercase ? "_" + letter.lowercased() : String(letter)
    }
}

/// The firm, its server and the line to it: a program that answers a line with a line.
final class Stage {
    private let process = Process()
    private let (asks, answers) = (Pipe(), Pipe())
    private var unread = Data()

    init() throws {
        let folder = ProcessInfo.processInfo.environment["DOORSTEP_SERVER"].map { URL(fileURLWithPath: $0) }
            ?? Office.repository.appendingPathComponent("target/debug/doorstep-server")
        process.executableURL = folder.deletingLastPathComponent().appendingPathComponent("stage")
        process.standardInput = asks
        process.standardOutput = answers
        try process.run()
        _ = try answer("ready")
    }

    func ask(_ request: String) throws -> String {
        try asks.fileHandleForWriting.write(contentsOf: Data((request + "\n").utf8))
        return try answer(request)
    }

    private func answer(_ request: String) throws -> String {
        while true {
            if let end = unread.firstIndex(of: 10) {
                let line = String(decoding: unread[unread.startIndex..<end], as: UTF8.self)
                unread = Data(unread[(end + 1)...])
                if line.hasPrefix("failed: ") { throw Trouble("\(request): \(line)") }
                return line
            }
            let more = answers.fileHandleForReading.availableData
            if more.isEmpty { throw Trouble("\(request): the stage is gone") }
            unread += more
        }
    }

    func stop() {
        try? asks.fileHandleForWriting.close()
        kill(process.processIdentifier, SIGKILL)
    }
}

/// One phone that plays a scenario.
final class Driver {
    let phone: Phone
    private let stage: Stage
    private let folder: URL
    private var visits: [String: Visit] = [:]
    private var seals: [String: Sealed] = [:]

    init(_ stage: Stage) async throws {
        self.stage = stage
        folder = try temporaryFolder()
        phone = try await openPhone(in: folder)
    }

    /// Does the steps in their order, and gives the exported state without what no two runs have in common.
    func play(_ scenario: Fields) async throws -> Data {
        for (number, step) in scenario.list("steps").enumerated() {
            do {
                try await play(step: Fields(step))
            } catch {
                throw Trouble("step \(number), \(step): \(error)")
            }
        }
        let (raw, normal) = (folder.appendingPathComponent("raw"), folder.appendingPathComponent("normal"))
        try await phone.exportedState().write(to: raw)
        _ = try stage.ask("normal \(raw.path) \(normal.path)")
        return try Data(contentsOf: normal)
    }

    private func play(step: Fields) async throws {
        switch step.text("do") {
        case "enrol": try await phone.enrol(with: stage.ask("code \(step.text("person"))"))
        case "sync": try await failing(step) { () throws(DoorstepError) in try await self.phone.sync() }
        case "send_photos":
            try await failing(step) { () throws(DoorstepError) in try await self.phone.sendPhotos(isWifi: true) }
        case "new_order":
            visits[step.text("order")] = Visit(phone: phone, order: try await phone.newOrderID())
        case "record": try await record(step)
        case "book": try await visit(step).book()
        case "answer": try await visit(step).answer(step.word("phase"))
        case "sign":
            let isResident = step.text("by") == "resident"
            seals[step.text("seal")] = try await visit(step).sign(
                paper(step.object("paper")), isResident ? "陳美玲" : "陳志強", as: isResident ? .resident : .technician)
        case "line": _ = try stage.ask("line \(step.text("state"))")
        case "office":
            _ = try stage.ask("office \(step.text("person")) \(visit(step).order) \(step.json("command"))")
        case "expect": try await expect(step)
        case "sleep_and_wake":
            await phone.suspend()
            try await phone.resume()
        case let other: throw Trouble("no step is \(other)")
        }
    }

    private func visit(_ step: Fields) throws -> Visit {
        guard let visit = visits[step.text("order")] else { throw Trouble("no order is \(step.text("order"))") }
        return visit
    }

    private func seal(_ name: String) throws -> Sealed {
        guard let seal = seals[name] else { throw Trouble("no seal is \(name)") }
        return seal
    }

    private func record(_ step: Fields) async throws {
        let (order, command) = (try visit(step).order, try command(step.object("command")))
        guard step.has("refused") else {
            try await phone.record(command, on: order)
            return
        }
        let no = await failure { () throws(DoorstepError) in try await self.phone.record(command, on: order) }
        guard case .refused(let refusal) = no else { throw Trouble("not refused: \(String(describing: no))") }
        let wanted = try step.object("refused")
        guard snake(refusal.reason) == wanted.text("reason"), Int64(refusal.rule) == wanted.number("rule"),
            refusal.needs.map(snake) == wanted.optionalText("needs")
        else { throw Trouble("refused otherwise: \(refusal)") }
    }

    private func failing<T>(_ step: Fields, _ call: () async throws(DoorstepError) -> T) async throws {
        let fails = step.optionalText("fails")
        switch (await failure(call), fails) {
        case (nil, nil): return
        case (.offline, "offline"), (.signInAgain, "sign_in_again"), (.badInput, "bad_input"): return
        case (let other, _): throw Trouble("\(String(describing: other)) is not \(fails ?? "well")")
        }
    }

    private func expect(_ step: Fields) async throws {
        let order = try visit(step).order
        let page = try await phone.order(order, in: .zhHant)
        guard snake(page.status) == step.text("status"), Int64(page.waiting) == step.number("waiting") else {
            throw Trouble("\(page.status), \(page.waiting) waiting")
        }
        guard let hasConflict = step.flag("has_conflict") else { return }
        let card = try await phone.orders().orders.first { $0.order == order }
        guard card?.hasConflict == hasConflict else { throw Trouble(String(describing: card)) }
    }

    private func paper(_ paper: Fields) throws -> SignedPaper {
        switch paper.text("is") {
        case "quote": .quote(agreed: paper.flag("agreed") ?? false)
        case "mismatch": .mismatch
        case "liability": .liability
        case "unsolved": .unsolved(reason: paper.text("reason"))
        case "sheet": .sheet(rating: paper.number("rating").map(UInt8.init), opinion: paper.text("opinion"))
        case let other: throw Trouble("no paper is \(other)")
        }
    }

    private func command(_ given: Fields) throws -> VisitCommand {
        let yuan = { (minor: Int64) in MoneyAmount(minor: minor, currency: "CNY") }
        func signed() throws -> SigningOutcome { .signed(seal: try seal(given.text("seal"))) }
        switch given.text("is") {
        case "register":
            return .register(
                intake: IntakeForm(
                    unit: given.text("unit"), resident: given.text("resident"), phone: given.text("phone"), company: "",
                    reporter: given.text("resident"), fault: given.text("fault"), symptom: given.text("symptom"),
                    workType: given.text("work_type"), wished: nil, channel: .visit, triage: .needsVisit, tags: [],
                    access: "", remark: ""))
        case "record_contact":
            return .recordContact(
                by: try given.word("by"), reached: given.flag("reached") ?? false, note: given.text("note"))
        case "set_out": return .setOut
        case "arrive": return .arrive
        case "check_entitlement":
            return .checkEntitlement(coverage: try given.word("coverage"), evidence: given.text("evidence"))
        case "answer_start": return .answerStart(agreed: given.flag("agreed") ?? false, by: given.text("by"))
        case "diagnose":
            return .diagnose(
                cause: given.text("cause"), liability: try given.word("liability"), note: given.text("note"))
        case "acknowledge_liability": return .acknowledgeLiability(outcome: try signed())
        case "present_quote":
            let lines = given.list("lines").compactMap { $0 as? [Any] }.map { line in
                PriceLine(
                    code: "", name: line[0] as? String ?? "", quantityThousandths: 1000,
                    unitPrice: yuan((line[1] as? NSNumber)?.int64Value ?? 0))
            }
            return .presentQuote(offer: QuoteOffer(lines: lines, discount: yuan(0), reason: given.text("reason")))
        case "report_quote": return .reportQuote
        case "answer_quote": return .answerQuote(agreed: given.flag("agreed") ?? false, outcome: try signed())
        case "start_work": return .startWork
        case "use_part":
            return .usePart(
                code: given.text("code"), name: given.text("name"),
                quantityThousandths: given.number("thousandths") ?? 0, drawnWith: given.text("drawn_with"),
                replacedSerial: given.text("replaced_serial"))
        case "finish_work":
            return .finishWork(
                solved: given.flag("solved") ?? false, cause: given.text("cause"), method: given.text("method"),
                advice: given.text("advice"))
        case "take_payment":
            return .takePayment(
                amount: yuan(given.number("minor") ?? 0), method: try given.word("method"),
                receiptNo: given.text("receipt_no"))
        case "sign_off":
            return .signOff(
                technician: try seal(given.text("technician")), resident: try signed(),
                rating: given.number("rating").map(UInt8.init), opinion: given.text("opinion"))
        case "deliver_copy": return .deliverCopy(by: try given.word("by"))
        case "edit_field": return .editField(field: try given.word("field"), to: given.text("to"))
        case "add_note": return .addNote(text: given.text("text"))
        case let other: throw Trouble("no command is \(other)")
        }
    }
}
