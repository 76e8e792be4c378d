//! The documents that were sealed, made again from the entries of an order: the same facts give the same bytes.

use std::collections::BTreeMap;

use crate::domain::ids::{DeviceId, Digest, OrgId};
use crate::domain::order::Order;
use crate::domain::seal::{self, Held};
use crate::journal::Entry;

/// Every sealed document of an order by its digest, from its entries as they were folded. One whose digest its facts do
/// not give is not among them.
#[must_use]
pub fn documents<'a>(
    entries: impl IntoIterator<Item = (&'a Entry, Option<DeviceId>)>,
    org: &OrgId,
) -> BTreeMap<Digest, Vec<u8>> {
    let mut order = Order::default();
    let mut found = BTreeMap::new();
    for (entry, device) in entries {
        for (index, fact) in (0_u16..).zip(&entry.facts) {
            let meta = entry.meta(index, org, device);
            for (digest, lang) in seal::held(fact).iter().filter_map(Held::document) {
                let document = seal::document_of(&order, &meta, fact, lang);
                if let Some(document) = document.filter(|document| document.digest() == digest) {
                    found.insert(digest, document.bytes().to_vec());
                }
            }
            order.apply(fact, &meta);
        }
    }
    found
}
