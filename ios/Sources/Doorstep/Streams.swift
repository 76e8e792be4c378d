// Streams to observe: one for what changed, and others that read again whenever it did.

import Foundation

/// What changed since the last element of a stream.
public struct Change: Equatable, Sendable {
    /// How sync stands now.
    public let state: SyncState
    /// The ids of the orders that changed.
    public let orders: Set<String>
    /// Read again everything that is shown.
    public let everything: Bool

    /// Whether a screen about this order is out of date.
    public func concerns(_ order: String) -> Bool {
        everything || orders.contains(order)
    }

    func followed(by later: Change) -> Change {
        Change(state: later.state, orders: orders.union(later.orders), everything: everything || later.everything)
    }
}

extension Phone {
    /// What changes: the present state first, then one element for each commit. A reader that is slow finds several
    /// commits in one element, and misses none. The stream ends when the phone is closed.
    public var changes: AsyncStream<Change> {
        let (stream, continuation) = AsyncStream.makeStream(of: Change.self, bufferingPolicy: .bufferingNewest(1))
        let (binding, streams) = (binding, streams)
        let key = UUID()
        continuation.onTermination = { _ in streams.remove(key) }
        // Observing waits for the phone's lock: not on the caller's thread.
        DispatchQueue.global(qos: .userInitiated).async {
            guard let watch = try? binding.observe(observer: Listener(continuation)) else {
                return continuation.finish()
            }
            streams.add(watch, continuation, under: key)
        }
        return stream
    }

    /// How sync stands: now, and after each change.
    public var states: AsyncStream<SyncState> {
        reading { _, change in change.state }
    }

    /// The first part of the day's orders, as ``today(_:in:page:)`` gives it: now, and after each change.
    public func todays(
        _ day: Date = Date(), in calendar: Calendar = .current, limit: UInt32? = nil
    ) -> AsyncStream<OrdersShown> {
        reading { phone, _ in try await phone.today(day, in: calendar, page: ListPage(limit: limit)) }
    }

    /// One order's page: now, and after each change of that order. It waits for an order that is not here yet.
    public func pages(of order: String, in language: Language) -> AsyncStream<OrderPage> {
        let first = Locked(true)
        return reading { phone, change in
            guard first.exchange(false) || change.concerns(order) else { return nil }
            return try await phone.order(order, in: language)
        }
    }

    /// Reads again after each change; what cannot be read now is read with the next.
    private func reading<T: Sendable>(
        _ read: @escaping @Sendable (Phone, Change) async throws -> T?
    ) -> AsyncStream<T> {
        let (stream, continuation) = AsyncStream.makeStream(of: T.self, bufferingPolicy: .bufferingNewest(1))
        let changes = changes
        let reader = Task { [weak self] in
            for await change in changes {
                guard let phone = self else { break }
                if let read = try? await read(phone, change) { continuation.yield(read) }
            }
            continuation.finish()
        }
        continuation.onTermination = { _ in reader.cancel() }
        return stream
    }
}

/// Hears of commits, on the library's one thread, and hands them on.
private final class Listener: OrderObserver {
    private let continuation: AsyncStream<Change>.Continuation

    init(_ continuation: AsyncStream<Change>.Continuation) {
        self.continuation = continuation
    }

    func changed(state: SyncState, orders: [String], everything: Bool) throws {
        let change = Change(state: state, orders: Set(orders), everything: everything)
        // Nobody took the element before this one: both become one.
        if case .dropped(let unread) = continuation.yield(change) {
            continuation.yield(unread.followed(by: change))
        }
    }
}

/// The streams of one phone, so that closing it ends them.
final class Streams: Sendable {
    private typealias Watched = (watch: Watch, continuation: AsyncStream<Change>.Continuation)
    private let live = Locked<(isClosed: Bool, watched: [UUID: Watched], ended: Set<UUID>)>((false, [:], []))

    func add(_ watch: Watch, _ continuation: AsyncStream<Change>.Continuation, under key: UUID) {
        let isWanted = live.with { live in
            // It may have ended before it began.
            guard !live.isClosed, live.ended.remove(key) == nil else { return false }
            live.watched[key] = (watch, continuation)
            return true
        }
        if !isWanted {
            watch.cancel()
            continuation.finish()
        }
    }

    func remove(_ key: UUID) {
        let watched = live.with { live in
            let watched = live.watched.removeValue(forKey: key)
            if watched == nil && !live.isClosed { live.ended.insert(key) }
            return watched
        }
        watched?.watch.cancel()
    }

    /// Ends them all, and those still to come.
    func finish() {
        let all = live.with { live in
            live.isClosed = true
            defer { live.watched = [:] }
            return Array(live.watched.values)
        }
        for (watch, continuation) in all {
            watch.cancel()
            continuation.finish()
        }
    }
}
