// What a call from Kotlin costs: as the package makes it, beside a call of nothing through the same bridge.

package app.doorstep

import com.sun.jna.Native
import java.nio.file.Files
import kotlin.time.TimeSource
import kotlinx.coroutines.runBlocking

internal object CallBench {
    private const val ROUNDS = 9
    private const val CALLS = 20_000

    /** The least there is: a function of the C library that takes and gives a number. */
    internal object Nothing {
        init {
            Native.register(Nothing::class.java, "c")
        }

        @JvmStatic
        external fun abs(number: Int): Int
    }

    @JvmStatic
    fun main(args: Array<String>) = runBlocking {
        val folder = Files.createTempDirectory("doorstep-bench")
        val phone = open(folder)
        val raw = phone.phone
        val ids = mutableListOf<Double>()
        val suspended = mutableListOf<Double>()
        val floor = mutableListOf<Double>()
        for (round in 0..ROUNDS) {
            val least = micros { Nothing.abs(round) }
            val call = micros { raw.newOrderId() }
            val coroutine = micros { phone.newOrderId() }
            // The first round warms the machine.
            if (round > 0) {
                floor += least
                ids += call
                suspended += coroutine
            }
        }
        report("kotlin_call", ids, floor)
        report("kotlin_call_suspend", suspended, floor)
        phone.close()
        folder.toFile().deleteRecursively()
        Unit
    }

    private inline fun micros(call: () -> Unit): Double {
        val start = TimeSource.Monotonic.markNow()
        repeat(CALLS) { call() }
        return start.elapsedNow().inWholeNanoseconds / 1000.0 / CALLS
    }

    private fun report(name: String, values: List<Double>, floors: List<Double>) {
        val (value, floor) = listOf(values, floors).map { it.sorted()[it.size / 2] }
        println(
            """{"name":"$name","value":${"%.2f".format(value)},"unit":"us","floor":${"%.3f".format(floor)},""" +
                """"ratio":${"%.1f".format(value / floor)},"rounds":$ROUNDS}""",
        )
    }
}
