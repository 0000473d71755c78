/** See layers.mjs. */
export const layers: {
  readonly folder: string
  readonly allowed: readonly string[]
  readonly forbidden: readonly string[]
  readonly packages: readonly string[]
}[]
