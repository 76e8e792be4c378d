// A library that is not of the Swift's version is said in words. The suite runs this beside such a library, too.

import XCTest

@testable import Doorstep

final class VersionTests: XCTestCase {
    func testALibraryOfAnotherVersionIsSaid() async throws {
        let folder = try temporaryFolder()
        let no = await failure { () throws(DoorstepError) in
            let phone = try await Phone.open(
                PhoneSettings(path: folder.appendingPathComponent("visits.db").path, appVersion: "1"))
            await phone.close()
        }
        if ProcessInfo.processInfo.environment["DOORSTEP_OTHER_VERSION"] == nil {
            XCTAssertNil(no)
        } else {
            XCTAssertEqual(no, .bug("the library and the Swift of Doorstep are not of one version: build both again"))
        }
    }
}
