// swift-tools-version: 6.0
// The cost of a call from Swift, as a program for `tests/run bench swift_call`. No app needs it.
import PackageDescription

let package = Package(
    name: "Bench",
    platforms: [.macOS(.v12)],
    dependencies: [.package(name: "Doorstep", path: "..")],
    targets: [.executableTarget(name: "CallBench", dependencies: [.product(name: "Doorstep", package: "Doorstep")])],
    swiftLanguageModes: [.v6]
)
