//! Everybody who listens, by org. Bounded: in all, for each org, and for each phone and person.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use doorstep_core::domain::ids::{DeviceId, OrgId, PersonId};
use doorstep_core::journal::live::Hint;

use super::seat::Seat;
use crate::error::Failure;
use crate::metrics;

/// The most streams of this process, and of one org.
const STREAMS: usize = 12_288;
const STREAMS_OF_ORG: usize = 10_240;
/// The most streams of one phone: its line may have changed, and the older end not know yet. Of one person: open pages.
const OF_DEVICE: usize = 1;
const OF_PERSON: usize = 16;

/// When to ask again for a stream when there is no place, in seconds.
const FULL_SECONDS: u64 = 120;

/// The least time between two hints to one listener, whatever happens in between; and how much longer it is for each
/// other listener of the org. Every hint makes a phone ask: so they ask some five hundred times a second at the most.
const GAP: Duration = Duration::from_millis(200);
const GAP_FOR_EACH: Duration = Duration::from_millis(2);
const LONGEST_GAP: Duration = Duration::from_secs(10);

/// Who listens.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Listener {
    /// A phone.
    Device(DeviceId),
    /// Somebody at the office's pages.
    Person(PersonId),
}

/// All listeners of this process.
#[derive(Clone, Default)]
pub(crate) struct Hub(Arc<Mutex<House>>);

#[derive(Default)]
struct House {
    rooms: HashMap<OrgId, Room>,
    last_id: u64,
    seats: usize,
    is_closed: bool,
}

struct Room {
    /// What everybody here was told, or will be.
    now: Hint,
    seats: HashMap<u64, Arc<Seat>>,
    /// Each listener's seats, the oldest first.
    of: HashMap<Listener, Vec<u64>>,
    /// Somebody is to be told later.
    has_later: bool,
}

impl Room {
    fn gap(&self) -> Duration {
        let longer = GAP_FOR_EACH * u32::try_from(self.seats.len()).unwrap_or(u32::MAX);
        longer.clamp(GAP, LONGEST_GAP)
    }

    fn of(&self, listener: &Listener) -> impl Iterator<Item = &Arc<Seat>> {
        self.of.get(listener).into_iter().flatten().filter_map(|id| self.seats.get(id))
    }
}

/// A place that is given back when it is dropped.
pub(super) struct Ticket {
    hub: Hub,
    org: OrgId,
    listener: Listener,
    id: u64,
    seat: Arc<Seat>,
}

impl Ticket {
    pub(super) fn id(&self) -> u64 {
        self.id
    }

    pub(super) fn seat(&self) -> &Seat {
        &self.seat
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.hub.leave(self);
    }
}

impl Hub {
    fn house(&self) -> MutexGuard<'_, House> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a place. A listener with too many gives up the oldest.
    pub(super) fn sit(&self, org: OrgId, listener: Listener, now: Hint) -> Result<Ticket, Failure> {
        let mut house = self.house();
        let in_room = house.rooms.get(&org).map_or(0, |room| room.seats.len());
        if house.is_closed || house.seats >= STREAMS || in_room >= STREAMS_OF_ORG {
            return Err(Failure::Busy(FULL_SECONDS));
        }
        house.last_id += 1;
        let id = house.last_id;
        house.seats += 1;
        metrics::listening(house.seats);
        let empty = || Room { now, seats: HashMap::new(), of: HashMap::new(), has_later: false };
        let room = house.rooms.entry(org.clone()).or_insert_with(empty);
        let seat = Arc::new(Seat::new());
        room.seats.insert(id, Arc::clone(&seat));
        let most = match listener {
            Listener::Device(_) => OF_DEVICE,
            Listener::Person(_) => OF_PERSON,
        };
        let own = room.of.entry(listener.clone()).or_default();
        own.push(id);
        // It leaves the list when its stream has seen the end.
        let oldest = own.len().checked_sub(most + 1).and_then(|at| own.get(at)).copied();
        if let Some(oldest) = oldest.and_then(|id| room.seats.get(&id)) {
            oldest.end();
        }
        // Between the clock that was read and this place there may have been a change.
        if (room.now.epoch, room.now.seq) != (now.epoch, now.seq) {
            seat.tell(room.now, Instant::now(), Duration::ZERO);
        }
        drop(house);
        Ok(Ticket { hub: self.clone(), org, listener, id, seat })
    }

    fn leave(&self, ticket: &Ticket) {
        let mut house = self.house();
        let Some(room) = house.rooms.get_mut(&ticket.org) else { return };
        room.seats.remove(&ticket.id);
        if let Some(own) = room.of.get_mut(&ticket.listener) {
            own.retain(|id| *id != ticket.id);
            if own.is_empty() {
                room.of.remove(&ticket.listener);
            }
        }
        if room.seats.is_empty() {
            house.rooms.remove(&ticket.org);
        }
        house.seats -= 1;
        metrics::listening(house.seats);
    }

    /// Tells everybody of an org where it stands, unless they know. The phone whose push it was has it in its answer.
    pub(crate) fn announce(&self, org: &OrgId, hint: Hint, but: Option<DeviceId>) {
        let mut house = self.house();
        let Some(room) = house.rooms.get_mut(org) else { return };
        if room.now.epoch == hint.epoch && room.now.seq >= hint.seq {
            return;
        }
        room.now = hint;
        let (now, gap) = (Instant::now(), room.gap());
        let own: Vec<u64> =
            but.and_then(|device| room.of.get(&Listener::Device(device))).cloned().unwrap_or_default();
        for (id, seat) in &room.seats {
            if !own.contains(id) {
                room.has_later |= seat.tell(hint, now, gap);
            }
        }
        metrics::hinted();
    }

