// The scenario of every language, through the Kotlin package: it ends in the state all the others end in.

package app.doorstep

import java.io.Closeable
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.boolean
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

class ScenarioTest {
    @Test
    fun `the day ends in the state every language ends in`(@TempDir folder: Path) = runBlocking {
        val scenarios = Office.repository().resolve("tests/scenarios")
        val day = Json.parseToJsonElement(Files.readString(scenarios.resolve("day.json"))).jsonObject
        Stage().use { stage ->
            open(folder).use { phone ->
                val player = Player(phone, stage)
                for (step in day.getValue("steps").jsonArray) player.play(step.jsonObject)
                val (state, normal) = listOf("state", "normal").map(folder::resolve)
                Files.write(state, phone.exportedState())
                stage.ask("normal $state $normal")
                assertEquals(Files.readString(scenarios.resolve("day.expected.jsonl")), Files.readString(normal))
            }
        }
    }
}

/** The stage a scenario is played on: tests/src/bin/stage.rs. */
internal class Stage : Closeable {
    private val program =
        System.getenv("DOORSTEP_STAGE") ?: Office.repository().resolve("target/debug/stage").toString()
    private val process = ProcessBuilder(program).redirectError(ProcessBuilder.Redirect.INHERIT).start()
    private val requests = process.outputWriter(Charsets.UTF_8)
    private val answers = process.inputReader(Charsets.UTF_8)

    init {
        check(answers.readLine() == "ready") { "the stage does not answer" }
    }

    fun ask(request: String): String {
        requests.write("$request\n")
        requests.flush()
        return answers.readLine().also { check(!it.startsWith("failed")) { "$request: $it" } }
    }

    override fun close() {
        requests.close()
        if (!process.waitFor(10, TimeUnit.SECONDS)) process.destroyForcibly()
    }
}

private class Player(private val phone: Doorstep, private val stage: Stage) {
    private val orders = mutableMapOf<String, String>()
    private val seals = mutableMapOf<String, Sealed>()

    suspend fun play(step: JsonObject) {
        val order = orders[step.text("order")].orEmpty()
        when (val what = step.text("do")) {
            "enrol" -> phone.enrol(stage.ask("code ${step.text("person")}"))
            "sync" -> if (step.text("fails") == "offline") thrown<DoorstepException.Offline> { phone.sync() } else phone.sync()
            "send_photos" -> assertEquals(0uL, phone.sendPhotos(isWifi = true).left)
            "new_order" -> orders[step.text("order")] = phone.newOrderId()
            "record" -> record(order, step)
            "book" -> Visit(phone, order).book()
            "answer" -> Visit(phone, order).answer(Phase.valueOf(step.text("phase").uppercase()))
            "sign" -> seals[step.text("seal")] = sign(order, step)
            "line" -> stage.ask("line ${step.text("state")}")
            "office" -> stage.ask("office ${step.text("person")} $order ${step.getValue("command")}")
            "expect" -> expect(order, step)
            "sleep_and_wake" -> {
                phone.sleep()
                phone.wake()
            }
            else -> error("no step is called $what")
        }
    }

    private suspend fun record(order: String, step: JsonObject) {
        val command = command(step.getValue("command").jsonObject)
        val refused = step["refused"]?.jsonObject ?: return phone.record(order, command).let {}
        val no = thrown<DoorstepException.Refused> { phone.record(order, command) }
        assertEquals(RefusalReason.valueOf(refused.text("reason").uppercase()), no.reason)
        assertEquals(refused.getValue("rule").jsonPrimitive.int, no.rule.toInt())
        assertEquals(CommandName.valueOf(refused.text("needs").uppercase()), no.needs)
    }

    private suspend fun expect(order: String, step: JsonObject) {
        val page = phone.order(order, Language.EN)
        assertEquals(OrderStatus.valueOf(step.text("status").uppercase()), page.status, "$step")
        assertEquals(step.getValue("waiting").jsonPrimitive.int, page.waiting.toInt(), "$step")
        step["has_conflict"]?.let { expected ->
            val card = phone.orders().orders.single { it.order == order }
            assertEquals(expected.jsonPrimitive.boolean, card.hasConflict, "$step")
        }
    }

