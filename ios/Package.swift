// swift-tools-version: 6.0
// Doorstep for Swift: on Apple's systems around an XCFramework (ios/xcframework makes it), on Linux around the library
// that cargo built. `ios/generate` writes what both need: the header and the generated Swift.
import PackageDescription

#if os(Linux)
let library = Target.systemLibrary(name: "DoorstepFFI")
#else
let library = Target.binaryTarget(name: "DoorstepFFI", path: "DoorstepFFI.xcframework")
#endif

let package = Package(
    name: "Doorstep",
    defaultLocalization: "en",
    platforms: [.iOS(.v15), .macOS(.v12)],
    products: [.library(name: "Doorstep", targets: ["Doorstep"])],
    targets: [
        library,
        .target(name: "Doorstep", dependencies: ["DoorstepFFI"]),
        .testTarget(name: "DoorstepTests", dependencies: ["Doorstep"]),
    ],
    swiftLanguageModes: [.v6]
)
