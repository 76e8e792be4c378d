// docs/android.md, step by step, as a newcomer types it: its blocks are compiled into Page.kt and run here.

package app.doorstep

import app.doorstep.docs.page
import java.nio.file.Files
import java.nio.file.Path
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

class DocsTest {
    @Test
    fun `every step of the page`(@TempDir folder: Path) = runBlocking {
        Office().use { office ->
            val camera = Office.repository().resolve("demo/photos/before.jpg").toFile()
            page(office.enrolmentCode("W101"), folder.toFile(), camera)
            assertTrue(Files.size(folder.resolve("visits.db")) > 0)
            assertTrue(office.orders().contains("3-1502"))
        }
    }
}
