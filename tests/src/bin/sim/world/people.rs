//! What people do to phones and orders: the office's acts, copies and restores, new enrolments, photos.

use std::path::Path;

use doorstep_core::domain::command::{Command, CommandKind};
use doorstep_core::domain::decide::{Case, Rulebook, available_actions};
use doorstep_core::domain::ids::{OrderId, PersonId};
use doorstep_core::domain::order::intake::Assignment;
use doorstep_core::domain::order::visit::PhotoMoment;
use doorstep_core::domain::policy::PhotoNeed;
use doorstep_core::domain::time::Stamp;
use doorstep_core::phone::{
    HttpRequest, HttpResponse, PhoneError, SendPlan, Step, Transport, TransportError,
};
use doorstep_tests::camera::shoot;
use doorstep_tests::dice::Dice;
use doorstep_tests::office::{CHAN, DESK, LEUNG, SUPERVISOR, actor};
use doorstep_tests::walk::{Sight, weight};

use super::{MOST_PHONES, World};
use crate::disk;
use crate::faults::{Fault, History};
use crate::mobile::Mobile;
use crate::servers::Servers;

/// The office gives a command that its buttons allow.
pub(super) fn office_walks(
    servers: &Servers,
    node: usize,
    among: &[OrderId],
    now_ms: i64,
    dice: &mut Dice,
) -> String {
    let Some(id) = dice.pick(among).copied() else { return "no order".to_owned() };
    let who = actor(if dice.one_in(2) { DESK } else { SUPERVISOR });
    let order = servers.order(node, id).unwrap_or_default();
    let rulebook = Rulebook::builtin();
    let now = Stamp::new(now_ms, 480);
    let case = Case { rulebook: &rulebook, order: &order, org: &servers.org, order_id: id, actor: &who, now };
    let actions = available_actions(&case);
    let allowed =
        actions.iter().filter(|action| action.refusal.is_none() && action.kind != CommandKind::Void);
    let lots: Vec<CommandKind> =
        allowed.flat_map(|action| std::iter::repeat_n(action.kind, weight(action.kind))).collect();
    let sight = Sight { order: &order, rulebook: &rulebook, me: &who.person, now, sign: &|_, _| None };
    let Some(command) = dice.pick(&lots).and_then(|kind| sight.fill(*kind, dice)) else {
        return "nothing to do".to_owned();
    };
    let kind = command.kind();
    match servers.office(node, who.person.as_str(), id, command) {
        Ok(_) => format!("office: {kind:?}"),
        Err(why) => format!("office: {kind:?}: {why}"),
    }
}

/// Text goes through, photos do not.
struct NoPhotos;

impl Transport for NoPhotos {
    fn send(&self, _: HttpRequest) -> Result<HttpResponse, TransportError> {
        Err(TransportError::Timeout)
    }
}

impl World {
    /// An act that destroys files: before it nothing is missing; what is missing after it was nowhere else.
    pub(super) fn destroys(&mut self, why: &'static str, act: impl FnOnce(&mut Self)) {
        let lost = self.book.missing(&self.held());
        assert_eq!(lost, [], "entries are in no journal and not in the log (I3, I7)");
        act(self);
        let gone = self.book.missing(&self.held());
        self.book.excuse(&gone, why);
    }

    pub(super) fn clone_phone(&mut self, at: usize) -> String {
        if self.phones.len() >= MOST_PHONES {
            return "there are enough".to_owned();
        }
        let image = disk::image_of(&self.phones[at].folder);
        let number = self.phones.len();
        let folder = self.root.join(format!("phone-{number}"));
        std::fs::create_dir_all(&folder).expect("a folder");
        for (path, bytes) in &image.0 {
            let name = path.file_name().expect("a name");
            std::fs::write(folder.join(name), bytes).expect("room");
        }
        copy_folders(&self.phones[at].folder, &folder);
        let person = self.phones[at].person().to_owned();
        let mut copy = Mobile::open(&folder, &person, number as u32 + 1);
        (copy.off_ms, copy.is_revoked) = (self.phones[at].off_ms, self.phones[at].is_revoked);
        copy.is_rotten = self.phones[at].is_rotten;
        copy.set_time(self.now_ms);
        self.phones.push(copy);
        self.tally.fault(Fault::PhoneCloned);
        // Both go on under the same name.
        format!("{}; {}", self.tap_well(number), self.tap_well(at))
    }

    /// Somebody copies a phone's files; another time puts them back.
    pub(super) fn restore_phone(&mut self, at: usize) -> String {
        let Some(image) = self.phones[at].older.take() else {
            self.phones[at].older = Some(disk::image_of(&self.phones[at].folder));
            return "its files are copied".to_owned();
        };
        self.destroys("the phone was put back", |world| {
            world.phones[at].crash(&image).expect("the app on older files");
        });
        let phone = &mut self.phones[at];
        phone.seen.clear();
        (phone.marks, phone.left) = phone.look();
        self.tally.fault(Fault::PhoneRestored);
        format!("its files are put back; {}", self.tap_well(at))
    }

