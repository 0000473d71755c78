import type { ArtifactHeader, ArtifactKind } from '../../../src-core/domain/evaluation/artifact.ts'

/** The artifacts of a kind about one subject (a part of the data, a layer), in the order of their steps. */
export function artifactsAbout(
  headers: readonly ArtifactHeader[],
  kind: ArtifactKind,
  subject: string,
): ArtifactHeader[] {
  return headers.filter((header) => header.kind === kind && header.subject === subject).sort((a, b) => a.step - b.step)
}

/** What the artifacts of a kind are about, in the order in which it first appeared. */
export function subjectsOf(headers: readonly ArtifactHeader[], kind: ArtifactKind): string[] {
  return [...new Set(headers.filter((header) => header.kind === kind).map(({ subject }) => subject))]
}

/**
 * Place of the artifact at `step`: the newest one up to it when there is none at exactly this step, the last one
 * for null, which follows the newest. -1 in an empty list.
 */
export function placeOfStep(headers: readonly { readonly step: number }[], step: number | null): number {
  if (step === null) return headers.length - 1
  return Math.max(
    headers.length > 0 ? 0 : -1,
    headers.findLastIndex((header) => header.step <= step),
  )
}
