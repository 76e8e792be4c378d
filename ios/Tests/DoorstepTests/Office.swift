// A real server for the tests: the firm of the demo's files in a fresh folder, one program on 127.0.0.1, until `stop`.

import Foundation

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

final class Office: @unchecked Sendable {
    static let org = "emerald-lake"
    private static let password = "a-long-enough-password"

    let url: String
    private let folder: URL
    private let process = Process()
    private var desk = ""
    private var supervisor = ""

    /// The repository: this file is in it.
    static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static let program = ProcessInfo.processInfo.environment["DOORSTEP_SERVER"]
        .map { URL(fileURLWithPath: $0) } ?? repository.appendingPathComponent("target/debug/doorstep-server")

    init() async throws {
        folder = try temporaryFolder()
        url = "http://127.0.0.1:\(try freePort())"
        try admin("import", Self.repository.appendingPathComponent("demo/emerald-lake").path)
        for person in ["G002", "G003"] {
            try admin("user", "add", "--org", Self.org, "--person", person, input: "\(Self.password)\n")
        }
        let log = folder.appendingPathComponent("server.log")
        _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        process.executableURL = Self.program
        process.arguments = [
            "serve", "--data", data, "--listen", String(url.dropFirst("http://".count)), "--public-url", url,
        ]
        process.standardOutput = try FileHandle(forWritingTo: log)
        process.standardError = process.standardOutput
        try process.run()
        try await waitUntilItAnswers()
        desk = try await signIn("G003")
        supervisor = try await signIn("G002")
    }

    /// Ends the program at once: its folder goes with it.
    func stop() {
        kill(process.processIdentifier, SIGKILL)
        try? FileManager.default.removeItem(at: folder)
    }

    /// The program stands still: it takes connections and answers nothing.
    func pause() { kill(process.processIdentifier, SIGSTOP) }
    func unpause() { kill(process.processIdentifier, SIGCONT) }

    /// What the QR code on the office's screen says, for a technician's phone.
    func enrolmentCode(_ person: String) throws -> String {
        let lines = try admin("enrol-code", "--org", Self.org, "--person", person).split(separator: "\n")
        return String(lines[1])
    }

    /// The supervisor gives a command, as JSON.
    func supervisorDoes(_ order: String, _ json: String) async throws {
        _ = try await ask("POST", "/v1/orders/\(order)/commands", json, supervisor)
    }

    func order(_ id: String) async throws -> String {
        try await ask("GET", "/v1/orders/\(id)", nil, desk)
    }

    private var data: String { folder.appendingPathComponent("server").path }

    private func signIn(_ person: String) async throws -> String {
        let body = #"{"org":"\#(Self.org)","person":"\#(person)","password":"\#(Self.password)"}"#
        let answer = try await ask("POST", "/v1/login", body, nil)
        let read = try JSONSerialization.jsonObject(with: Data(answer.utf8)) as? [String: Any]
        guard let token = read?["token"] as? String else { throw Trouble(answer) }
        return token
    }

    @discardableResult
    private func admin(_ words: String..., input: String = "") throws -> String {
        let (run, output, typed) = (Process(), Pipe(), Pipe())
        run.executableURL = Self.program
        run.arguments = ["admin"] + words + ["--data", data, "--public-url", url]
        run.standardOutput = output
        run.standardInput = typed
        try run.run()
        typed.fileHandleForWriting.write(Data(input.utf8))
        try typed.fileHandleForWriting.close()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        run.waitUntilExit()
        guard run.terminationStatus == 0 else { throw Trouble("\(words): \(text)") }
        return text
    }

    private func waitUntilItAnswers() async throws {
        for _ in 0..<200 {
            guard process.isRunning else { break }
            if (try? await ask("GET", "/healthz", nil, nil)) != nil { return }
            try await Task.sleep(nanoseconds: 50_000_000)
        }
        throw Trouble((try? String(contentsOf: folder.appendingPathComponent("server.log"), encoding: .utf8)) ?? "")
    }

    private func ask(_ method: String, _ path: String, _ body: String?, _ token: String?) async throws -> String {
        var request = URLRequest(url: URL(string: url + path)!)
        request.httpMethod = method
        request.httpBody = body.map { Data($0.utf8) }
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        let (data, response) = try await URLSession.shared.data(for: request)
        let text = String(decoding: data, as: UTF8.self)
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        guard (200..<400).contains(status) else { throw Trouble("\(method) \(path): \(status) \(text)") }
        return text
    }
}

/// What went wrong in a test's own machinery.
struct Trouble: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

func temporaryFolder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("doorstep-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
}

/// A port nobody listens on now.
private func freePort() throws -> UInt16 {
    #if canImport(Glibc)
    let stream = Int32(SOCK_STREAM.rawValue)
    #else
    let stream = SOCK_STREAM
    #endif
    let socket = socket(AF_INET, stream, 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
            bind(socket, pointer, length) == 0 && getsockname(socket, pointer, &length) == 0
        }
    }
    guard bound else { throw Trouble("there is no free port") }
    return UInt16(bigEndian: address.sin_port)
}
