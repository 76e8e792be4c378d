// The package for Android: an AAR of the Kotlin sources and the native library of each ABI.
//
// The native part is built by ./build-native, which needs the NDK and cargo-ndk.

plugins {
    alias(libs.plugins.android.library)
    alias(libs.plugins.kotlin.android)
    alias(libs.plugins.dokka)
    `maven-publish`
}

group = "app.doorstep"

/** The version stands in one place: the workspace's Cargo.toml. */
version = rootDir.resolve("../Cargo.toml").readLines()
    .firstNotNullOf { Regex("""^version = "(.+)"$""").find(it)?.groupValues?.get(1) }

val native = layout.buildDirectory.dir("native")

/** The library of each ABI into jniLibs, and the Kotlin that was generated from it into kotlin. */
val buildNative = tasks.register<Exec>("buildNative") {
    description = "Builds the Rust library for every ABI and generates the Kotlin that speaks to it."
    inputs.files(fileTree("../../core/src"), fileTree("../../bindings"), file("../../Cargo.lock"), file("build-native"))
    outputs.dir(native)
    commandLine("./build-native", native.get().asFile.path)
}

android {
    namespace = "app.doorstep"
    compileSdk = 35

    defaultConfig {
        minSdk = 26
        consumerProguardFiles("consumer-rules.pro")
    }

    sourceSets.named("main") {
        java.srcDirs("src/main/kotlin", "src/android/kotlin", native.map { it.dir("kotlin") })
        manifest.srcFile("src/android/AndroidManifest.xml")
        jniLibs.srcDir(native.map { it.dir("jniLibs") })
    }

    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }

    publishing {
        singleVariant("release") {
            withSourcesJar()
            withJavadocJar()
        }
    }
}

kotlin {
    compilerOptions {
        jvmTarget = org.jetbrains.kotlin.gradle.dsl.JvmTarget.JVM_17
    }
}

dependencies {
    api(libs.coroutines.core)
    implementation(libs.jna) { artifact { type = "aar" } }
}

tasks.named("preBuild") { dependsOn(buildNative) }

publishing {
    publications {
        register<MavenPublication>("release") {
            artifactId = "doorstep"
            afterEvaluate { from(components["release"]) }
            pom {
                name = "Doorstep"
                description = "The core of a field technician's phone app: visits recorded offline, synced when there is network."
                licenses {
                    license { name = "MIT" }
                    license { name = "Apache-2.0" }
                }
            }
        }
    }
}
