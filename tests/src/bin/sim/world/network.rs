//! The line between phones and servers, and every way it breaks.

use doorstep_core::journal::packing;
use doorstep_core::journal::wire::{ChainAnswer, SyncRequest, SyncResponse, Verdict};
use doorstep_core::phone::{HttpRequest, HttpResponse, Step, TransportError};
use doorstep_tests::dice::Dice;

use super::{World, people};
use crate::faults::{Fault, History};
use crate::servers::Held;
use crate::store::Store;

type Carried = Result<HttpResponse, TransportError>;

fn lost(why: &str) -> Carried {
    Err(TransportError::Unreachable(why.to_owned()))
}

fn page(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Carried {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Ok(HttpResponse { status, headers, body: body.to_vec(), ..HttpResponse::default() })
}

fn plain<'a>(headers: &[(String, String)], body: &'a [u8]) -> Option<std::borrow::Cow<'a, [u8]>> {
    let encoding = headers.iter().find(|(name, _)| name == "content-encoding");
    match encoding {
        None => Some(body.into()),
        Some((_, how)) => packing::unpack(how, body, usize::MAX - 1).ok().map(Into::into),
    }
}

/// A sync request as it reads.
pub(super) fn request_of(request: &HttpRequest) -> Option<SyncRequest> {
    let is_sync = request.path == "/v1/sync";
    let body = plain(&request.headers, &request.body).filter(|_| is_sync)?;
    cbor4ii::serde::from_slice(&body).ok()
}

fn response_of(response: &HttpResponse) -> Option<SyncResponse> {
    let body = plain(&response.headers, &response.body).filter(|_| response.status == 200)?;
    cbor4ii::serde::from_slice(&body).ok()
}

/// An answer with a plain body in the place of the packed one.
fn with_body(mut answer: HttpResponse, body: Vec<u8>) -> HttpResponse {
    answer.headers.retain(|(name, _)| name != "content-encoding" && name != "content-length");
    answer.body = body;
    answer
}

impl World {
    /// A server answers a request of a phone.
    pub(super) fn serve(&mut self, at: usize, request: &HttpRequest) -> Carried {
        let Some(node) = self.a_node() else { return lost("nobody is there") };
        self.serve_at(at, node, request, &mut || Held::GoOn)
    }

    pub(super) fn serve_at(
        &mut self,
        at: usize,
        node: usize,
        request: &HttpRequest,
        at_gate: &mut dyn FnMut() -> Held,
    ) -> Carried {
        if self.phones[at].node.replace(node).is_some_and(|before| before != node) {
            self.tally.fault(Fault::OtherServer);
        }
        let Some(answer) = self.servers.request(node, request, at_gate) else { return lost("given up") };
        self.observe(at, request, &answer);
        if request.path == "/v1/sync" {
            self.phones[at].asked = Some(request.clone());
        }
        Ok(answer)
    }

    /// What passes on the line, read by the oracle: what happened, and whether a phone gets what is not its own (I20).
    fn observe(&mut self, at: usize, request: &HttpRequest, answer: &HttpResponse) {
        if request.path == "/v1/incarnation" && answer.status == 200 {
            self.tally.history(History::Registered);
        }
        let (Some(asked), Some(told)) = (request_of(request), response_of(answer)) else { return };
        if !asked.whole.is_empty() {
            assert!(self.may_differ || self.was_restored, "phone {at} folds otherwise than the server (I19)");
            self.tally.history(History::Whole);
        }
        match told.chain {
            Some(ChainAnswer::Behind { .. }) => self.tally.history(History::Behind),
            Some(ChainAnswer::Fork) => self.tally.history(History::Forked),
            None => {}
        }
        for (_, verdict) in &told.verdicts {
            match verdict {
                Verdict::Parked(reason) => {
                    self.tally.history(History::Parked);
                    if *reason == doorstep_core::journal::wire::ParkReason::NotYours {
                        self.tally.history(History::NotYours);
                    }
                }
                Verdict::Conflicted => self.tally.history(History::Conflicted),
                Verdict::Duplicate => self.tally.history(History::Duplicate),
                Verdict::Applied => {}
            }
        }
        self.tally.histories(History::Echo, told.echoes.len());
        if asked.epoch != 0 && asked.epoch != told.epoch {
            self.tally.history(History::EpochChange);
        }
        let grants = Store::open(&self.servers.file()).grants();
        let person = doorstep_core::domain::ids::PersonId::from(self.phones[at].person());
        let rows = told.rows.iter().map(|row| row.order).chain(told.inks.iter().map(|ink| ink.order));
        for order in rows {
            let is_granted = grants.get(&(order, person.clone())) == Some(&true);
            assert!(is_granted, "phone {at} was given {order}, which is not {person}'s (I20)");
            if self.gone.remove(&(at, order)) {
                self.tally.history(History::Regained);
            }
        }
        self.gone.extend(told.gone.iter().map(|order| (at, *order)));
    }

