// Where a phone's secrets live: behind a protocol, so that the Keychain keeps them on a phone and a folder does in tests.

import Foundation

/// Keeps a phone's two secrets: the seed of its device key, and the key its file is encrypted with.
public protocol KeyStore: Sendable {
    /// The secret of this name; `nil` only when there is none. A store that cannot be read now throws, for a secret made
    /// anew would not open the file.
    func secret(named name: String) throws -> Data?
    /// Keeps a secret. It throws when there is one of this name.
    func keep(_ secret: Data, named name: String) throws
}

/// The names under which a phone's secrets are kept.
public enum SecretName {
    /// The 32-byte seed of the device key.
    public static let deviceSeed = "device-seed"
    /// The 32-byte key of the file.
    public static let storageKey = "storage-key"
}

extension KeyStore {
    /// The secret of this name, made from the system's random numbers the first time.
    func secretMadeOnce(named name: String) throws -> Data {
        if let kept = try secret(named: name) { return kept }
        var random = SystemRandomNumberGenerator()
        let made = Data((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) })
        try keep(made, named: name)
        return made
    }
}

extension Phone {
    /// Opens the file of a phone whose secrets a key store keeps.
    ///
    /// - Parameters:
    ///   - file: The file. It is made when it is not there.
    ///   - appVersion: The app's version, recorded with every entry.
    ///   - keys: Where the secrets are kept; they are made the first time.
    ///   - isEncrypted: Whether the file is encrypted. The library must be built for it.
    ///   - rootsPem: The certificates to trust, as PEM; `nil` trusts the system's.
    /// - Throws: `storageDamaged` when the key store cannot be read, `badInput` for a file of another key.
    public static func open(
        at file: URL, appVersion: String, keys: some KeyStore, isEncrypted: Bool = true, rootsPem: Data? = nil
    ) async throws(DoorstepError) -> Phone {
        let seed: Data
        let key: Data?
        do {
            seed = try keys.secretMadeOnce(named: SecretName.deviceSeed)
            key = isEncrypted ? try keys.secretMadeOnce(named: SecretName.storageKey) : nil
        } catch {
            throw .storageDamaged("the key store: \(error)")
        }
        return try await open(
            PhoneSettings(
                path: file.path, appVersion: appVersion, rootsPem: rootsPem, deviceSeed: seed, storageKey: key))
    }
}

/// Keeps secrets as files that only their owner may read: for tests and tools, not for a technician's phone.
public struct FolderKeyStore: KeyStore {
    private let folder: URL

    /// A store in a folder, which is made when it is not there.
    public init(_ folder: URL) {
        self.folder = folder
    }

    public func secret(named name: String) throws -> Data? {
        let file = folder.appendingPathComponent(name)
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        return try Data(contentsOf: file)
    }

    public func keep(_ secret: Data, named name: String) throws {
        let owner = [FileAttributeKey.posixPermissions: 0o700]
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true, attributes: owner)
        let file = folder.appendingPathComponent(name)
        try secret.write(to: file, options: .withoutOverwriting)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
    }
}
