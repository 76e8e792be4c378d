//! Lets the simulator's own `getrandom` be found by name, as the crate of that name looks for it.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        println!("cargo:rustc-link-arg-bin=sim=-Wl,--export-dynamic-symbol=getrandom");
    }
}
