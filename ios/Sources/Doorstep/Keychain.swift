// The Keychain as a key store. Only Apple's systems have it; nothing here was run on one.

#if canImport(Security)
import Foundation
import Security

/// Keeps secrets in the Keychain: readable after the first unlock, so that a sync in the background opens the file, and
/// never in a backup or on another device.
public struct Keychain: KeyStore {
    private let service: String

    /// The secrets of one service, for example the app's bundle identifier.
    public init(service: String) {
        self.service = service
    }

    /// What the Keychain answered.
    public struct Failure: Error, CustomStringConvertible {
        /// Security's result code.
        public let status: OSStatus

        public var description: String {
            SecCopyErrorMessageString(status, nil) as String? ?? "Keychain status \(status)"
        }
    }

    public func secret(named name: String) throws -> Data? {
        var query = item(name)
        query[kSecReturnData] = true
        query[kSecMatchLimit] = kSecMatchLimitOne
        var found: CFTypeRef?
        let status = SecItemCopyMatching(query as CFDictionary, &found)
        switch status {
        case errSecSuccess: return found as? Data
        case errSecItemNotFound: return nil
        default: throw Failure(status: status)
        }
    }

    public func keep(_ secret: Data, named name: String) throws {
        var query = item(name)
        query[kSecValueData] = secret
        query[kSecAttrAccessible] = kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly
        let status = SecItemAdd(query as CFDictionary, nil)
        guard status == errSecSuccess else { throw Failure(status: status) }
    }

    private func item(_ name: String) -> [CFString: Any] {
        [kSecClass: kSecClassGenericPassword, kSecAttrService: service, kSecAttrAccount: name]
    }
}
#endif
