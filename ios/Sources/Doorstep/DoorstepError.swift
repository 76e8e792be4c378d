// What can go wrong, as one enum to switch over: a case for each thing an app does differently.

import Foundation

/// Why a call did not do what was asked. Nothing is half done, and nothing recorded is lost.
public enum DoorstepError: Error, Equatable, Sendable {
    /// A rule said no. Show ``Refusal/text(in:)``.
    case refused(Refusal)
    /// Wait for the network. Everything is kept.
    case offline(String)
    /// Ask for a new enrolment code. Everything is kept.
    case signInAgain(String)
    /// Ask to free some room. Nothing was written.
    case storageFull(String)
    /// The storage failed. A damaged file was moved aside, never deleted: show ``Phone/openedAs()``.
    case storageDamaged(String)
    /// The input cannot be used, or the app is older than its file; the text says which.
    case badInput(String)
    /// It is not on this phone.
    case notFound(String)
    /// Report it. A call on a closed or suspended phone is one.
    case bug(String)
}

/// A rule's no: which rule, in which words, and what would unblock it.
public struct Refusal: Equatable, Sendable {
    /// The reason, to switch over.
    public let reason: RefusalReason
    /// The rule's number.
    public let rule: UInt16
    /// The clause of the firm's procedure.
    public let sourceClause: String
    /// The command that would unblock it, when there is one.
    public let needs: CommandName?
    /// The roles that may waive the rule.
    public let waivedBy: [StaffRole]
    private let texts: [String]

    /// Why, and what unblocks it, in the reader's language.
    public func text(in language: Language) -> String {
        switch language {
        case .zhHant: texts[0]
        case .zhHans: texts[1]
        case .en: texts[2]
        }
    }

    init(
        reason: RefusalReason, rule: UInt16, sourceClause: String, hant: String, hans: String, en: String,
        needs: CommandName?, waivedBy: [StaffRole]
    ) {
        self.reason = reason
        self.rule = rule
        self.sourceClause = sourceClause
        self.needs = needs
        self.waivedBy = waivedBy
        texts = [hant, hans, en]
    }
}

extension DoorstepError: LocalizedError, CustomStringConvertible {
    /// The text in words; a refusal's is in English.
    public var description: String {
        switch self {
        case .refused(let refusal): refusal.text(in: .en)
        case .offline(let text), .signInAgain(let text), .storageFull(let text), .storageDamaged(let text),
            .badInput(let text), .notFound(let text), .bug(let text):
            text
        }
    }

    public var errorDescription: String? { description }
}

extension DoorstepError {
    /// The error of the generated code. A case that is new there does not compile until it stands here.
    init(_ error: DoorstepException) {
        switch error {
        case .Refused(let reason, let rule, let source, let hant, let hans, let en, let needs, let waivedBy):
            self = .refused(
                Refusal(
                    reason: reason, rule: rule, sourceClause: source, hant: hant, hans: hans, en: en, needs: needs,
                    waivedBy: waivedBy))
        case .Offline(let text): self = .offline(text)
        case .SignInAgain(let text): self = .signInAgain(text)
        case .StorageFull(let text): self = .storageFull(text)
        case .StorageDamaged(let text): self = .storageDamaged(text)
        case .BadInput(let text): self = .badInput(text)
        case .NotFound(let text): self = .notFound(text)
        case .Bug(let text): self = .bug(text)
        }
    }

    /// Anything that was thrown, typed: what is not the library's own is a bug.
    init(any error: any Error) {
        switch error {
        case let error as DoorstepError: self = error
        case let error as DoorstepException: self = DoorstepError(error)
        default: self = .bug(String(describing: error))
        }
    }
}
