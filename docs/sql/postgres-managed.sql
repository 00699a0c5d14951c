-- Reliable: the counters and the ledger. PostgreSQL 12 or later; running it again changes nothing.
CREATE SCHEMA IF NOT EXISTS "reliable";
CREATE TABLE IF NOT EXISTS "reliable"."usage" (
  user_id text COLLATE "C" NOT NULL,
  counter text COLLATE "C" NOT NULL,
  used bigint NOT NULL DEFAULT 0,                   -- counted on that day, 0 or more
  "limit" bigint,                                   -- 0 or more; NULL: Usage:DefaultLimit applies
  day date,                                         -- NULL: nothing counted yet
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, counter)
) WITH (fillfactor = 70);
CREATE TABLE IF NOT EXISTS "reliable"."charge" (
  tx uuid PRIMARY KEY,                              -- UUIDv7: in the order of time
  user_id text COLLATE "C" NOT NULL,
  counter text COLLATE "C" NOT NULL,
  amount integer NOT NULL CHECK (amount > 0),
  day date NOT NULL,                                -- the day on which it counts
  state smallint NOT NULL DEFAULT 1                 -- 1 counted, 2 taken back or blocked
);
