// What changes, as flows: the state at once, then again after every commit. A slow collector misses steps, never the last.

package app.doorstep

import java.time.LocalDate
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.mapNotNull

/** One commit, or several close together. */
internal class Commit(val state: SyncState, private val orders: Set<String>, private val everything: Boolean) {
    fun touches(order: String) = everything || order in orders

    fun touchesAnyOrder() = everything || orders.isNotEmpty()
}

/** Every commit, in order; the first one stands for everything there is. Completes when the phone is closed. */
internal fun Doorstep.commits(): Flow<Commit> = callbackFlow {
    val observer = object : OrderObserver {
        override fun changed(state: SyncState, orders: List<String>, everything: Boolean) {
            trySend(Commit(state, orders.toSet(), everything))
        }
    }
    val watch = call { observe(observer) }
    val ending = life.invokeOnCompletion { close() }
    awaitClose {
        ending.dispose()
        watch.use { it.cancel() }
    }
}.buffer(Channel.UNLIMITED)

internal fun Doorstep.watchStatus(): Flow<SyncState> = commits().map { it.state }.conflate().distinctUntilChanged()

/** The list of a day, read again after every change: the first [limit] orders. */
fun Doorstep.watchToday(day: LocalDate, limit: UInt = 50u): Flow<OrdersShown> =
    commits().filter { it.touchesAnyOrder() }.conflate()
        .mapNotNull { whileAwake { today(day, ListPage(limit = limit)) } }.distinctUntilChanged()

/** One order, read again whenever something about it changes. Fails with [DoorstepException.NotFound] when it leaves. */
fun Doorstep.watchOrder(order: String, language: Language): Flow<OrderPage> =
    commits().filter { it.touches(order) }.conflate().mapNotNull { whileAwake { order(order, language) } }

/** Null when the phone was closed or put to sleep meanwhile: the flow ends, or waking tells everything again. */
private suspend fun <T : Any> Doorstep.whileAwake(read: suspend () -> T): T? = try {
    read()
} catch (failed: DoorstepException.Bug) {
    if (isAwake) throw failed else null
}
