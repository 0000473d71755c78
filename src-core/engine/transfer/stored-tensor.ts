import { WorkbenchError } from '../../domain/errors.ts'

/** One tensor of a file of weights, described before its values are read. */
export interface StoredTensor {
  readonly name: string
  readonly shape: readonly number[]
  /** Row by row, as float32 in fresh memory. */
  read(): Float32Array
}

/** How the names and layouts of a file are to be understood. */
export type Naming = 'own' | 'pytorch' | 'tensorflow'

export interface StoredWeights {
  /** For messages: the file or the folder. */
  readonly source: string
  readonly naming: Naming
  readonly tensors: readonly StoredTensor[]
}

/** @param reason what is wrong, as the end of a sentence. */
export function unreadable(path: string, reason: string): WorkbenchError {
  return new WorkbenchError('model-file-unreadable', `${path} cannot be read as a model: ${reason}.`, { path })
}

export function elements(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1)
}

/** Shape as people write it: 5x5x48x256. */
export function shapeText(shape: readonly number[]): string {
  return shape.length === 0 ? 'a single number' : shape.join('x')
}

const ownName = /^(?:conv|fc|bn|gn)\d{1,2}\/(?:kernel|bias|gamma|beta|moving_mean|moving_variance)$/

/** Whether all names are of the form that Ablate gives its own weights. */
export function areOwnNames(names: readonly string[]): boolean {
  return names.length > 0 && names.every((name) => ownName.test(name))
}