    /// Whether anybody listens for an org.
    pub(crate) fn has(&self, org: &OrgId) -> bool {
        self.house().rooms.contains_key(org)
    }

    /// Whether a phone listens now.
    pub(crate) fn hears(&self, org: &OrgId, device: DeviceId) -> bool {
        self.house().rooms.get(org).is_some_and(|room| room.of.contains_key(&Listener::Device(device)))
    }

    /// Ends what a phone listens to.
    pub(crate) fn end(&self, org: &OrgId, device: DeviceId) {
        if let Some(room) = self.house().rooms.get(org) {
            room.of(&Listener::Device(device)).for_each(|seat| seat.end());
        }
    }

    /// Ends every stream; there are no more after that.
    pub(crate) fn close(&self) {
        let mut house = self.house();
        house.is_closed = true;
        house.rooms.values().flat_map(|room| room.seats.values()).for_each(|seat| seat.end());
    }

    /// The orgs somebody listens for, and whether there are phones among them.
    pub(super) fn orgs(&self) -> Vec<(OrgId, bool)> {
        let is_phone = |listener: &Listener| matches!(listener, Listener::Device(_));
        self.house().rooms.iter().map(|(org, room)| (org.clone(), room.of.keys().any(is_phone))).collect()
    }

    /// Tells what waited, and keeps one of so many parts of the lines open.
    pub(super) fn tick(&self, part: u64, parts: u64) {
        let now = Instant::now();
        for room in self.house().rooms.values_mut() {
            if room.has_later {
                let gap = room.gap();
                // Every seat catches up, whatever the others do.
                room.has_later = false;
                for seat in room.seats.values() {
                    room.has_later |= seat.catch_up(now, gap);
                }
            }
            room.seats.iter().filter(|(id, _)| **id % parts == part).for_each(|(_, seat)| seat.beat());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Poll, Waker};

    use super::super::seat::Say;
    use super::*;

    fn hint(seq: u64) -> Hint {
        Hint { epoch: 7, seq }
    }

    fn sit(hub: &Hub, org: &str, listener: &Listener) -> Result<Ticket, Failure> {
        hub.sit(OrgId::from(org), listener.clone(), hint(1))
    }

    fn next(ticket: &Ticket) -> Option<Option<Say>> {
        match ticket.seat().poll(&Context::from_waker(Waker::noop())) {
            Poll::Ready(say) => Some(say),
            Poll::Pending => None,
        }
    }

    #[test]
    fn a_change_is_told_once_to_those_of_its_org_and_not_to_whoever_made_it() {
        let hub = Hub::default();
        let device = DeviceId::new();
        let maker = sit(&hub, "a", &Listener::Device(device)).unwrap();
        let phone = sit(&hub, "a", &Listener::Device(DeviceId::new())).unwrap();
        let page = sit(&hub, "a", &Listener::Person("G".into())).unwrap();
        let other = sit(&hub, "b", &Listener::Person("G".into())).unwrap();
        hub.announce(&"a".into(), hint(2), Some(device));
        hub.announce(&"a".into(), hint(2), None);
        hub.announce(&"a".into(), hint(1), None);
        for ticket in [&phone, &page] {
            assert_eq!(next(ticket), Some(Some(Say::Hint(hint(2)))));
            assert_eq!(next(ticket), None);
        }
        assert_eq!((next(&maker), next(&other)), (None, None));
        // Whoever comes with an older clock is told where the org stands; another epoch is always news.
        let late = sit(&hub, "a", &Listener::Device(DeviceId::new())).unwrap();
        assert_eq!(next(&late), Some(Some(Say::Hint(hint(2)))));
        hub.announce(&"a".into(), Hint { epoch: 8, seq: 1 }, None);
        hub.tick(0, 1000);
        assert_eq!(next(&maker), Some(Some(Say::Hint(Hint { epoch: 8, seq: 1 }))));
    }

    #[test]
    fn places_are_bounded_and_given_back() {
        let hub = Hub::default();
        let device = Listener::Device(DeviceId::new());
        let first = sit(&hub, "a", &device).unwrap();
        let second = sit(&hub, "a", &device).unwrap();
        assert_eq!((next(&first), next(&second)), (Some(None), None), "the newer line stays");
        drop(first);
        hub.end(&"a".into(), DeviceId::new());
        assert_eq!(next(&second), None);
        let Listener::Device(id) = device else { unreachable!() };
        assert!(hub.hears(&"a".into(), id));
        hub.end(&"a".into(), id);
        assert_eq!(next(&second), Some(None));
        drop(second);
        assert!(!hub.has(&"a".into()) && !hub.hears(&"a".into(), id));
        let all: Vec<_> = (0..STREAMS_OF_ORG)
            .map(|_| sit(&hub, "a", &Listener::Device(DeviceId::new())).unwrap())
            .collect();
        assert!(matches!(sit(&hub, "a", &Listener::Device(DeviceId::new())), Err(Failure::Busy(_))));
        let other = sit(&hub, "b", &Listener::Person("G".into())).unwrap();
        hub.close();
        assert_eq!((next(&all[0]), next(&other)), (Some(None), Some(None)));
        assert!(sit(&hub, "b", &Listener::Person("G".into())).is_err());
    }
}
