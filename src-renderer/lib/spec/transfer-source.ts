import type { CheckpointRecord } from '../../../src-core/domain/checkpoint.ts'
import { formatCount } from '../format.ts'

/** Where first weights come from, as training.transfer.from writes it in one text. */
export type TransferSource =
  | { readonly kind: 'random' }
  | { readonly kind: 'run'; readonly runId: string; readonly step: number | null }
  | { readonly kind: 'file'; readonly path: string }
export type SourceKind = TransferSource['kind']

/** Reads run:ID, run:ID@STEP and file:PATH; anything else counts as a file that cannot be right. */
export function readSource(from: string | null): TransferSource {
  if (from === null) return { kind: 'random' }
  const run = /^run:([\w-]+)(?:@(\d+))?$/.exec(from)
  if (run) return { kind: 'run', runId: run[1]!, step: run[2] === undefined ? null : Number(run[2]) }
  return { kind: 'file', path: from.replace(/^file:/, '') }
}

export function writeSource(source: TransferSource): string | null {
  if (source.kind === 'random') return null
  if (source.kind === 'file') return `file:${source.path}`
  return `run:${source.runId}${source.step === null ? '' : `@${source.step}`}`
}

const marks = { best: ', best', 'last-finite': ', last before it diverged' } as const

/** A checkpoint in a list: Step 840, epoch 2.00, best. */
export function checkpointTitle({ step, epoch, mark }: CheckpointRecord): string {
  return `Step ${formatCount(step)}, epoch ${epoch.toFixed(2)}${mark ? marks[mark] : ''}`
}
