-- Version 2, frozen: a later change is a new file, and never changes what a column means.

-- Ink is sealed like the entries it came with: nothing changes or removes it.
CREATE TRIGGER ink_is_never_changed BEFORE UPDATE ON ink
BEGIN SELECT RAISE(ABORT, 'ink is only added to'); END;
CREATE TRIGGER ink_is_never_removed BEFORE DELETE ON ink
BEGIN SELECT RAISE(ABORT, 'ink is only added to'); END;

-- A device's key is what its seals are checked with, also years after it was revoked.
CREATE TRIGGER device_key_is_never_changed BEFORE UPDATE OF org, device_id, public_key ON device
WHEN NEW.org IS NOT OLD.org OR NEW.device_id IS NOT OLD.device_id OR NEW.public_key IS NOT OLD.public_key
BEGIN SELECT RAISE(ABORT, 'a device keeps its key'); END;
CREATE TRIGGER device_is_never_removed BEFORE DELETE ON device
BEGIN SELECT RAISE(ABORT, 'a device is revoked, never removed'); END;