    /// A sync in which one request meets a bad line.
    pub(super) fn sync_on_a_bad_line(&mut self, at: usize, fault: Fault) -> String {
        let which = self.dice.below(2);
        let mut machine = self.phones[at].hand.phone.sync_machine();
        let mut number = 0;
        let done = loop {
            let request = match machine.next() {
                Ok(Step::Request(request)) => request,
                Ok(Step::Done(report)) => break Ok(report),
                Err(why) => break Err(why),
            };
            // When there is but one request, it is that one.
            let is_it = number == which || (number == 0 && self.dice.one_in(2));
            let answer = if is_it { self.carry(at, &request, fault) } else { self.serve(at, &request) };
            number += 1;
            if let Err(why) = machine.answer(answer) {
                break Err(why);
            }
            assert!(number < 40, "a sync goes round in a circle");
        };
        drop(machine);
        self.servers.gate.disarm();
        self.take_sync(at, done)
    }

    /// Carries one request over a line that is bad in one way.
    fn carry(&mut self, at: usize, request: &HttpRequest, fault: Fault) -> Carried {
        let is_held = matches!(fault, Fault::OfficeBetween | Fault::RequestAbandoned);
        if is_held {
            return self.hold(at, request, fault);
        }
        let is_marked = !matches!(fault, Fault::EchoAltered | Fault::NewerAnswer | Fault::ReplayedRequest);
        if is_marked {
            self.tally.fault(fault);
        }
        match fault {
            Fault::LostRequest => lost("no network"),
            Fault::LostAnswer => {
                let _ = self.serve(at, request);
                lost("connection reset")
            }
            Fault::LateAnswer => {
                let _ = self.serve(at, request);
                Err(TransportError::Timeout)
            }
            Fault::HalfAnswer => {
                let mut answer = self.serve(at, request)?;
                answer.body.truncate(answer.body.len() / 2);
                Ok(answer)
            }
            Fault::ChangedAnswer => {
                let mut answer = self.serve(at, request)?;
                // A broken frame: what comes behind the change cannot be read as what it was.
                if let Some(first) = answer.body.first_mut() {
                    *first ^= 0x80;
                }
                Ok(answer)
            }
            Fault::DuplicatedRequest => {
                let _ = self.serve(at, request);
                self.serve(at, request)
            }
            Fault::ReplayedRequest => {
                if let Some(old) = self.phones[at].asked.clone() {
                    self.tally.fault(fault);
                    let _ = self.serve(at, &old);
                }
                self.serve(at, request)
            }
            Fault::CaptivePortal => page(
                200,
                &[("content-type", "text/html")],
                b"<html><body>Welcome! Please sign in.</body></html>",
            ),
            Fault::Redirect => page(302, &[("location", "http://portal.invalid/")], b""),
            Fault::Noise => page(200, &[("doorstep", "1")], &[0x9f, 0x13, 0x37, 0x00, 0xff]),
            Fault::Gateway502 => page(502, &[("content-type", "text/html")], b"<html>Bad gateway</html>"),
            Fault::Gateway504 => {
                let _ = self.serve(at, request);
                page(504, &[], b"gateway timeout")
            }
            Fault::TooLarge413 => page(413, &[], b"<html>Too large</html>"),
            Fault::Busy503 => page(503, &[("retry-after", "5")], b"busy"),
            Fault::Throttled429 => page(429, &[("retry-after", "5")], b"slow down"),
            Fault::NewerAnswer => {
                let answer = self.serve(at, request)?;
                Ok(self.of_a_newer_server(answer))
            }
            Fault::EchoAltered => {
                let answer = self.serve(at, request)?;
                Ok(self.with_another_echo(answer))
            }
            _ => self.serve(at, request),
        }
    }

