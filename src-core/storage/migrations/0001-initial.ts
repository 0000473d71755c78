import type { Migration } from './index.ts'

/**
 * Times named `_at` are milliseconds since 1970. JSON columns hold what the domain's schemas describe.
 *
 * metric_buckets is a pyramid over the points of one metric in the order of their steps. A bucket of level L
 * stands for 2^L neighbouring points: bucket b for the ordinals b * 2^L up to (b + 1) * 2^L - 1. It counts points,
 * not steps, so that a metric logged once per epoch gets the same resolution as one logged at every step. A bucket
 * is written when its last point arrives and never changes; what is not yet full is drawn from the levels below.
 *
 * checkpoints.covered_step is the last step with values when the checkpoint was committed. It is below the
 * checkpoint's own step when the run was paused during an evaluation, whose values come after resuming.
 */
export const initial: Migration = {
  version: 1,
  name: 'initial',
  up: `
CREATE TABLE runs (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'preparing', 'running', 'pausing', 'paused', 'stopping', 'stopped',
                                       'finished', 'failed', 'diverged', 'interrupted')),
  spec TEXT NOT NULL,
  spec_hash TEXT NOT NULL,
  color INTEGER NOT NULL CHECK (color >= 0),
  parameters INTEGER NOT NULL,
  step INTEGER NOT NULL CHECK (step >= 0),
  total_steps INTEGER,
  steps_per_epoch INTEGER,
  epoch REAL NOT NULL,
  active_time REAL NOT NULL,
  images_per_second REAL,
  best TEXT,
  error TEXT,
  queue_position INTEGER CHECK (queue_position >= 0),
  environment TEXT,
  requested_threads INTEGER,
  weights_sha256 TEXT,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  ended_at INTEGER,
  deleted_at INTEGER,
  CHECK ((state = 'queued') = (queue_position IS NOT NULL)),
  CHECK (deleted_at IS NULL OR state NOT IN ('queued', 'preparing', 'running', 'pausing', 'stopping'))
) STRICT;

CREATE TABLE metrics (
  id INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  UNIQUE (run_id, name)
) STRICT;

CREATE TABLE metric_points (
  metric_id INTEGER NOT NULL REFERENCES metrics (id) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  epoch REAL NOT NULL,
  wall_time REAL NOT NULL,
  active_time REAL NOT NULL,
  kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 3),
  value REAL,
  PRIMARY KEY (metric_id, step),
  CHECK ((kind = 0) = (value IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE metric_buckets (
  metric_id INTEGER NOT NULL REFERENCES metrics (id) ON DELETE CASCADE,
  level INTEGER NOT NULL CHECK (level >= 1),
  bucket INTEGER NOT NULL CHECK (bucket >= 0),
  last_step INTEGER NOT NULL,
  last_epoch REAL NOT NULL,
  last_wall_time REAL NOT NULL,
  last_active_time REAL NOT NULL,
  last_kind INTEGER NOT NULL CHECK (last_kind BETWEEN 0 AND 3),
  last_value REAL,
  min REAL,
  max REAL,
  PRIMARY KEY (metric_id, level, bucket)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoints (
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  directory TEXT NOT NULL,
  epoch REAL NOT NULL,
  bytes INTEGER NOT NULL,
  manifest_sha256 TEXT NOT NULL,
  reason TEXT NOT NULL,
  best TEXT,
  active_time REAL NOT NULL,
  covered_step INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (run_id, step)
) STRICT, WITHOUT ROWID;

-- No foreign key: an export outlives the run that it was made from.
CREATE TABLE exports (
  id INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL,
  format TEXT NOT NULL,
  step INTEGER NOT NULL,
  directory TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  files TEXT NOT NULL,
  "check" TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE run_events (
  id INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  step INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('state', 'checkpoint', 'export', 'note', 'error')),
  message TEXT NOT NULL
) STRICT;
CREATE INDEX run_events_by_run ON run_events (run_id, id);

CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`,
}
