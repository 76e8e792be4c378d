// Cancelling what uses the network: it ends at once, loses nothing, and the next call goes on.

package app.doorstep

import java.nio.file.Path
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.measureTime
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

class CancelTest {
    @Test
    fun `a sync is cancelled in the middle of a request, and the next one goes on`(@TempDir folder: Path) = runBlocking {
        Office().use { office ->
            Line(office.port).use { line ->
                val phone = open(folder)
                phone.enrol(line.over(office.enrolmentCode("W101")))
                phone.sync()
                val order = phone.newOrderId()
                Visit(phone, order).register()

                line.state = Line.State.STALLS
                val sync = launch(Dispatchers.Default) { phone.sync() }
                waitFor { line.stalled.get() > 0 }
                val ended = measureTime { sync.cancelAndJoin() }
                assertTrue(ended < 2.seconds && sync.isCancelled, "$ended")
                assertNull(withTimeoutOrNull(200.milliseconds) { phone.sync() })
                assertEquals(2uL, phone.readStatus().waiting)

                // A plan's time runs out like a cancelled coroutine, and a cut line is a reason to come back.
                val background = BackgroundSync { phone }
                assertEquals(BackgroundResult.RETRY, background.run(BackgroundPlan(isWifi = true, within = 200.milliseconds)))
                line.cut()
                thrown<DoorstepException.Offline> { phone.sync() }
                assertEquals(BackgroundResult.RETRY, background.run(BackgroundPlan(isWifi = true)))
                line.state = Line.State.PASSES
                assertEquals(BackgroundResult.DONE, background.run(BackgroundPlan(isWifi = true)))
                assertEquals(0uL, phone.readStatus().waiting)
                assertTrue(office.order(order).contains("3-1502"))
                phone.close()
                assertEquals(BackgroundResult.GIVE_UP, background.run(BackgroundPlan(isWifi = true)))
                assertTrue(background.failure is DoorstepException.Bug)
            }
        }
    }
}
