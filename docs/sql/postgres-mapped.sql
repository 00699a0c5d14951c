-- Reliable: the ledger of charges. PostgreSQL 12 or later; running it again changes nothing.
CREATE SCHEMA IF NOT EXISTS "reliable";
CREATE TABLE IF NOT EXISTS "reliable"."charge" (
  tx uuid PRIMARY KEY,                              -- UUIDv7: in the order of time
  user_id text COLLATE "C" NOT NULL,
  counter text COLLATE "C" NOT NULL,
  amount integer NOT NULL CHECK (amount > 0),
  day date NOT NULL,                                -- the day on which it counts
  state smallint NOT NULL DEFAULT 1                 -- 1 counted, 2 taken back or blocked
);
