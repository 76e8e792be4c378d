// A paid repair on the JVM, through the real library against a real server: opened on site, offline, to the signed sheet.

package app.doorstep

import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.ConcurrentLinkedQueue
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeAll
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

class PaidRepairTest {
    @Test
    fun `a paid repair from registration to the signed sheet, offline, then synced and approved`(@TempDir folder: Path) = runBlocking {
        val phone = open(folder)
        phone.enrol(office.enrolmentCode("W101"))
        phone.sync()

        val heard = ConcurrentLinkedQueue<SyncState>()
        val listening = launch(Dispatchers.Default) { phone.status.collect(heard::add) }

        // From here to the sync, nothing touches the network.
        val order = phone.newOrderId()
        val visit = Visit(phone, order)
        visit.register()
        visit.book()
        visit.answer(Phase.PREPARATION)
        phone.record(order, VisitCommand.SetOut)
        phone.record(order, VisitCommand.Arrive)
        phone.record(order, VisitCommand.CheckEntitlement(Coverage.EXPIRED, "保修卡 2023-0417"))
        phone.record(order, VisitCommand.AnswerStart(true, RESIDENT))
        visit.answer(Phase.BEFORE)
        phone.record(order, VisitCommand.Diagnose("角閥老化滲水", Liability.RESIDENT, "使用年限已過，更換須收費"))
        phone.record(order, VisitCommand.AcknowledgeLiability(visit.residentSigns(SignedPaper.Liability)))

        val yuan = { minor: Long -> MoneyAmount(minor, "CNY") }
        val lines = listOf(PriceLine("", "更換角閥", 1000, yuan(8000)), PriceLine("", "上門人工", 1000, yuan(5000)))
        phone.record(order, VisitCommand.PresentQuote(QuoteOffer(lines, yuan(0), "角閥老化，不在保修範圍")))

        // R66 says why the work may not begin, in the technician's language.
        val refused = thrown<DoorstepException.Refused> { phone.record(order, VisitCommand.StartWork) }
        assertEquals(66.toUShort(), refused.rule)
        assertEquals(RefusalReason.CONSENT_MISSING, refused.reason)
        assertEquals("F0/1.3", refused.sourceClause)
        assertTrue(refused.textHant.contains("同意") && refused.textHant.contains("F0/1.3"), refused.textHant)
        val button = phone.order(order, Language.ZH_HANS).actions.single { it.command == CommandName.START_WORK }
        assertFalse(button.allowed)
        assertTrue(button.whyNot.contains("收费"), button.whyNot)

        phone.record(order, VisitCommand.ReportQuote)
        phone.record(order, VisitCommand.AnswerQuote(true, visit.residentSigns(SignedPaper.Quote(true))))
        phone.record(order, VisitCommand.StartWork)
        phone.record(order, VisitCommand.UsePart("SG-15", "角閥", 1000, "", ""))
        phone.record(order, VisitCommand.FinishWork(true, "角閥老化", "更換角閥與軟管", "一週內留意接口"))
        visit.answer(Phase.AFTER)
        val fee = phone.order(order, Language.ZH_HANT).fee
        assertEquals(yuan(13000), fee)
        phone.record(order, VisitCommand.TakePayment(fee, PaymentMethod.WECHAT, "SJ-0001"))
        val sheet = SignedPaper.Sheet(5u, "師傅很細心")
        val technician = visit.sign(sheet, "陳志強", SigningAs.Technician)
        phone.record(order, VisitCommand.SignOff(technician, visit.residentSigns(sheet), 5u, "師傅很細心"))
        phone.record(order, VisitCommand.DeliverCopy(CopyBy.QR))
        assertTrue(phone.readStatus().waiting > 20u)
        val copy = phone.sheet(order, PrintedPaper.Service, SheetCopy.RESIDENT, Language.ZH_HANT, SheetLayout.A4)
        assertTrue(copy.contains("<html lang=\"zh-Hant\">") && copy.contains("¥130.00") && copy.contains("<svg"), copy.take(300))
        val toCheck = phone.copies(order).first()
        assertEquals("sheet", toCheck.kind)
        assertTrue(toCheck.text.startsWith("{\"format\":\"doorstep-copy\"") && toCheck.codeSvg.startsWith("<svg"), toCheck.text.take(200))
        assertTrue(toCheck.address.contains("/verify#1"), toCheck.address.take(100))
        assertEquals(listOf(order), listOf("漏水厨房", "0100").flatMap { phone.search(it).orders }.map { it.order }.distinct())

        // A file that is no photo is refused in the language asked for, and each pair is complete.
        val notes = Files.writeString(folder.resolve("notes.jpg"), "not a picture").toFile()
        val bad = thrown<DoorstepException.BadInput> {
            phone.takePhoto(order, "tidied", PhotoMoment.BEFORE, notes, Language.ZH_HANT)
        }
        assertEquals("這個檔案不是照片。", bad.text)
        val slots = phone.photoSlots(order, Language.ZH_HANT)
        assertTrue(slots.isNotEmpty() && slots.all { it.isComplete && it.before.single().state == PhotoState.KEPT })
        assertTrue(slots.all { phone.photo(it.after.single().sha256, true).isNotEmpty() && it.before.single().thumbnail!!.size < 12 * 1024 })

        val rescue = phone.rescue(folder.resolve("out.rescue").toFile(), Language.EN)
        assertEquals(Files.size(Path.of(rescue.to)), rescue.bytes.toLong())
        assertTrue(rescue.entries > 0uL && rescue.photos > 0uL && rescue.text.contains("Hand it to the office"))

        val report = phone.sync()
        assertEquals(1u, report.requests)
        assertEquals(0uL, report.parked)
        assertEquals(0uL, phone.readStatus().waiting)
        val seen = phone.order(order, Language.ZH_HANT)
        assertEquals(listOf(true), seen.quotes.map { it.agreed })
        assertTrue(seen.visits.single().finished != null)
        assertEquals("3-1502", seen.intake?.unit)
        assertEquals(OrderStatus.SIGNED_OFF, seen.status)
        assertTrue(seen.number!!.startsWith("WX"), seen.number)

        // Photos have their own lane; the policy wants Wi-Fi.
        val waiting = phone.photosKept().waiting
        assertEquals(waiting, phone.sendPhotos(isWifi = false).waitForWifi)
        assertEquals(waiting, phone.sendPhotos(isWifi = true).verified)
        assertEquals(PhotosKept(0u, 0u, waiting, 0u, 0u), phone.photosKept())

        val onServer = office.order(order)
        assertTrue(onServer.contains("\"status\":\"signed_off\""), onServer.take(300))
        assertTrue(onServer.contains(technician.documentSha256()))

        // The supervisor's approval comes back with the next sync.
        office.supervisorDoes(order, """{"approve":{"note":"資料齊全"}}""")
        phone.sync()
        val approved = phone.order(order, Language.EN)
        assertEquals(OrderStatus.APPROVED, approved.status)
        assertTrue(approved.stateJson.contains("資料齊全"))

        val cursor = phone.readStatus().cursor
        waitFor { heard.lastOrNull()?.let { it.waiting == 0uL && it.cursor == cursor } == true }
        phone.close()
        // A flow of a closed phone completes.
        listening.join()

        // What was recorded is there when the file is opened again.
        open(folder).use { again ->
            assertFalse(again.openedAs().isFresh)
            assertEquals("W101", again.enrolledAs()?.person)
            assertEquals(OrderStatus.APPROVED, again.order(order, Language.EN).status)
        }
    }

    @Test
    fun `what cannot be used is said in words, and nothing is saved`(@TempDir folder: Path) = runBlocking {
        val phone = open(folder)
        thrown<DoorstepException.BadInput> { phone.enrol("https://example.org/") }
        thrown<DoorstepException.SignInAgain> { phone.sync() }
        thrown<DoorstepException.BadInput> { phone.order("no id", Language.EN) }
        thrown<DoorstepException.NotFound> { phone.order(phone.newOrderId(), Language.EN) }
        phone.enrol(office.enrolmentCode("W102"))
        val order = phone.newOrderId()
        Visit(phone, order).register()
        thrown<DoorstepException.BadInput> {
            phone.sign(order, SignedPaper.Unsolved("缺料"), Language.EN, "x", SigningAs.Resident, listOf(listOf()))
        }
        assertEquals(2uL, phone.readStatus().waiting)
        phone.close()
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
