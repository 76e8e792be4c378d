// Failures as an app wants them: one sealed type, a text in the reader's language, and nothing of the machinery below.

package app.doorstep

import java.nio.charset.CharacterCodingException

/** What to show a person who reads [language]. Only a refusal speaks all three; the others are for the report. */
fun DoorstepException.text(language: Language): String = when (this) {
    is DoorstepException.Refused -> when (language) {
        Language.ZH_HANT -> textHant
        Language.ZH_HANS -> textHans
        Language.EN -> textEn
    }
    is DoorstepException.Offline -> text
    is DoorstepException.SignInAgain -> text
    is DoorstepException.StorageFull -> text
    is DoorstepException.StorageDamaged -> text
    is DoorstepException.BadInput -> text
    is DoorstepException.NotFound -> text
    is DoorstepException.Bug -> text
}

/** Whether trying again later may succeed without anybody doing something. */
val DoorstepException.isTemporary: Boolean get() = this is DoorstepException.Offline

/** Does the work of one call; what the machinery between Kotlin and the library throws is said in its own words. */
internal inline fun <T> guarded(work: () -> T): T = try {
    work()
} catch (known: DoorstepException) {
    throw known
} catch (text: CharacterCodingException) {
    throw DoorstepException.BadInput("a text holds half a character, which cannot be stored").initCause(text)
} catch (closed: IllegalStateException) {
    throw DoorstepException.Bug("the phone was closed: ${closed.message}").initCause(closed)
} catch (broken: InternalException) {
    throw DoorstepException.Bug(broken.message ?: "a failure between Kotlin and the library").initCause(broken)
}

/** The key the platform keeps, or why it cannot be had. */
internal fun keyOf(keys: KeyStorage): ByteArray = try {
    keys.storageKey()
} catch (failed: Exception) {
    throw DoorstepException.BadInput("the key of the phone's file cannot be had: ${failed.message ?: failed}").initCause(failed)
}

/** Says clearly that the native library is missing, or is not the one this code was generated from. */
internal fun checkLibrary(expected: String = GENERATED_FROM) {
    val found = try {
        libraryVersion()
    } catch (other: LinkageError) {
        val why = generateSequence<Throwable>(other) { it.cause }.last()
        throw DoorstepException.Bug(
            "the native library doorstep_ffi does not fit this code, which is version $expected: " +
                "${why.message ?: why}. Ship both from the same build.",
        ).initCause(other)
    }
    if (found != expected) {
        throw DoorstepException.Bug(
            "the native library doorstep_ffi is version $found, this code is version $expected. Ship both from the same build.",
        )
    }
}
