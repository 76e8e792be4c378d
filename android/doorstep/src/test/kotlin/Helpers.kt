// What the tests share: a phone in a folder, the taps of a visit, and waiting for what comes about by itself.

package app.doorstep

import java.nio.file.Path
import java.time.LocalDate
import java.time.LocalTime
import java.time.ZoneOffset
import org.junit.jupiter.api.Assertions.assertEquals

internal const val RESIDENT = "陳美玲"

internal suspend fun open(folder: Path, keys: KeyStorage? = null): Doorstep =
    Doorstep.open(PhoneSettings(folder.resolve("visits.db").toString(), "kotlin-test"), keys)

/** The failure of a call; another one, or none, fails the test. */
internal inline fun <reified T : Throwable> thrown(call: () -> Any?): T {
    val failure = runCatching { call() }.exceptionOrNull()
    return failure as? T ?: throw AssertionError("expected ${T::class.simpleName}, got $failure", failure)
}

internal fun waitFor(what: () -> Boolean) {
    repeat(400) {
        if (what()) return
        Thread.sleep(25)
    }
    error("it did not come about")
}

/** The taps of a visit. */
internal class Visit(val phone: Doorstep, val order: String) {
    suspend fun register() {
        val intake = IntakeForm(
            unit = "3-1502", resident = RESIDENT, phone = "142 0000 0100", company = "", reporter = RESIDENT,
            fault = "厨房漏水", symptom = "角閥處滴水", workType = "plumbing", wished = null, channel = Channel.VISIT,
            triage = Triage.NEEDS_VISIT, tags = listOf(), access = "", remark = "",
        )
        phone.record(order, VisitCommand.Register(intake))
        phone.record(order, VisitCommand.RecordContact(ContactBy.CALL, true, "已約定"))
    }

    /** The next day at ten on which the firm works: R31 says no to the others. */
    suspend fun book() {
        for (days in 1L..14L) {
            val start = LocalDate.now().plusDays(days).atTime(LocalTime.of(10, 0)).toInstant(ZoneOffset.ofHours(8))
            val moment = { ms: Long -> Moment(ms, 480) }
            val window = TimeWindow(moment(start.toEpochMilli()), moment(start.plusSeconds(3600).toEpochMilli()))
            try {
                phone.record(order, VisitCommand.Book(window))
                return
            } catch (no: DoorstepException.Refused) {
                assertEquals(31.toUShort(), no.rule)
            }
        }
        error("no working day within two weeks")
    }

    suspend fun answer(phase: Phase) {
        for (item in phone.order(order, Language.ZH_HANT).checklist.filter { it.phase == phase }) {
            if (item.needsConsent) phone.record(order, VisitCommand.AnswerStep(item.item, true, RESIDENT))
            val answer = when (item.kind) {
                ItemKind.TICK -> ItemAnswer.Done
                ItemKind.YES_NO -> if (item.mismatchOn == ItemAnswer.Yes) ItemAnswer.No else ItemAnswer.Yes
                ItemKind.READING, ItemKind.TEXT -> ItemAnswer.Words("正常")
            }
            phone.record(order, VisitCommand.AnswerItem(item.item, answer, ""))
            if (item.photo != PhotoNeed.NONE) for (moment in PhotoMoment.entries) {
                val file = if (moment == PhotoMoment.BEFORE) "before.jpg" else "after.jpg"
                phone.takePhoto(order, item.item, moment, Office.repository().resolve("demo/photos/$file").toFile(), Language.ZH_HANT)
            }
        }
    }

    suspend fun sign(paper: SignedPaper, name: String, signingAs: SigningAs): Sealed {
        val line = (0..40).map { PenPoint(it * 60, it % 7 * 90, (it * 11).toUInt(), 130u) }
        return phone.sign(order, paper, Language.ZH_HANT, name, signingAs, listOf(line))
    }

    suspend fun residentSigns(paper: SignedPaper) = SigningOutcome.Signed(sign(paper, RESIDENT, SigningAs.Resident))
}
