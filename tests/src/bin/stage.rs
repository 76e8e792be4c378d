//! The stage a scenario is played on, for drivers in any language: a firm with its server, a line that breaks on request,
//! and an office that acts. It takes a request a line on its standard input and answers each with a line.
//!
//! ```text
//! code PERSON                   what the QR code of an enrolment says
//! line pass|cut|lose            what the line between phone and server does from now on
//! office PERSON ORDER COMMAND   somebody of the office gives a command, as JSON
//! normal FROM TO                writes an exported state without what no two runs have in common
//! ```
//!
//! It ends with its input.

use std::io::{BufRead as _, Write as _};

use doorstep_core::domain::command::Command;
use doorstep_core::domain::ids::OrderId;
use doorstep_tests::office::Office;
use doorstep_tests::scenario::{Line, normal};

fn main() {
    let office = Office::emerald_lake();
    let line = Line::to(office.addr);
    let mut out = std::io::stdout();
    writeln!(out, "ready").expect("somebody listens");
    for request in std::io::stdin().lock().lines() {
        let request = request.expect("text");
        let answer = answer(&office, &line, &request).unwrap_or_else(|why| format!("failed: {why}"));
        writeln!(out, "{answer}").expect("somebody listens");
    }
}

fn answer(office: &Office, line: &Line, request: &str) -> Result<String, String> {
    let words: Vec<&str> = request.splitn(4, ' ').collect();
    match words.as_slice() {
        ["code", person] => Ok(office.qr(person).replace(&office.url(), &line.url())),
        ["line", state] => {
            line.set(state.parse()?);
            Ok("ok".to_owned())
        }
        ["office", person, order, command] => {
            let order: OrderId = order.parse().map_err(|e| format!("{order}: {e}"))?;
            let command: Command = serde_json::from_str(command).map_err(|e| e.to_string())?;
            office.tries(person, order, command).map_err(|refusal| refusal.to_string())?;
            Ok("ok".to_owned())
        }
        ["normal", from, to] => {
            let state = std::fs::read(from).map_err(|e| format!("{from}: {e}"))?;
            std::fs::write(to, normal(&state)).map_err(|e| format!("{to}: {e}"))?;
            Ok("ok".to_owned())
        }
        _ => Err(format!("no such request: {request}")),
    }
}