    pub(super) fn enrolment_changes(&mut self, at: usize, fault: Fault) -> String {
        if fault == Fault::EnrolledAgain {
            return match self.enrol(at) {
                Ok(()) => {
                    self.tally.fault(fault);
                    self.tally.history(History::SignedIn);
                    "done".to_owned()
                }
                Err(why) => {
                    assert!(self.is_known_trouble(at, &why), "{why:?}");
                    why.to_string()
                }
            };
        }
        let (Some(device), Some(node)) = (self.phones[at].device(), self.a_node()) else {
            return "not enrolled".to_owned();
        };
        if !self.servers.revoke(node, device) {
            return "unknown there".to_owned();
        }
        self.tally.fault(fault);
        self.was_revoked = true;
        // Copies of the phone go by the same name.
        for phone in &mut self.phones {
            phone.is_revoked |= phone.device() == Some(device);
        }
        let tapped = self.tap_well(at);
        let before = self.phones[at].look().0.cursor;
        let synced = self.sync_well(at);
        assert!(
            self.phones[at].look().0.cursor <= before || self.was_restored,
            "a revoked phone gets nothing"
        );
        format!("{tapped}; {synced}")
    }

    /// An order moves to another technician or is voided while a phone holds unsent work about it.
    pub(super) fn order_moves(&mut self, at: usize, fault: Fault) -> String {
        let tapped = self.tap_well(at);
        let person = self.phones[at].person().to_owned();
        let other = if person == CHAN { LEUNG } else { CHAN };
        let Some(node) = self.a_node() else { return tapped };
        let mine = self.orders.clone().into_iter().find(|id| {
            let held = self.phones[at].hand.phone.order(*id);
            let is_assigned = |id| {
                let order = self.servers.order(node, id);
                order.is_some_and(|order| order.is_assigned_to(&PersonId::from(person.as_str())))
            };
            held.is_ok_and(|detail| detail.waiting > 0) && is_assigned(*id)
        });
        let Some(order) = mine else { return format!("{tapped}; nothing unsent") };
        let command = match fault {
            Fault::Voided if self.was_voided => return "one is enough".to_owned(),
            Fault::Voided => Command::Void { reason: "住戶撤回".to_owned() },
            _ => Command::Assign(Assignment { technician: PersonId::from(other), helpers: Vec::new() }),
        };
        match self.servers.office(node, SUPERVISOR, order, command) {
            Ok(_) => {
                self.was_voided |= fault == Fault::Voided;
                self.tally.fault(fault);
                // The other one sees it, this one goes on without knowing, and taps while it is being told.
                format!(
                    "{tapped}; {order} moved; {}; {}",
                    self.tap_well(at),
                    self.told_while_tapping(at, order)
                )
            }
            Err(why) => format!("{tapped}; {why}"),
        }
    }

    /// The answer that says an order left comes when more was recorded about it; then the app is put away.
    fn told_while_tapping(&mut self, at: usize, order: OrderId) -> String {
        let mut machine = self.phones[at].hand.phone.sync_machine();
        let Ok(Step::Request(request)) = machine.next() else { return "nothing to ask".to_owned() };
        let answer = self.serve(at, &request);
        self.words += 1;
        let note = Command::AddNote { text: format!("word {}", self.words) };
        if let Ok(recorded) = self.phones[at].hand.phone.record(order, note) {
            self.enter(at, &recorded);
        }
        match machine.answer(answer) {
            Ok(()) => "told".to_owned(),
            Err(why) => {
                let is_known = super::is_expected(&why) || self.is_known_trouble(at, &why);
                assert!(is_known, "phone {at} is told: {why:?}");
                why.to_string()
            }
        }
    }

    /// A photo is taken, its lane is closed; facts go through (I28).
    pub(super) fn photos_wait(&mut self, at: usize) -> String {
        let rulebook = Rulebook::builtin();
        let camera = self.root.join("camera");
        std::fs::create_dir_all(&camera).expect("a folder");
        let number = self.dice.roll() % 100_000;
        let file = shoot(&camera, number, 48, 20);
        let mut taken = None;
        for order in self.orders.clone() {
            let Ok(detail) = self.phones[at].hand.phone.order(order) else { continue };
            let items: Vec<_> = rulebook.policy.items(detail.order.work_type()).collect();
            let asked = items.iter().filter(|item| item.photo != PhotoNeed::None);
            for item in asked.take(2) {
                for moment in [PhotoMoment::Before, PhotoMoment::After] {
                    let photo = self.phones[at].hand.phone.take_photo(order, &item.id, moment, &file);
                    if let Ok(recorded) = photo {
                        taken = Some(recorded);
                        break;
                    }
                }
            }
            if taken.is_some() {
                break;
            }
        }
        let Some(recorded) = taken else { return "nothing to photograph".to_owned() };
        self.enter(at, &recorded);
        let wifi = SendPlan { is_wifi: true, now: false };
        let sent = self.phones[at].hand.phone.send_photos(&NoPhotos, wifi);
        assert!(matches!(sent, Err(PhoneError::Offline(_))), "{sent:?}");
        let synced = self.sync_well(at);
        if synced.starts_with("synced") {
            assert_eq!(self.phones[at].waiting(), 0, "facts do not wait for photos (I28)");
            self.tally.fault(Fault::PhotoLaneDown);
        }
        synced
    }
}

/// Copies what lies in folders beside the database: photos.
fn copy_folders(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            std::fs::create_dir_all(&target).expect("a folder");
            copy_folders(&path, &target);
            for file in std::fs::read_dir(&path).expect("a folder").flatten() {
                if file.path().is_file() {
                    std::fs::copy(file.path(), target.join(file.file_name())).expect("room");
                }
            }
        }
    }
}
