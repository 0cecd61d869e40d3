-- The network configuration of an instance's identity store, as JSON. NULL restricts nothing.

ALTER TABLE instance ADD COLUMN network_configuration TEXT COLLATE "binary";
