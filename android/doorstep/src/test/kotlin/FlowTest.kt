// Flows: what is true now comes first, the last change is never missed, and a phone's end is theirs.

package app.doorstep

import java.nio.file.Path
import java.time.LocalDate
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeAll
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

class FlowTest {
    @Test
    fun `the state comes first, and the last change is never missed`(@TempDir folder: Path) = runBlocking {
        open(folder).use { phone ->
            assertEquals(0uL, withTimeout(10.seconds) { phone.status.first() }.waiting)
            phone.enrol(office.enrolmentCode("W101"))
            phone.sync()
            val order = phone.newOrderId()
            Visit(phone, order).register()
            val calls = AtomicInteger()
            val slow = async(Dispatchers.Default) {
                phone.watchOrder(order, Language.EN).first { page ->
                    calls.incrementAndGet()
                    delay(40)
                    page.stateJson.contains("note 39")
                }
            }
            repeat(40) { phone.record(order, VisitCommand.AddNote("note $it")) }
            withTimeout(20.seconds) { slow.await() }
            assertTrue(calls.get() < 40, "${calls.get()} calls for 41 states")
        }
    }

    @Test
    fun `a phone that sleeps is silent, and tells everything when it wakes`(@TempDir folder: Path) = runBlocking {
        val phone = open(folder)
        phone.enrol(office.enrolmentCode("W102"))
        phone.sync()
        val lists = ConcurrentLinkedQueue<OrdersShown>()
        val watching = launch(Dispatchers.Default) { phone.watchToday(LocalDate.now()).collect(lists::add) }
        waitFor { lists.size == 1 }
        val before = lists.first().orders.size
        phone.sleep()
        assertTrue(thrown<DoorstepException.Bug> { phone.readStatus() }.text.contains("closed"))
        phone.wake()
        Visit(phone, phone.newOrderId()).register()
        waitFor { lists.last().orders.size == before + 1 }
        phone.close()
        withTimeout(10.seconds) { watching.join() }
    }

    @Test
    fun `what a listener throws ends that listener alone`(@TempDir folder: Path) = runBlocking {
        val phone = open(folder)
        val rude = phone.phone.observe(object : OrderObserver {
            override fun changed(state: SyncState, orders: List<String>, everything: Boolean) = error("not today")
        })
        val polite = ConcurrentLinkedQueue<SyncState>()
        val listening = launch(Dispatchers.Default) { phone.status.collect(polite::add) }
        val failed = async(Dispatchers.Default) { runCatching { phone.status.collect { error("nor tomorrow") } } }
        assertEquals("nor tomorrow", failed.await().exceptionOrNull()?.message)
        phone.enrol(office.enrolmentCode("W101"))
        phone.sync()
        waitFor { (polite.lastOrNull()?.cursor ?: 0uL) > 0uL }
        rude.close()
        phone.close()
        listening.join()
    }

    companion object {
        private lateinit var office: Office

        @JvmStatic
        @BeforeAll
        fun start() {
            office = Office()
        }

        @JvmStatic
        @AfterAll
        fun stop() = office.close()
    }
}
