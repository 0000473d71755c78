import { WorkbenchError } from '../../domain/errors.ts'
import {
  artifactHeaderSchema,
  artifactSchema,
  filtersArtifactSchema,
  type Artifact,
  type ArtifactHeader,
  type RecordedFilters,
} from '../../domain/evaluation/artifact.ts'
import type { RunId } from '../../domain/ids.ts'
import { surplusProfiles } from '../../domain/profile/step-profile.ts'
import { transact, type ReadableDatabase, type WritableDatabase } from '../database.ts'
import { parseColumn, parseStored } from './json-columns.ts'

/** Largest body of an artifact as JSON in UTF-8, in bytes: a confusion matrix of 200 classes needs at most a tenth. */
export const mostArtifactBytes = 4 * 2 ** 20

interface HeaderRow {
  id: number
  kind: string
  step: number
  subject: string
}

export interface ArtifactReader {
  /** A run's artifacts without their bodies, in the order of their steps. */
  list(runId: RunId): ArtifactHeader[]
  find(id: number): Artifact | null
  /** The first kernels that a run kept, in the order of their steps; those recorded after the one of that id. */
  filters(runId: RunId, after: number): RecordedFilters[]
}

export interface ArtifactWriter extends ArtifactReader {
  /**
   * Records an artifact. With a profile, those that are then too many are deleted.
   * @throws WorkbenchError `invalid-value` for one that is not well-formed or larger than `mostArtifactBytes`.
   */
  add(runId: RunId, artifact: Artifact): ArtifactHeader
  /** Deletes all artifacts past `step`; answers how many. */
  rewindTo(runId: RunId, step: number): number
}

/** What an artifact is about, for lists: the evaluated part, or the layer; empty for what is about the whole network. */
function subjectOf(artifact: Artifact): string {
  if (artifact.kind === 'confusion') return artifact.part
  return 'layer' in artifact ? artifact.layer : ''
}

function toHeader(row: HeaderRow): ArtifactHeader {
  return parseStored(artifactHeaderSchema, row, `artifact ${row.id}`)
}

export function artifactReader(database: ReadableDatabase): ArtifactReader {
  const headers = database.prepare<[string], HeaderRow>(
    'SELECT id, kind, step, subject FROM run_artifacts WHERE run_id = ? ORDER BY step, id',
  )
  const body = database.prepare<[number], { body: string }>('SELECT body FROM run_artifacts WHERE id = ?')
  const filters = database.prepare<[string, number], { id: number; body: string }>(
    `SELECT id, body FROM run_artifacts WHERE run_id = ? AND kind = 'filters' AND id > ? ORDER BY step, id`,
  )
  return {
    list: (runId) => headers.all(runId).map(toHeader),
    find: (id) => {
      const row = body.get(id)
      return row ? parseColumn(artifactSchema, row.body, `artifact ${id}`) : null
    },
    filters: (runId, after) =>
      filters.all(runId, after).map(({ id, body: kept }) => ({
        id,
        filters: parseColumn(filtersArtifactSchema, kept, `artifact ${id}`),
      })),
  }
}

/** Queries and changes of artifacts. */
export function artifactWriter(database: WritableDatabase): ArtifactWriter {
  const insert = database.prepare(
    'INSERT INTO run_artifacts (run_id, step, kind, subject, body) VALUES (@runId, @step, @kind, @subject, @body)',
  )
  const rewind = database.prepare('DELETE FROM run_artifacts WHERE run_id = ? AND step > ?')
  const profiles = database.prepare<[string], { id: number }>(
    `SELECT id FROM run_artifacts WHERE run_id = ? AND kind = 'profile' ORDER BY step, id`,
  )
  const remove = database.prepare<[number]>('DELETE FROM run_artifacts WHERE id = ?')
  return {
    ...artifactReader(database),
    add: (runId, artifact) =>
      transact(database, () => {
        const { kind, step } = artifact
        const subject = subjectOf(artifact)
        const { lastInsertRowid } = insert.run({ runId, kind, step, subject, body: toBody(artifact) })
        if (kind === 'profile') for (const { id } of surplusProfiles(profiles.all(runId))) remove.run(id)
        return { id: Number(lastInsertRowid), kind, step, subject }
      }),
    rewindTo: (runId, step) => rewind.run(runId, step).changes,
  }
}

function toBody(artifact: Artifact): string {
  const what = `The artifact "${artifact.kind}" of step ${artifact.step}`
  const details = { kind: artifact.kind, step: artifact.step }
  const parsed = artifactSchema.safeParse(artifact)
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!
    throw new WorkbenchError('invalid-value', `${what} is not well-formed: ${path.join('.')}: ${message}.`, details)
  }
  const body = JSON.stringify(parsed.data)
  const bytes = Buffer.byteLength(body)
  if (bytes <= mostArtifactBytes) return body
  const limits = `it may have ${mostArtifactBytes} bytes, but has ${bytes}`
  throw new WorkbenchError('invalid-value', `${what} is too large: ${limits}.`, { ...details, bytes })
}
