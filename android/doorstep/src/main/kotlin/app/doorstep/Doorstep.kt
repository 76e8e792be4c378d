// The front door for Kotlin: suspend functions off the main thread, flows of what changes, cancellation that reaches the
// network, and every failure as a DoorstepException.

package app.doorstep

import java.io.Closeable
import java.io.File
import java.time.LocalDate
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext

/**
 * A technician's phone: what was recorded, what is shown, and the way to the server.
 *
 * Use it from any thread. Every function but [close] suspends and works on the dispatcher given to [open]; every one throws
 * [DoorstepException] and nothing else, besides a [kotlinx.coroutines.CancellationException] when its coroutine is cancelled.
 * When a recording function returns, the entry is on the disk; when its coroutine is cancelled meanwhile, it may be too.
 */
class Doorstep private constructor(
    internal val phone: DoorstepPhone,
    private val dispatcher: CoroutineDispatcher,
) : Closeable {
    /** Ends with [close], and every flow of this phone with it. */
    internal val life = Job()

    /** Whether the file is open: between [sleep] and [wake], what a flow could not read is no failure. */
    @Volatile
    internal var isAwake = true
        private set

    /** What opening found, or the last damage met since: show it when [OpenedAs.damage] is there. */
    suspend fun openedAs(): OpenedAs = call { openedAs() }

    /** Enrols with the text of the QR code on the office's screen. Uses the network. */
    suspend fun enrol(qrText: String): Unit = call { enrol(qrText) }

    /** Who this phone is; null before it was enrolled. */
    suspend fun enrolledAs(): EnrolledAs? = call { enrolledAs() }

    /** What earlier days left unfinished, then the visits of [day] by their window, then open orders without one. */
    suspend fun today(day: LocalDate = LocalDate.now(), page: ListPage = ListPage()): OrdersShown =
        call { today(day.toString(), page) }

    /** All orders on this phone that pass the filter, newest first. */
    suspend fun orders(filter: OrderFilter = OrderFilter(), page: ListPage = ListPage()): OrdersShown =
        call { orders(filter, page) }

    /** Orders whose number, unit, names, fault or phone hold the text, in either script, newest first. */
    suspend fun search(text: String, page: ListPage = ListPage()): OrdersShown = call { search(text, page) }

    /** One order with its checklist and, for every button, whether it may be pressed and why not. */
    suspend fun order(order: String, language: Language): OrderPage = call { order(order, language) }

    /** An id for an order about to be registered. */
    suspend fun newOrderId(): String = call { newOrderId() }

    /** Decides a command and saves what follows; the entry's number. Throws [DoorstepException.Refused] with the rule. */
    suspend fun record(order: String, command: VisitCommand): ULong = call { record(order, command) }

    /** The document to show before signing: canonical JSON, exactly what the seal will bind. */
    suspend fun paper(order: String, paper: SignedPaper, language: Language): ByteArray =
        call { paper(order, paper, language) }

    /** Seals the document of a paper with a signature: its strokes, each a line without lifting the pen. */
    suspend fun sign(
        order: String,
        paper: SignedPaper,
        language: Language,
        name: String,
        signingAs: SigningAs,
        lines: List<List<PenPoint>>,
    ): Sealed = call { sign(order, paper, language, name, signingAs, lines) }

    /** A paper as one self-contained HTML document, to show, print or hand over without network. */
    suspend fun sheet(
        order: String,
        paper: PrintedPaper,
        copy: SheetCopy,
        language: Language,
        layout: SheetLayout = SheetLayout.A4,
    ): String = call { sheet(order, paper, copy, language, layout) }

    /** The resident's copies of everything sealed on this phone for an order, the latest sign-off first. */
    suspend fun copies(order: String): List<ResidentCopy> = call { copies(order) }

    /**
     * Makes a photo from a camera's file and records it for a checklist item; the entry's number. When this returns, the
     * camera's file may be removed. [language]: of the text when the file cannot be taken.
     */
    suspend fun takePhoto(order: String, item: String, moment: PhotoMoment, file: File, language: Language): ULong =
        call { takePhoto(order, item, moment, file.path, language) }

    /** The photos of the current visit by checklist item: what is asked for, and before and after side by side. */
    suspend fun photoSlots(order: String, language: Language): List<PhotoSlotShown> = call { photoSlots(order, language) }

    /** A picture of a photo as JPEG, by the photo's `sha256`: in full, or smaller for a screen. */
    suspend fun photo(sha256: String, full: Boolean = false): ByteArray = call { photo(sha256, full) }

    /** How many photos are how far. */
    suspend fun photosKept(): PhotosKept = call { photosKept() }

    /**
     * Sends photos, as far as the policy allows on this network; [now] overrules its wish for Wi-Fi. What was sent before an
     * error or a cancellation stays sent.
     */
    suspend fun sendPhotos(isWifi: Boolean, now: Boolean = false): PhotosSent =
        network { cancel -> sendPhotos(isWifi, now, cancel) }

    /**
     * Exchanges everything with the server, as often as you like. Cancel the coroutine and it ends at once: what was
     * exchanged before stays, and the next call goes on there.
     */
    suspend fun sync(): SyncOutcome = network { cancel -> sync(cancel) }

    /** How sync stands now. [status] is the same as a flow. */
    suspend fun readStatus(): SyncState = call { status() }

    /** Writes everything unsent into a file that only the firm's server can read. Nothing here changes. */
    suspend fun rescue(to: File, language: Language): RescueMade = call { rescue(to.path, language) }

    /** Everything this phone shows, as bytes to compare: a line of canonical JSON for each order, by id. */
    suspend fun exportedState(): ByteArray = call { exportedState() }

    /** How sync stands: at once, and after every change. */
    val status: Flow<SyncState> get() = watchStatus()

    /** Closes the file while the app sleeps. Flows stay and are silent; every call throws until [wake]. */
    suspend fun sleep() {
        isAwake = false
        call { shutdown() }
    }

    /** Opens the file again after [sleep]; every flow then gives what is true now. */
    suspend fun wake() {
        call { reopen() }
        isAwake = true
    }

    /** Closes the file for good. Calls under way finish, flows complete, later calls throw [DoorstepException.Bug]. */
    override fun close() {
        isAwake = false
        life.cancel()
        phone.close()
    }

    /** Does one call off the caller's thread. */
    internal suspend fun <T> call(work: DoorstepPhone.() -> T): T = withContext(dispatcher) { guarded { phone.work() } }

    /** Does one call that uses the network, and ends it when the coroutine is cancelled. */
    private suspend fun <T> network(work: DoorstepPhone.(Cancel) -> T): T = guarded { Cancel() }.use { cancel ->
        coroutineScope {
            // On no thread of its own: a cancellation must not wait for one that is busy.
            val ending = launch(Dispatchers.Unconfined) {
                try {
                    awaitCancellation()
                } finally {
                    cancel.cancel()
                }
            }
            try {
                call { work(cancel) }
            } finally {
                withContext(NonCancellable) { ending.cancelAndJoin() }
            }
        }
    }

    companion object {
        /**
         * Opens the phone's file, or makes it. A damaged one is moved aside, never deleted: see [openedAs].
         *
         * [keys] gives the key the file is encrypted with, where the library was built with encryption. Throws
         * [DoorstepException.BadInput] for a file of another key, another program or a newer version, which is left
         * untouched, and [DoorstepException.Bug] when the native library is missing or of another version than this code.
         */
        suspend fun open(
            settings: PhoneSettings,
            keys: KeyStorage? = null,
            dispatcher: CoroutineDispatcher = Dispatchers.IO,
        ): Doorstep = withContext(dispatcher) {
            checkLibrary()
            val key = keys?.let(::keyOf) ?: settings.storageKey
            guarded { Doorstep(DoorstepPhone.open(settings.copy(storageKey = key)), dispatcher) }
        }
    }
}
