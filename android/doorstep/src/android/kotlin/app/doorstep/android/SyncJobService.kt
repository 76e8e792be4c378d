// Background sync with the platform's own JobScheduler, for apps without WorkManager.

package app.doorstep.android

import android.app.job.JobInfo
import android.app.job.JobParameters
import android.app.job.JobScheduler
import android.app.job.JobService
import android.content.ComponentName
import android.content.Context
import android.net.ConnectivityManager
import android.net.NetworkCapabilities
import app.doorstep.BackgroundPlan
import app.doorstep.BackgroundResult
import app.doorstep.BackgroundSync
import app.doorstep.Doorstep
import java.util.concurrent.ConcurrentHashMap
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.toJavaDuration
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch

/**
 * Syncs when the system says so. Extend it, give it the app's phone, and name it in the manifest with the permission
 * `android.permission.BIND_JOB_SERVICE`; [schedule] asks the system for it.
 */
abstract class SyncJobService : JobService() {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    private val running = ConcurrentHashMap<Int, Job>()

    /** The app's phone. It is not closed here. */
    protected abstract suspend fun phone(): Doorstep

    /** What became of a run. [BackgroundSync.failure] says why it gave up. */
    protected open fun finished(result: BackgroundResult, sync: BackgroundSync) = Unit

    override fun onStartJob(params: JobParameters): Boolean {
        val sync = BackgroundSync { phone() }
        running[params.jobId] = scope.launch {
            val result = sync.run(BackgroundPlan(isWifi = isUnmetered()))
            finished(result, sync)
            running.remove(params.jobId)
            jobFinished(params, result == BackgroundResult.RETRY)
        }
        return true
    }

    /** The system takes the time back: what was exchanged stays, and the rest is asked for again. */
    override fun onStopJob(params: JobParameters): Boolean {
        running.remove(params.jobId)?.cancel()
        return true
    }

    override fun onDestroy() {
        scope.cancel()
        super.onDestroy()
    }

    private fun isUnmetered(): Boolean {
        val connections = getSystemService(ConnectivityManager::class.java) ?: return false
        val can = connections.getNetworkCapabilities(connections.activeNetwork) ?: return false
        return can.hasCapability(NetworkCapabilities.NET_CAPABILITY_NOT_METERED)
    }

    companion object {
        /** Asks for a sync about every [every], whenever there is a network; the system keeps it over a restart. */
        fun schedule(
            context: Context,
            service: Class<out SyncJobService>,
            jobId: Int = 0xD005,
            every: Duration = 15.minutes,
        ) {
            val job = JobInfo.Builder(jobId, ComponentName(context, service))
                .setRequiredNetworkType(JobInfo.NETWORK_TYPE_ANY)
                .setPeriodic(every.toJavaDuration().toMillis())
                .setBackoffCriteria(30_000, JobInfo.BACKOFF_POLICY_EXPONENTIAL)
                .setPersisted(true)
                .build()
            context.getSystemService(JobScheduler::class.java)?.schedule(job)
        }
    }
}
