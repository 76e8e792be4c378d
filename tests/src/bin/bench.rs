//! The benchmarks: one JSON line per figure. `bench [NAME...]`; without names, all of them.

use std::cell::LazyCell;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use doorstep_tests::bench::{
    Figure, bulk, change, cold, commit, crowd, flat, floor, idle, load::Load, photo, process, seal, sheet,
    upload, visit,
};

/// How a figure, or several measured together, is made.
enum Make {
    /// From nothing.
    Alone(fn() -> Figure),
    /// From nothing, several together.
    Together(fn() -> Vec<Figure>),
    /// On the ten thousand orders, which take a while to make.
    Loaded(fn(&Load) -> Figure),
    /// Likewise, those of its names that are wanted.
    Several(MakeWanted),
}

/// Makes those of several figures that are wanted.
type MakeWanted = fn(&Arc<Load>, &dyn Fn(&str) -> bool);

/// The names of what is made, and how.
type Entry = (&'static [&'static str], Make);

/// Every figure, in the order of the report.
const FIGURES: &[Entry] = &[
    (&["commit_p50"], Make::Alone(commit::run)),
    (&["crowd"], Make::Alone(crowd::run)),
    (&["idle_10k"], Make::Alone(idle::memory)),
    (&["live_hint"], Make::Alone(idle::hint)),
    (&["visit_60_bytes"], Make::Alone(visit::bytes)),
    (&["org_pushes_60"], Make::Alone(visit::pushes)),
    (&["photo_12mp"], Make::Alone(photo::run)),
    (&["photo_upload_cut30"], Make::Alone(upload::run)),
    (&["signature_png"], Make::Alone(seal::picture)),
    (&["seal"], Make::Alone(seal::seal)),
    (&["verify"], Make::Alone(seal::check)),
    (&["sheet_html"], Make::Alone(sheet::as_html)),
    (&["sheet_pdf"], Make::Alone(sheet::as_pdf)),
    (&["flat_1k_1m", "linear_200"], Make::Together(flat::run)),
    (&["push_10k"], Make::Loaded(bulk::push)),
    (&["pull_10k"], Make::Loaded(bulk::pull)),
    (&["apply_10k"], Make::Loaded(bulk::apply)),
    (&["change_push", "change_pull", "noop"], Make::Several(change::run)),
    (&["cold_open", "cold_open_disk"], Make::Several(cold::run)),
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
    let names: Vec<&str> = FIGURES.iter().flat_map(|(names, _)| *names).copied().collect();
    if let Some(unknown) = args.iter().find(|name| !names.contains(&name.as_str())) {
        eprintln!("there is no benchmark {unknown}; there are {}", names.join(", "));
        std::process::exit(2);
    }
    let wanted = |name: &str| args.is_empty() || args.iter().any(|arg| arg == name);
    let load = LazyCell::new(|| Arc::new(Load::make()));
    for (names, make) in FIGURES {
        if !names.iter().any(|name| wanted(name)) {
            continue;
        }
        match make {
            Make::Alone(make) => make().print(),
            Make::Together(make) => make().iter().filter(|made| wanted(made.name)).for_each(Figure::print),
            Make::Loaded(make) => make(&load).print(),
            Make::Several(make) => make(&load, &wanted),
        }
    }
}
