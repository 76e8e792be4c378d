// The key of the phone's file on Android: random bytes, wrapped by a key that never leaves the Keystore.

package app.doorstep.android

import android.content.Context
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import app.doorstep.KeyStorage
import java.io.File
import java.io.FileOutputStream
import java.security.KeyStore
import java.security.SecureRandom
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/**
 * Keeps the storage key in a file of the app, encrypted with AES-GCM by a Keystore key named [alias].
 *
 * Neither survives on another device: the file lies outside of backups, and the Keystore key cannot be exported. A phone
 * restored from a backup is enrolled again and syncs.
 */
class KeystoreKeys(context: Context, private val alias: String = "doorstep.storage") : KeyStorage {
    private val file = File(context.noBackupFilesDir, "$alias.key")
    private val store: KeyStore = KeyStore.getInstance(PROVIDER).apply { load(null) }

    @Synchronized
    override fun storageKey(): ByteArray {
        if (file.exists()) return unwrap(file.readBytes())
        val key = ByteArray(KEY_BYTES).also(SecureRandom()::nextBytes)
        keep(wrap(key))
        // What was written is what will be read next time; better to find out now.
        return unwrap(file.readBytes())
    }

    private fun wrap(key: ByteArray): ByteArray {
        val cipher = Cipher.getInstance(TRANSFORMATION)
        cipher.init(Cipher.ENCRYPT_MODE, wrappingKey())
        return cipher.iv + cipher.doFinal(key)
    }

    private fun unwrap(wrapped: ByteArray): ByteArray {
        val cipher = Cipher.getInstance(TRANSFORMATION)
        val nonce = GCMParameterSpec(TAG_BITS, wrapped, 0, NONCE_BYTES)
        // A missing Keystore key must not be replaced: this file could never be read again.
        val key = existingKey() ?: error("the Keystore key $alias is gone, and ${file.name} was wrapped with it")
        cipher.init(Cipher.DECRYPT_MODE, key, nonce)
        return cipher.doFinal(wrapped, NONCE_BYTES, wrapped.size - NONCE_BYTES)
    }

    private fun existingKey(): SecretKey? = store.getKey(alias, null) as SecretKey?

    private fun wrappingKey(): SecretKey = existingKey() ?: KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, PROVIDER).run {
        val purposes = KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT
        init(
            KeyGenParameterSpec.Builder(alias, purposes)
                .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
                .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
                .setKeySize(KEY_BYTES * 8)
                .build(),
        )
        generateKey()
    }

    /** All of it or nothing, and on the disk: a database without its key is lost. */
    private fun keep(wrapped: ByteArray) {
        val fresh = File(file.path + ".new")
        FileOutputStream(fresh).use {
            it.write(wrapped)
            it.fd.sync()
        }
        check(fresh.renameTo(file)) { "the storage key cannot be kept in ${file.parent}" }
    }

    private companion object {
        const val PROVIDER = "AndroidKeyStore"
        const val TRANSFORMATION = "AES/GCM/NoPadding"
        const val KEY_BYTES = 32
        const val NONCE_BYTES = 12
        const val TAG_BITS = 128
    }
}
