// What an app should never do, and some day does: each has a typed answer, and nothing that was recorded is lost.

package app.doorstep

import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeAll
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

class BadInputTest {
    @Test
    fun `calls after the end, from many threads, while it ends`(@TempDir folder: Path) = runBlocking {
        val phone = open(folder)
        val calls = (1..8).map {
            async(Dispatchers.Default) {
                thrown<DoorstepException.Bug> { while (true) phone.readStatus() }
            }
        }
        phone.sleep()
        phone.close()
        phone.close()
        calls.awaitAll()
        thrown<DoorstepException.Bug> { phone.sync() }
        thrown<DoorstepException.Bug> { phone.wake() }
        open(folder).close()
    }

    @Test
    fun `texts no database should see`(@TempDir folder: Path) = runBlocking {
        enrolled(folder).use { phone ->
            val order = phone.newOrderId()
            Visit(phone, order).register()
            val waiting = phone.readStatus().waiting
            for (half in listOf("\uD83D", "a\uDE00b", "\uDE00\uD83D")) {
                thrown<DoorstepException.BadInput> { phone.record(order, VisitCommand.AddNote(half)) }
                thrown<DoorstepException.BadInput> { phone.search(half) }
            }
            thrown<DoorstepException.Refused> { phone.record(order, VisitCommand.AddNote("長".repeat(1_000_000))) }
            assertEquals(waiting, phone.readStatus().waiting)
            // A NUL is a character like another: it is kept, and cuts nothing off.
            phone.record(order, VisitCommand.AddNote("before\u0000behind 😀"))
            assertTrue(phone.order(order, Language.EN).stateJson.contains("before\\u0000behind 😀"))
            for (id in listOf("", "\u0000", "../../etc", "0".repeat(100_000))) {
                thrown<DoorstepException.BadInput> { phone.order(id, Language.EN) }
            }
        }
    }

    @Test
    fun `lists far too long`(@TempDir folder: Path) = runBlocking {
        enrolled(folder).use { phone ->
            val order = phone.newOrderId()
            Visit(phone, order).register()
            val many = List(200_000) { OrderStatus.entries[it % OrderStatus.entries.size] }
            assertEquals(1, phone.orders(OrderFilter(status = many)).orders.size)
            assertTrue(phone.orders(page = ListPage(limit = UInt.MAX_VALUE)).orders.size <= 500)
            assertEquals(1, phone.orders(page = ListPage(limit = 0u)).orders.size)
            val lines = List(2) { List(500_000) { PenPoint(it, it, it.toUInt(), 9u) } }
            val seal = runCatching {
                phone.sign(order, SignedPaper.Unsolved("缺料"), Language.EN, "x", SigningAs.Technician, lines)
            }
            assertTrue(seal.exceptionOrNull() is DoorstepException, "$seal")
            assertEquals(order, phone.orders().orders.single().order)
        }
    }

    @Test
    fun `keys that do not fit`(@TempDir folder: Path) = runBlocking {
        open(folder).close()
        val file = folder.resolve("visits.db")
        val before = Files.readAllBytes(file)
        thrown<DoorstepException.BadInput> { open(folder, KeyStorage { ByteArray(5) }) }
        val gone = thrown<DoorstepException.BadInput> { open(folder, KeyStorage { error("the screen lock was removed") }) }
        assertTrue(gone.text.contains("the screen lock was removed"), gone.text)
        // This library is built without encryption: it says so and leaves the file as it is.
        thrown<DoorstepException.BadInput> { open(folder, KeyStorage { ByteArray(32) { 7 } }) }
        assertTrue(before.contentEquals(Files.readAllBytes(file)))
    }

    @Test
    fun `two processes on one file`(@TempDir folder: Path) = runBlocking {
        val phone = enrolled(folder)
        val order = phone.newOrderId()
        Visit(phone, order).register()
        val other = anotherJvm("app.doorstep.SecondProcess", folder.toString(), order, "60")
        repeat(60) { phone.record(order, VisitCommand.AddNote("first $it")) }
        val said = other.inputStream.readBytes().decodeToString()
        assertTrue(other.waitFor(60, TimeUnit.SECONDS) && other.exitValue() == 0, said)
        val notes = phone.order(order, Language.EN).stateJson
        for (who in listOf("first", "second")) repeat(60) { assertTrue(notes.contains("\"$who $it\""), "$who $it") }
        assertEquals(122uL, phone.readStatus().waiting)
        phone.sync()
        assertEquals(0uL, phone.readStatus().waiting)
        assertTrue(office.order(order).contains("second 59"))
        phone.close()
    }

    @Test
    fun `a library that is missing, or is another's`(@TempDir folder: Path) {
        val empty = Files.createDirectory(folder.resolve("empty"))
        val wrong = Files.createDirectory(folder.resolve("wrong"))
        Files.writeString(wrong.resolve("libdoorstep_ffi.so"), "no library at all")
        for (place in listOf(empty, wrong)) {
            val jvm = anotherJvm("app.doorstep.OpensNothing", folder.toString(), library = place.toString())
            val said = jvm.inputStream.readBytes().decodeToString()
            assertTrue(jvm.waitFor(60, TimeUnit.SECONDS) && jvm.exitValue() == 0, said)
            assertTrue(said.contains("the native library doorstep_ffi does not fit this code"), said)
        }
        val newer = thrown<DoorstepException.Bug> { checkLibrary(expected = "9.9.9") }
        assertTrue(newer.text.contains("is version $GENERATED_FROM, this code is version 9.9.9"), newer.text)
    }

    private suspend fun enrolled(folder: Path): Doorstep =
        open(folder).apply {
            enrol(office.enrolmentCode("W101"))
            sync()
        }

    private fun anotherJvm(main: String, vararg args: String, library: String = System.getProperty("jna.library.path")): Process {
        val java = Path.of(System.getProperty("java.home"), "bin", "java").toString()
        val classes = System.getProperty("java.class.path")
        val line = listOf(java, "-Djna.library.path=$library", "-Djna.nosys=true", "-cp", classes, main) + args
        return ProcessBuilder(line).redirectErrorStream(true).start()
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

/** Another process on the same file: it writes notes. */
internal object SecondProcess {
    @JvmStatic
    fun main(args: Array<String>) = runBlocking {
        open(Path.of(args[0])).use { phone ->
            repeat(args[2].toInt()) { phone.record(args[1], VisitCommand.AddNote("second $it")) }
        }
    }
}

/** A process whose library is not there, or none: twice, for the second time fails in another way below. */
internal object OpensNothing {
    @JvmStatic
    fun main(args: Array<String>) = runBlocking {
        repeat(2) {
            val failure = thrown<DoorstepException.Bug> { open(Path.of(args[0])) }
            println(failure.text)
        }
    }
}
