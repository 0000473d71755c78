import type { Environment } from '../environment.ts'
import type { Run } from '../run.ts'
import type { RunSpec } from '../spec/run-spec.ts'
import type { PackedRunPage, RunPage } from './run-page.ts'

/** Which variant a spec belongs to: specs of one key differ in their seed alone. */
const keys = new WeakMap<RunSpec, string>()

/** Makes runs out of pages. Specs of a variant share all that is not their training, parsed once. */
export class RunUnpacker {
  readonly #variants = new Map<string, RunSpec>()
  readonly #environments = new Map<string, Environment>()
  readonly #lastOf: (runId: string) => Record<string, number>

  /** `lastOf` tells the newest values of a run's metrics, which come by another way; asked when they are read. */
  constructor(lastOf: (runId: string) => Record<string, number>) {
    this.#lastOf = lastOf
  }

  /** The runs of a page, and what could not be read. */
  unpack({ text }: Pick<PackedRunPage, 'text'>): { readonly runs: Run[]; readonly damaged: readonly string[] } {
    const page = JSON.parse(text) as RunPage
    const variants = page.variants.map((variant) => remembered(this.#variants, variant))
    const environments = page.environments.map((environment) => remembered(this.#environments, environment))
    const lastOf = this.#lastOf
    const runs = page.runs.map(({ variant, seed, environment, ...rest }): Run => {
      const common = variants[variant]!
      const spec = { ...common, training: { ...common.training, seed } }
      keys.set(spec, page.variants[variant]!)
      return {
        ...rest,
        spec,
        environment: environment === null ? null : environments[environment]!,
        get last() {
          return lastOf(rest.id)
        },
      }
    })
    return { runs, damaged: page.damaged }
  }
}

function remembered<Value>(known: Map<string, Value>, text: string): Value {
  const found = known.get(text)
  if (found !== undefined) return found
  const parsed = JSON.parse(text) as Value
  known.set(text, parsed)
  return parsed
}

/** The same text for specs that differ in their seed alone. */
export function variantKey(spec: RunSpec): string {
  const known = keys.get(spec)
  if (known !== undefined) return known
  const key = JSON.stringify({ ...spec, training: { ...spec.training, seed: 0 } })
  keys.set(spec, key)
  return key
}