    /// An answer with a field nobody knows yet.
    fn of_a_newer_server(&mut self, answer: HttpResponse) -> HttpResponse {
        const MAP: u8 = 0xa0;
        if response_of(&answer).is_none() {
            return answer;
        }
        let Some(body) = plain(&answer.headers, &answer.body) else { return answer };
        let mut body = body.into_owned();
        if let Some(first @ 0xa0..0xb7) = body.first_mut() {
            *first = MAP + (*first - MAP) + 1;
            body.extend_from_slice(b"\x62zz\x83\x01\x02\x63new");
            self.tally.fault(Fault::NewerAnswer);
            return with_body(answer, body);
        }
        answer
    }

    /// An answer of a server that folds otherwise.
    fn with_another_echo(&mut self, answer: HttpResponse) -> HttpResponse {
        let Some(mut told) = response_of(&answer) else { return answer };
        let Some(echo) = told.echoes.first_mut() else { return answer };
        if let Some(byte) = echo.check.first_mut() {
            *byte ^= 1;
        }
        self.may_differ = true;
        self.tally.fault(Fault::EchoAltered);
        let body = cbor4ii::serde::to_vec(Vec::new(), &told).expect("CBOR");
        with_body(answer, body)
    }

    /// A request is held somewhere on its way through the server; the office acts meanwhile, or the phone goes away.
    fn hold(&mut self, at: usize, request: &HttpRequest, fault: Fault) -> Carried {
        let running = self.servers.running();
        let Some(node) = self.dice.pick(&running).copied() else { return lost("nobody is there") };
        let other = self.dice.pick(&running).copied().unwrap_or(node);
        // Device, rules, push, pull: each with a gate before and after.
        let after = self.dice.below(8) as u32;
        let (mut dice, now, orders) = (Dice(self.dice.roll()), self.now_ms, self.orders.clone());
        self.servers.gate.arm(after);
        let mut was_held = false;
        let answer = {
            let servers = &self.servers;
            let mut at_gate = || {
                was_held = true;
                if fault == Fault::RequestAbandoned {
                    return Held::Abandon;
                }
                for _ in 0..3 {
                    people::office_walks(servers, other, &orders, now, &mut dice);
                }
                Held::GoOn
            };
            servers.request(node, request, &mut at_gate)
        };
        self.servers.gate.disarm();
        if was_held {
            self.tally.fault(fault);
        }
        let Some(answer) = answer else { return lost("given up") };
        self.observe(at, request, &answer);
        Ok(answer)
    }

    /// An answer comes when the phone has long asked again: nothing of it may count.
    pub(super) fn answers_cross(&mut self, at: usize, fault: Fault) -> String {
        let mut first = self.phones[at].hand.phone.sync_machine();
        let Ok(Step::Request(early)) = first.next() else { return "nothing to ask".to_owned() };
        let held = if fault == Fault::ReorderedSyncs { None } else { Some(self.serve(at, &early)) };
        let between = match fault {
            Fault::OldEpochAnswer => {
                self.restore_store();
                self.tap_well(at)
            }
            _ => self.tap_well(at),
        };
        let second = self.sync(at);
        let is_done = second.is_ok();
        let second = self.take_sync(at, second);
        let late = held.unwrap_or_else(|| self.serve(at, &early));
        let before = self.phones[at].look();
        let taken = first.answer(late);
        if is_done {
            self.tally.fault(fault);
            let after = self.phones[at].look();
            if before.0.cursor > 0 && before == after {
                self.tally.history(History::Stale);
            }
        }
        let third = match taken {
            Ok(()) => loop {
                match first.next() {
                    Ok(Step::Request(request)) => {
                        let answer = self.serve(at, &request);
                        if let Err(why) = first.answer(answer) {
                            break Err(why);
                        }
                    }
                    Ok(Step::Done(report)) => break Ok(report),
                    Err(why) => break Err(why),
                }
            },
            Err(why) => Err(why),
        };
        drop(first);
        format!("{between}; {second}; {}", self.take_sync(at, third))
    }
}