    private suspend fun sign(order: String, step: JsonObject): Sealed {
        val given = step.getValue("paper").jsonObject
        val paper = when (val what = given.text("is")) {
            "liability" -> SignedPaper.Liability
            "quote" -> SignedPaper.Quote(given.yes("agreed"))
            "sheet" -> SignedPaper.Sheet(given.rating(), given.text("opinion"))
            else -> error("no paper is called $what")
        }
        val visit = Visit(phone, order)
        return if (step.text("by") == "technician") {
            visit.sign(paper, "陳志強", SigningAs.Technician)
        } else {
            visit.sign(paper, RESIDENT, SigningAs.Resident)
        }
    }

    private fun command(given: JsonObject): VisitCommand = when (val what = given.text("is")) {
        "register" -> VisitCommand.Register(
            IntakeForm(
                unit = given.text("unit"), resident = given.text("resident"), phone = given.text("phone"), company = "",
                reporter = given.text("resident"), fault = given.text("fault"), symptom = given.text("symptom"),
                workType = given.text("work_type"), wished = null, channel = Channel.VISIT, triage = Triage.NEEDS_VISIT,
                tags = listOf(), access = "", remark = "",
            ),
        )
        "record_contact" -> VisitCommand.RecordContact(ContactBy.CALL, given.yes("reached"), given.text("note"))
        "set_out" -> VisitCommand.SetOut
        "arrive" -> VisitCommand.Arrive
        "check_entitlement" -> VisitCommand.CheckEntitlement(Coverage.EXPIRED, given.text("evidence"))
        "answer_start" -> VisitCommand.AnswerStart(given.yes("agreed"), given.text("by"))
        "diagnose" -> VisitCommand.Diagnose(given.text("cause"), Liability.RESIDENT, given.text("note"))
        "acknowledge_liability" -> VisitCommand.AcknowledgeLiability(signed(given))
        "present_quote" -> VisitCommand.PresentQuote(
            QuoteOffer(given.getValue("lines").jsonArray.map { line(it.jsonArray) }, yuan(0), given.text("reason")),
        )
        "start_work" -> VisitCommand.StartWork
        "report_quote" -> VisitCommand.ReportQuote
        "answer_quote" -> VisitCommand.AnswerQuote(given.yes("agreed"), signed(given))
        "use_part" -> VisitCommand.UsePart(given.text("code"), given.text("name"), given.number("thousandths"), "", "")
        "finish_work" -> VisitCommand.FinishWork(
            given.yes("solved"), given.text("cause"), given.text("method"), given.text("advice"),
        )
        "take_payment" -> VisitCommand.TakePayment(
            yuan(given.number("minor")), PaymentMethod.WECHAT, given.text("receipt_no"),
        )
        "sign_off" -> VisitCommand.SignOff(
            seals.getValue(given.text("technician")), signed(given), given.rating(), given.text("opinion"),
        )
        "deliver_copy" -> VisitCommand.DeliverCopy(CopyBy.QR)
        "edit_field" -> VisitCommand.EditField(SharedField.PHONE, given.text("to"))
        "add_note" -> VisitCommand.AddNote(given.text("text"))
        else -> error("no command is called $what")
    }

    private fun line(given: JsonArray) =
        PriceLine("", given[0].jsonPrimitive.content, 1000, yuan(given[1].jsonPrimitive.long))

    private fun signed(given: JsonObject) = SigningOutcome.Signed(seals.getValue(given.text("seal")))

    private fun yuan(minor: Long) = MoneyAmount(minor, "CNY")
}

private fun JsonObject.text(name: String): String = get(name)?.jsonPrimitive?.content.orEmpty()

private fun JsonObject.number(name: String): Long = getValue(name).jsonPrimitive.long

private fun JsonObject.yes(name: String): Boolean = getValue(name).jsonPrimitive.boolean

private fun JsonObject.rating(): UByte? = get("rating")?.jsonPrimitive?.int?.toUByte()
