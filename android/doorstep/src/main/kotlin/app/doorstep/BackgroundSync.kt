// Sync in the background: what a WorkManager worker or a JobService does, without either's classes.

package app.doorstep

import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlinx.coroutines.withTimeoutOrNull

/** What the platform allows this time. */
data class BackgroundPlan(
    /** The network costs nothing by the byte. */
    val isWifi: Boolean,
    /** Send photos too, after the sync. */
    val photos: Boolean = true,
    /** When the platform will stop it: a little less than what it grants. */
    val within: Duration = 9.minutes,
)

/** What to tell the platform. */
enum class BackgroundResult {
    /** All is exchanged. */
    DONE,

    /** Something is left, or there was no network: ask to be called again. */
    RETRY,

    /** Calling again would not help before a person did something; [BackgroundSync.failure] says what. */
    GIVE_UP,
}

/**
 * One run of background sync, shaped like a worker: call [run] from `CoroutineWorker.doWork`, or let
 * `app.doorstep.android.SyncJobService` do it.
 *
 * [open] gives the phone; it is not closed here, because an app has one and shares it.
 */
class BackgroundSync(private val open: suspend () -> Doorstep) {
    /** Why the last run gave up. */
    @Volatile
    var failure: DoorstepException? = null
        private set

    /** Syncs, then sends photos, within the plan. Cancel the coroutine when the platform says stop. */
    suspend fun run(plan: BackgroundPlan): BackgroundResult {
        failure = null
        return try {
            withTimeoutOrNull(plan.within) { exchange(open(), plan) } ?: BackgroundResult.RETRY
        } catch (failed: DoorstepException) {
            if (failed.isTemporary) return BackgroundResult.RETRY
            failure = failed
            BackgroundResult.GIVE_UP
        }
    }

    private suspend fun exchange(phone: Doorstep, plan: BackgroundPlan): BackgroundResult {
        while (phone.sync().more) Unit
        if (!plan.photos) return BackgroundResult.DONE
        val sent = phone.sendPhotos(plan.isWifi)
        // Those that wait for Wi-Fi wait for another plan; asking again on this network would change nothing.
        return if (sent.left > sent.waitForWifi) BackgroundResult.RETRY else BackgroundResult.DONE
    }
}
