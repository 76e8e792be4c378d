// The scenarios every language plays, through the Swift package: all end in the same exported state, byte for byte.

import Foundation
import XCTest

@testable import Doorstep

final class ScenarioTests: XCTestCase {
    func testEveryScenarioEndsInTheExpectedState() async throws {
        let folder = Office.repository.appendingPathComponent("tests/scenarios")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "json" }
        XCTAssertFalse(files.isEmpty)
        for file in files {
            let stage = try Stage()
            let driver = try await Driver(stage)
            let state = try await driver.play(Fields(JSONSerialization.jsonObject(with: Data(contentsOf: file))))
            let expected = file.deletingPathExtension().appendingPathExtension("expected.jsonl")
            XCTAssertEqual(
                String(decoding: state, as: UTF8.self), try String(contentsOf: expected, encoding: .utf8),
                file.lastPathComponent)
            await driver.phone.close()
            stage.stop()
        }
    }
}
