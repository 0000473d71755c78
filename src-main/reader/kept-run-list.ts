import { packRunList, type PackedRunList } from '../../src-core/domain/run-list/run-list.ts'
import type { ReadableWorkspace } from '../../src-core/storage/workspace.ts'

/**
 * A function that reads the list of runs and keeps it until somebody writes: reading ten thousand runs takes some
 * tenths of a second, which a window that opens would wait for.
 */
export function keptRunList({
  runs,
  dataVersion,
}: Pick<ReadableWorkspace, 'runs' | 'dataVersion'>): () => PackedRunList {
  let kept: { readonly version: number; readonly list: PackedRunList } | null = null
  return () => {
    // Asked before the list is read: what is written meanwhile only makes the list be read once more.
    const version = dataVersion()
    if (kept?.version !== version) kept = { version, list: packRunList(runs.columns()) }
    return kept.list
  }
}
