//! The benchmarks: one JSON line per figure. `bench [NAME...]`; without names, all of them.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use doorstep_tests::bench::{
    bulk, change, cold, commit, crowd, floor, idle, load::Load, photo, process, seal, sheet, upload,
};

const NAMES: [&str; 18] = [
    "commit_p50",
    "push_10k",
    "pull_10k",
    "change_push",
    "change_pull",
    "noop",
    "crowd",
    "idle_10k",
    "live_hint",
    "cold_open",
    "cold_open_disk",
    "photo_12mp",
    "photo_upload_cut30",
    "signature_png",
    "seal",
    "verify",
    "sheet_html",
    "sheet_pdf",
];

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    // This program is also its own servers, in processes of their own.
    if let [mode, data, addr] = args.as_slice() {
        if mode == "--photo" {
            photo::child(Path::new(data), Path::new(addr));
        }
        let serve = match mode.as_str() {
            "--serve" => Some(process::serve as fn(&Path, SocketAddr) -> !),
            "--floor" => Some(floor::serve as fn(&Path, SocketAddr) -> !),
            _ => None,
        };
        if let Some(serve) = serve {
            serve(Path::new(data), addr.parse().expect("an address"));
        }
    }
    if let Some(unknown) = args.iter().find(|name| !NAMES.contains(&name.as_str())) {
        eprintln!("there is no benchmark {unknown}; there are {}", NAMES.join(", "));
        std::process::exit(2);
    }
    let wanted = |name: &str| args.is_empty() || args.iter().any(|arg| arg == name);
    if wanted("commit_p50") {
        commit::run().print();
    }
    if wanted("crowd") {
        crowd::run().print();
    }
    if wanted("idle_10k") {
        idle::memory().print();
    }
    if wanted("live_hint") {
        idle::hint().print();
    }
    if wanted("photo_12mp") {
        photo::run().print();
    }
    if wanted("photo_upload_cut30") {
        upload::run().print();
    }
    if wanted("signature_png") {
        seal::picture().print();
    }
    if wanted("seal") {
        seal::seal().print();
    }
    if wanted("verify") {
        seal::check().print();
    }
    if wanted("sheet_html") {
        sheet::as_html().print();
    }
    if wanted("sheet_pdf") {
        sheet::as_pdf().print();
    }
    let alone = [
        "commit_p50",
        "crowd",
        "idle_10k",
        "live_hint",
        "photo_12mp",
        "photo_upload_cut30",
        "signature_png",
        "seal",
        "verify",
        "sheet_html",
        "sheet_pdf",
    ];
    if !NAMES.iter().any(|name| wanted(name) && !alone.contains(name)) {
        return;
    }
    let load = Arc::new(Load::make());
    if wanted("push_10k") {
        bulk::push(&load).print();
    }
    if wanted("pull_10k") {
        bulk::pull(&load).print();
    }
    if ["change_push", "change_pull", "noop"].into_iter().any(wanted) {
        change::run(&load, wanted);
    }
    if ["cold_open", "cold_open_disk"].into_iter().any(wanted) {
        cold::run(&load, wanted);
    }
}
