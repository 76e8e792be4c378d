// Where the key of the phone's file comes from: an interface, because only the platform can keep a key.

package app.doorstep

/** Keeps the 32-byte key the phone's file is encrypted with. Android: `app.doorstep.android.KeystoreKeys`. */
fun interface KeyStorage {
    /**
     * The key, the same every time; made when there is none yet. Called once by [Doorstep.open], off the main thread.
     *
     * Throws when there was one and it cannot be had now: never a new one in its place, or the file would stay shut.
     */
    fun storageKey(): ByteArray
}
