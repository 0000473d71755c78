import type { Migration } from './index.ts'

/**
 * run_artifacts.body is the whole artifact as JSON; step, kind and subject repeat what lists need. An id is never
 * given twice, also not after a rewind: whoever holds one must not get another artifact for it.
 *
 * checkpoints.mark is 'last-finite' for the checkpoint that a diverged run keeps. Which one is the best is not kept:
 * it follows from the run's values.
 */
export const artifacts: Migration = {
  version: 2,
  name: 'artifacts',
  up: `
CREATE TABLE run_artifacts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  step INTEGER NOT NULL CHECK (step >= 0),
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX run_artifacts_by_run ON run_artifacts (run_id, step, id);

ALTER TABLE checkpoints ADD COLUMN mark TEXT CHECK (mark IS NULL OR mark = 'last-finite');
`,
}
