// A real server for the tests: the firm of the demo's files in a fresh folder, one program on 127.0.0.1, ended by its handle.

package app.doorstep

import java.net.HttpURLConnection
import java.net.ServerSocket
import java.net.URI
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit

internal class Office : AutoCloseable {
    private val server =
        System.getenv("DOORSTEP_SERVER") ?: repository().resolve("target/debug/doorstep-server").toString()
    private val data: Path = Files.createTempDirectory("doorstep-office")
    val port = ServerSocket(0).use { it.localPort }
    val url = "http://127.0.0.1:$port"
    private val process: Process
    private val desk: String
    private val supervisor: String

    init {
        admin("import", repository().resolve("demo/emerald-lake").toString())
        for (person in listOf("G002", "G003")) admin("user", "add", "--org", ORG, "--person", person, input = "$PASSWORD\n")
        val log = data.resolve("server.log").toFile()
        process = ProcessBuilder(server, "serve", "--data", folder(), "--listen", "127.0.0.1:$port", "--public-url", url)
            .redirectErrorStream(true).redirectOutput(log).start()
        waitUntilItAnswers()
        desk = signIn("G003")
        supervisor = signIn("G002")
    }

    /** What the QR code on the office's screen says, for a technician's phone. */
    fun enrolmentCode(person: String): String = admin("enrol-code", "--org", ORG, "--person", person).lines()[1]

    /** The supervisor gives a command; the answer as JSON. */
    fun supervisorDoes(order: String, json: String): String = post("/v1/orders/$order/commands", json, supervisor)

    fun order(id: String): String = request("GET", "/v1/orders/$id", null, desk)

    fun orders(): String = request("GET", "/v1/orders", null, desk)

    private fun signIn(person: String): String {
        val login = post("/v1/login", """{"org":"$ORG","person":"$person","password":"$PASSWORD"}""", null)
        return Regex("\"token\":\"([^\"]+)\"").find(login)?.groupValues?.get(1) ?: error(login)
    }

    private fun folder() = data.resolve("server").toString()

    private fun admin(vararg words: String, input: String = ""): String {
        val line = listOf(server, "admin", *words, "--data", folder(), "--public-url", url)
        val run = ProcessBuilder(line).redirectError(data.resolve("admin.log").toFile()).start()
        run.outputStream.use { it.write(input.toByteArray()) }
        val text = run.inputStream.readBytes().decodeToString()
        check(run.waitFor() == 0) { "$words: $text ${data.resolve("admin.log").toFile().readText()}" }
        return text
    }

    private fun waitUntilItAnswers() {
        repeat(100) {
            check(process.isAlive) { data.resolve("server.log").toFile().readText() }
            if (runCatching { request("GET", "/healthz", null, null) }.isSuccess) return
            Thread.sleep(50)
        }
        error("the server does not answer")
    }

    private fun post(path: String, body: String, token: String?) = request("POST", path, body, token)

    private fun request(method: String, path: String, body: String?, token: String?): String {
        val connection = URI(url + path).toURL().openConnection() as HttpURLConnection
        connection.requestMethod = method
        token?.let { connection.setRequestProperty("Authorization", "Bearer $it") }
        if (body != null) {
            connection.setRequestProperty("Content-Type", "application/json")
            connection.doOutput = true
            connection.outputStream.use { it.write(body.toByteArray()) }
        }
        val stream = if (connection.responseCode < 400) connection.inputStream else connection.errorStream
        val text = stream?.readBytes()?.decodeToString().orEmpty()
        check(connection.responseCode < 400) { "$method $path: ${connection.responseCode} $text" }
        return text
    }

    override fun close() {
        process.destroy()
        if (!process.waitFor(10, TimeUnit.SECONDS)) process.destroyForcibly()
        data.toFile().deleteRecursively()
    }

    companion object {
        const val ORG = "emerald-lake"
        private const val PASSWORD = "a-long-enough-password"

        fun repository(): Path = generateSequence(Path.of("").toAbsolutePath()) { it.parent }
            .first { Files.exists(it.resolve("demo/emerald-lake")) }
    }
}
