-- Version 4, frozen: a later change is a new file, and never changes what a column means.

-- The device's entries up to this number are in a backup that was looked over: the phone may let go of them.
ALTER TABLE device ADD COLUMN safe_n INTEGER NOT NULL DEFAULT 0;

-- When the device's token was last used for more than handing in. A token nobody used for long is good for that alone.
ALTER TABLE device ADD COLUMN used_ms INTEGER NOT NULL DEFAULT 0;
UPDATE device SET used_ms = max(enrolled_ms, heard_ms);
