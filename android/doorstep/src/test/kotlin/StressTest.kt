// Eight threads on one phone, all at once: nothing breaks, and nothing leaks. A second by default; a minute in the long run.

package app.doorstep

import java.io.File
import java.nio.file.Path
import java.util.concurrent.atomic.AtomicLong
import kotlin.random.Random
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

class StressTest {
    private val length = (System.getenv("DOORSTEP_STRESS_SECONDS") ?: "3").toInt().seconds
    private val recorded = AtomicLong()

    @Test
    fun `eight threads, and nothing leaks`(@TempDir folder: Path) = runBlocking {
        Office().use { office ->
            val phone = open(folder)
            phone.enrol(office.enrolmentCode("W101"))
            phone.sync()
            val orders = List(8) { phone.newOrderId().also { id -> Visit(phone, id).register() } }
            hammer(phone, orders, length / 4)
            val before = Held.now()
            hammer(phone, orders, length)
            val after = Held.now()
            println("stress: ${recorded.get()} entries in ${length}, $before, then $after")
            while (phone.sync().more) Unit
            assertEquals(0uL, phone.readStatus().waiting)
            // Threads and files are those of the first round; memory may breathe, not grow with what was done.
            assertTrue(after.threads <= before.threads + 8, "threads: $before, then $after")
            assertTrue(after.files <= before.files + 8, "files: $before, then $after")
            assertTrue(after.resident <= before.resident + (48 shl 20), "memory: $before, then $after")
            phone.close()
            val end = Held.now()
            assertTrue(end.files < before.files, "the file is still open: $before, then $end")
        }
    }

    private suspend fun hammer(phone: Doorstep, orders: List<String>, time: kotlin.time.Duration) = kotlinx.coroutines.coroutineScope {
        val until = TimeSource.Monotonic.markNow() + time
        List(8) { hand ->
            launch(Dispatchers.IO) {
                val dice = Random(hand)
                while (until.hasNotPassedNow()) deed(phone, orders[dice.nextInt(8)], dice)
            }
        }.joinAll()
    }

    private suspend fun deed(phone: Doorstep, order: String, dice: Random) {
        when (dice.nextInt(10)) {
            0, 1 -> phone.record(order, VisitCommand.AddNote("note ${dice.nextInt()}")).also { recorded.incrementAndGet() }
            2 -> thrown<DoorstepException.Refused> { phone.record(order, VisitCommand.StartWork) }
            3 -> phone.order(order, Language.ZH_HANT)
            4 -> phone.search("漏水", ListPage(limit = 3u))
            5 -> phone.today()
            6 -> phone.watchOrder(order, Language.EN).first()
            7 -> withTimeoutOrNull(dice.nextLong(20)) { phone.sync() }
            8 -> phone.status.first()
            else -> phone.exportedState()
        }
    }

    /** What the process holds. */
    private data class Held(val threads: Int, val files: Int, val resident: Long) {
        companion object {
            fun now(): Held {
                repeat(3) {
                    System.gc()
                    Thread.sleep(100)
                }
                val pages = File("/proc/self/statm").readText().split(' ')[1].toLong()
                return Held(File("/proc/self/task").list()!!.size, File("/proc/self/fd").list()!!.size, pages * 4096)
            }
        }
    }
}
