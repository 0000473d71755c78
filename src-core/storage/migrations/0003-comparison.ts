import type { Migration } from './index.ts'

/**
 * What comparing needs beside the histories.
 *
 * runs.notes is Markdown; run_tags are short words by which runs are found.
 *
 * spec_parts holds every value that a part of a spec (model.dropout, training.seed) has had in any run, as JSON, and
 * runs.spec_parts the numbers of a run's parts as int32, so that ten thousand specs, which have few different values,
 * are read as a few hundred texts. runs.spec stays the truth; parts of another version than the present one, or none,
 * are made anew from it.
 *
 * The columns added to metrics sum up all points of a metric, so that a table of ten thousand runs reads no points:
 * the newest value and the finite extremes, each with its step and epoch. They are NULL when there is no such value.
 *
 * metric_chunks holds the points of a metric again, 1024 to a row, for what must read all of them at once, such as
 * smoothing: chunk c for the ordinals c * 1024 up to (c + 1) * 1024 - 1. steps are int32, values float64 with NaN and
 * infinities as they are, both little-endian. A chunk is written when its last point arrives; older points and those
 * of a chunk that is not full are read from metric_points.
 *
 * layout and saved_views hold JSON that only the window understands. reference_curves are curves from elsewhere that
 * are drawn beside the runs.
 *
 * grids holds what a grid of runs was made from: a spec and its factors as JSON. grid_runs says which runs belong to it
 * and at which cell: the levels of the factors as digits, the last factor counting fastest. A grid goes with the last
 * of its runs.
 */
export const comparison: Migration = {
  version: 3,
  name: 'comparison',
  up: `
ALTER TABLE runs ADD COLUMN notes TEXT NOT NULL DEFAULT '';

CREATE TABLE run_tags (
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  tag TEXT NOT NULL,
  PRIMARY KEY (run_id, tag)
) STRICT, WITHOUT ROWID;

CREATE TABLE spec_parts (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL,
  value TEXT NOT NULL,
  UNIQUE (path, value)
) STRICT;
ALTER TABLE runs ADD COLUMN spec_parts BLOB;
ALTER TABLE runs ADD COLUMN spec_parts_version INTEGER;

ALTER TABLE metrics ADD COLUMN points INTEGER NOT NULL DEFAULT 0;
ALTER TABLE metrics ADD COLUMN last_step INTEGER;
ALTER TABLE metrics ADD COLUMN last_epoch REAL;
ALTER TABLE metrics ADD COLUMN last_kind INTEGER CHECK (last_kind BETWEEN 0 AND 3);
ALTER TABLE metrics ADD COLUMN last_value REAL;
ALTER TABLE metrics ADD COLUMN min_value REAL;
ALTER TABLE metrics ADD COLUMN min_step INTEGER;
ALTER TABLE metrics ADD COLUMN min_epoch REAL;
ALTER TABLE metrics ADD COLUMN max_value REAL;
ALTER TABLE metrics ADD COLUMN max_step INTEGER;
ALTER TABLE metrics ADD COLUMN max_epoch REAL;

UPDATE metrics SET points = (SELECT count(*) FROM metric_points WHERE metric_id = metrics.id);
UPDATE metrics SET (last_step, last_epoch, last_kind, last_value) =
  (SELECT step, epoch, kind, value FROM metric_points WHERE metric_id = metrics.id ORDER BY step DESC LIMIT 1);
UPDATE metrics SET (min_value, min_step, min_epoch) =
  (SELECT value, step, epoch FROM metric_points WHERE metric_id = metrics.id AND kind = 0 ORDER BY value, step LIMIT 1);
UPDATE metrics SET (max_value, max_step, max_epoch) =
  (SELECT value, step, epoch FROM metric_points WHERE metric_id = metrics.id AND kind = 0
   ORDER BY value DESC, step LIMIT 1);

CREATE TABLE metric_chunks (
  metric_id INTEGER NOT NULL REFERENCES metrics (id) ON DELETE CASCADE,
  chunk INTEGER NOT NULL CHECK (chunk >= 0),
  last_step INTEGER NOT NULL,
  "values" BLOB NOT NULL,
  steps BLOB NOT NULL,
  PRIMARY KEY (metric_id, chunk)
) STRICT;

CREATE TABLE layout (
  section TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE saved_views (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  section TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  UNIQUE (section, name)
) STRICT;

CREATE TABLE reference_curves (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  body TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE grids (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  spec TEXT NOT NULL,
  factors TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE grid_runs (
  grid_id INTEGER NOT NULL REFERENCES grids (id) ON DELETE CASCADE,
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  cell INTEGER NOT NULL CHECK (cell >= 0),
  PRIMARY KEY (grid_id, run_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX grid_runs_by_run ON grid_runs (run_id);

CREATE TRIGGER grids_without_runs AFTER DELETE ON grid_runs
WHEN NOT EXISTS (SELECT 1 FROM grid_runs WHERE grid_id = OLD.grid_id)
BEGIN
  DELETE FROM grids WHERE id = OLD.grid_id;
END;
`,
}
