import type { ReadableDatabase, WritableDatabase } from '../database.ts'
import { preparing, translatingAll } from '../storage-error.ts'
import { artifactReader, artifactWriter, type ArtifactReader, type ArtifactWriter } from './artifacts.ts'
import { checkpointReader, checkpointWriter, type CheckpointReader, type CheckpointWriter } from './checkpoints.ts'
import { exportReader, exportWriter, type ExportReader, type ExportWriter } from './exports.ts'
import { gridReader, gridWriter, type GridReader, type GridWriter } from './grids.ts'
import { layoutReader, layoutWriter, type LayoutReader, type LayoutWriter } from './layout.ts'
import { metricReader, metricWriter, type MetricReader, type MetricWriter } from './metrics/metrics.ts'
import { referenceReader, referenceWriter, type ReferenceReader, type ReferenceWriter } from './reference-curves.ts'
import { runEventReader, runEventWriter, type RunEventReader, type RunEventWriter } from './run-events.ts'
import { runReader, runWriter, type RunReader, type RunWriter } from './runs.ts'
import { settingsReader, settingsWriter, type SettingsReader, type SettingsWriter } from './settings.ts'

/** One object of queries per aggregate. */
export interface RecordReaders {
  readonly runs: RunReader
  readonly metrics: MetricReader
  readonly artifacts: ArtifactReader
  readonly checkpoints: CheckpointReader
  readonly exports: ExportReader
  readonly settings: SettingsReader
  readonly layout: LayoutReader
  readonly references: ReferenceReader
  readonly grids: GridReader
  readonly events: RunEventReader
}

/** The same with changes; each change is a transaction of its own, or a part of the one around it. */
export interface RecordWriters {
  readonly runs: RunWriter
  readonly metrics: MetricWriter
  readonly artifacts: ArtifactWriter
  readonly checkpoints: CheckpointWriter
  readonly exports: ExportWriter
  readonly settings: SettingsWriter
  readonly layout: LayoutWriter
  readonly references: ReferenceWriter
  readonly grids: GridWriter
  readonly events: RunEventWriter
}

/** `file` is what errors name. */
export function readersOf(database: ReadableDatabase, file: string): RecordReaders {
  return preparing(file, () => ({
    runs: translatingAll(file, runReader(database)),
    metrics: translatingAll(file, metricReader(database)),
    artifacts: translatingAll(file, artifactReader(database)),
    checkpoints: translatingAll(file, checkpointReader(database)),
    exports: translatingAll(file, exportReader(database)),
    settings: translatingAll(file, settingsReader(database)),
    layout: translatingAll(file, layoutReader(database)),
    references: translatingAll(file, referenceReader(database)),
    grids: translatingAll(file, gridReader(database)),
    events: translatingAll(file, runEventReader(database)),
  }))
}

/** `file` is what errors name. */
export function writersOf(database: WritableDatabase, file: string): RecordWriters {
  return preparing(file, () => prepareWriters(database, file))
}

function prepareWriters(database: WritableDatabase, file: string): RecordWriters {
  const runs = runWriter(database)
  const metrics = metricWriter(database)
  return {
    runs: translatingAll(file, runs),
    metrics: translatingAll(file, metrics),
    artifacts: translatingAll(file, artifactWriter(database)),
    checkpoints: translatingAll(file, checkpointWriter(database, runs, metrics)),
    exports: translatingAll(file, exportWriter(database)),
    settings: translatingAll(file, settingsWriter(database)),
    layout: translatingAll(file, layoutWriter(database)),
    references: translatingAll(file, referenceWriter(database)),
    grids: translatingAll(file, gridWriter(database)),
    events: translatingAll(file, runEventWriter(database)),
  }
}
