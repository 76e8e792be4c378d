//! How many connections one address may have open. Neighbours behind one router share an address, and so do all phones
//! behind a proxy: the bound is wide, and there is none for addresses of the machine and its own network.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The most connections of one address.
const OF_ADDRESS: u32 = 1024;

/// Open connections by address.
#[derive(Clone, Default)]
pub(super) struct Doors(Arc<Mutex<HashMap<IpAddr, u32>>>);

/// An open connection; it is counted until it is dropped.
pub(super) struct Door {
    doors: Doors,
    /// `None` for one that is not counted.
    from: Option<IpAddr>,
}

impl Doors {
    /// Lets a connection in, unless its address has too many.
    pub(super) fn open(&self, from: IpAddr) -> Option<Door> {
        let from = Some(block(from.to_canonical())).filter(|from| !is_near(*from));
        if let Some(from) = from {
            let mut all = self.all();
            let count = all.entry(from).or_default();
            if *count >= OF_ADDRESS {
                return None;
            }
            *count += 1;
        }
        Some(Door { doors: self.clone(), from })
    }

    fn all(&self) -> MutexGuard<'_, HashMap<IpAddr, u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        let Some(from) = self.from else { return };
        let mut all = self.doors.all();
        if let Some(count) = all.get_mut(&from) {
            *count -= 1;
            if *count == 0 {
                all.remove(&from);
            }
        }
    }
}

/// One household has a whole block of newer addresses.
fn block(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// A proxy's address, most likely: of this machine or its own network.
fn is_near(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback() || address.is_private() || address.is_link_local(),
        // A block: the machine's own address has become all zeros.
        IpAddr::V6(address) => {
            address.is_unspecified() || address.is_unique_local() || address.is_unicast_link_local()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_has_so_many_and_a_proxy_any_number() {
        let doors = Doors::default();
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        let mut open: Vec<Door> =
            (0..OF_ADDRESS).map(|_| doors.open(address("203.0.113.7")).unwrap()).collect();
        assert!(doors.open(address("203.0.113.7")).is_none());
        assert!(doors.open(address("::ffff:203.0.113.7")).is_none(), "the same, written otherwise");
        assert!(doors.open(address("203.0.113.8")).is_some());
        open.pop();
        assert!(doors.open(address("203.0.113.7")).is_some());
        let six: Vec<Door> =
            (0..OF_ADDRESS).map(|i| doors.open(address(&format!("2001:db8::{i:x}"))).unwrap()).collect();
        assert!(doors.open(address("2001:db8::ffff:1")).is_none(), "another address of the same household");
        for near in ["127.0.0.1", "10.0.0.1", "192.168.1.1", "172.17.0.1", "::1", "fd00::1", "fe80::1"] {
            for _ in 0..OF_ADDRESS * 2 {
                assert!(doors.open(address(near)).is_some_and(|door| door.from.is_none()), "{near}");
            }
        }
        drop((open, six));
        assert!(doors.all().is_empty());
    }
}
