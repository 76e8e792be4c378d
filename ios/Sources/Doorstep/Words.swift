// The library's records in Foundation's words: dates, money, days, and ids for lists.

import Foundation

extension Moment {
    /// A date, with the offset a place has then.
    public init(_ date: Date, in zone: TimeZone = .current) {
        self.init(
            utcMs: Int64((date.timeIntervalSince1970 * 1000).rounded()),
            offsetMin: Int16(clamping: zone.secondsFromGMT(for: date) / 60))
    }

    /// The point in time, without the place's offset.
    public var date: Date {
        Date(timeIntervalSince1970: Double(utcMs) / 1000)
    }
}

extension TimeWindow {
    /// The window between two dates at a place.
    public init(_ dates: DateInterval, in zone: TimeZone = .current) {
        self.init(start: Moment(dates.start, in: zone), end: Moment(dates.end, in: zone))
    }
}

extension MoneyAmount {
    /// An amount in the currency's main unit, rounded to its hundredths as people do.
    public init(_ amount: Decimal, _ currency: String) {
        var (hundredths, rounded) = (amount * 100, Decimal())
        NSDecimalRound(&rounded, &hundredths, 0, .plain)
        self.init(minor: NSDecimalNumber(decimal: rounded).int64Value, currency: currency)
    }

    /// The amount in the currency's main unit.
    public var decimal: Decimal {
        Decimal(minor) / 100
    }
}

extension OrderSummary: Identifiable {
    /// The order's id.
    public var id: String { order }
}

extension OrderPage: Identifiable {
    /// The order's id.
    public var id: String { order }

    /// Whether a command may be given now, and why not: the button's state.
    public func action(_ command: CommandName) -> ActionRecord? {
        actions.first { $0.command == command }
    }
}

extension CheckItem: Identifiable {
    /// The item's id.
    public var id: String { item }
}

extension HeldThing: Identifiable {}
extension QuoteShown: Identifiable {}
