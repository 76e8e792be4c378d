-- Version 3, frozen: a later change is a new file, and never changes what a column means.

-- The number an order got with this entry, its first. Before, the number stood in an entry of the server's own: one more
-- row and three more index entries for each order.
ALTER TABLE entry_log ADD COLUMN number TEXT;
