import { configurationText } from '../../run/comparison.ts'
import { knownTitle } from '../choices.ts'

/** A value of a spec's field as people say it: "Batch normalisation" where the spec has "bn". */
export function valueText(value: unknown, path: string): string {
  const named = typeof value === 'string' || typeof value === 'number' ? knownTitle(path, value) : undefined
  return named ?? configurationText(value, path)
}
