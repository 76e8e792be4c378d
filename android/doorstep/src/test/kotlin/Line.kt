// The line between a phone and the server, in a test's hand: it passes everything, stalls, or is cut.

package app.doorstep

import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread

internal class Line(private val server: Int) : AutoCloseable {
    enum class State { PASSES, STALLS, CUT }

    private val door = ServerSocket(0, 50, InetAddress.getLoopbackAddress())
    private val open = ConcurrentLinkedQueue<Socket>()

    @Volatile
    var state = State.PASSES

    /** Requests that came while it stalls. */
    val stalled = AtomicInteger()

    init {
        thread(isDaemon = true) {
            while (!door.isClosed) {
                val phone = runCatching { door.accept() }.getOrNull() ?: return@thread
                open.add(phone)
                if (state == State.CUT) phone.close() else thread(isDaemon = true) { runCatching { carry(phone) } }
            }
        }
    }

    /** An enrolment code that leads over this line. */
    fun over(code: String): String = code.replace(":$server", ":${door.localPort}")

    /** Ends what is under way, too. */
    fun cut() {
        state = State.CUT
        generateSequence(open::poll).forEach(Socket::close)
    }

    private fun carry(phone: Socket) {
        val other = Socket(InetAddress.getLoopbackAddress(), server).also(open::add)
        thread(isDaemon = true) { runCatching { other.getInputStream().copyTo(phone.getOutputStream()) } }
        val room = ByteArray(64 * 1024)
        while (true) {
            val read = phone.getInputStream().read(room)
            if (read < 0) return other.shutdownOutput()
            if (state == State.STALLS) stalled.incrementAndGet()
            while (state == State.STALLS) Thread.sleep(5)
            other.getOutputStream().write(room, 0, read)
        }
    }

    override fun close() {
        cut()
        door.close()
    }
}
