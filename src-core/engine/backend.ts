import { createRequire } from 'node:module'
import nodeUtil from 'node:util'
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend'
import { WorkbenchError } from '../domain/errors.ts'

type TensorFlow = typeof import('@tensorflow/tfjs')
export type {
  Scalar,
  Tensor,
  Tensor1D,
  Tensor2D,
  Tensor4D,
  Variable,
  LayersModel,
  SymbolicTensor,
} from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'

/** tfjs-node 4.22 calls util.isNullOrUndefined, which Node 23 removed, and util.isArray, at which Node 24 warns. */
function restoreRemovedUtilities(): void {
  const utilities = nodeUtil as unknown as Record<string, (value: unknown) => boolean>
  utilities['isNullOrUndefined'] = (value) => value === null || value === undefined
  utilities['isArray'] = Array.isArray
}

/** TensorFlow reads these once, while it loads; what the caller has set stays. */
function setLibraryDefaults(): void {
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'
  process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true'
  // TensorFlow leaves oneDNN off on x86 without AVX-512, where it is a quarter faster all the same.
  process.env['TF_ENABLE_ONEDNN_OPTS'] ??= '1'
}

function loadTensorFlow(): TensorFlow {
  restoreRemovedUtilities()
  setLibraryDefaults()
  try {
    return createRequire(import.meta.url)('@tensorflow/tfjs-node-gpu') as TensorFlow
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0]! : String(error)
    throw new WorkbenchError('tensorflow-missing', `TensorFlow cannot be loaded: run \`npm run setup\`. (${reason})`)
  }
}

/**
 * TensorFlow.js on the native library. Importing this module loads the library (about a second).
 * @throws WorkbenchError `tensorflow-missing` on import when the native parts are not installed.
 */
export const tf: TensorFlow = loadTensorFlow()

const backend = tf.backend() as unknown as NodeJSKernelBackend
const { binding } = backend

/** TF_BFLOAT16, which TensorFlow.js has no tensors of. */
const bfloat16 = 14

/** Numbers of TensorFlow's data types, as attributes of its operations want them. */
export const types = { float32: binding.TF_FLOAT, int32: binding.TF_INT32, bfloat16 } as const

export interface Attribute {
  readonly name: string
  readonly type: number
  readonly value: boolean | number | string | number[]
}

/** Makers of attributes for `execute`, one per kind that TensorFlow knows. */
export const attribute = {
  type: (name: string, value: number): Attribute => ({ name, type: binding.TF_ATTR_TYPE, value }),
  int: (name: string, value: number | number[]): Attribute => ({ name, type: binding.TF_ATTR_INT, value }),
  float: (name: string, value: number): Attribute => ({ name, type: binding.TF_ATTR_FLOAT, value }),
  bool: (name: string, value: boolean): Attribute => ({ name, type: binding.TF_ATTR_BOOL, value }),
  text: (name: string, value: string): Attribute => ({ name, type: binding.TF_ATTR_STRING, value }),
  shape: (name: string, value: number[]): Attribute => ({ name, type: binding.TF_ATTR_SHAPE, value }),
} as const

/** Runs one TensorFlow operation by name. The caller owns the tensor (inside `tf.tidy`, the scope does). */
export function execute(name: string, attributes: readonly Attribute[], inputs: readonly Tensor[]): Tensor {
  return backend.executeSingleOutput(name, attributes as Attribute[], inputs as Tensor[])
}

/** As `execute`, for operations with any number of outputs, none included. */
export function executeMany(
  name: string,
  attributes: readonly Attribute[],
  inputs: readonly Tensor[],
  outputs: number,
): Tensor[] {
  return backend.executeMultipleOutputs(name, attributes as Attribute[], inputs as Tensor[], outputs)
}

/** A value that TensorFlow knows and TensorFlow.js has no type for. Whoever makes one releases it. */
export interface NativeValue {
  readonly id: number
  readonly shape: number[]
  readonly dtype: number
}

interface NativeCalls {
  getInputTensorIds(tensors: readonly Tensor[]): number[]
  createOutputTensor(value: NativeValue): Tensor
}

const calls = backend as unknown as NativeCalls

/** As `execute`, on and to values of any type. */
export function executeNative(
  name: string,
  attributes: readonly Attribute[],
  inputs: readonly (Tensor | NativeValue)[],
): NativeValue {
  const ids = inputs.map((input) => ('id' in input && !('dataId' in input) ? input.id : idOf(input as Tensor)))
  return binding.executeOp(name, attributes as Attribute[], ids, 1)[0] as NativeValue
}

function idOf(tensor: Tensor): number {
  return calls.getInputTensorIds([tensor])[0]!
}

export function releaseNative(value: NativeValue): void {
  binding.deleteTensor(value.id)
}

/** Hands a value of a type that TensorFlow.js knows over to it. */
export function toTensor(value: NativeValue): Tensor {
  return calls.createOutputTensor(value)
}

/**
 * A tensor that has a shape but no memory behind it. For holding a place in a `tf.Variable`; no operation may read it.
 */
export function emptyHandle(shape: readonly number[]): Tensor {
  const dataId = backend.write(new Float32Array(0), [...shape], 'float32')
  return tf.engine().makeTensorFromTensorInfo({ dataId, shape: [...shape], dtype: 'float32' })
}

export const usesGpu: boolean = binding.isUsingGpuDevice()

/** Whether TensorFlow computes through oneDNN, on the CPU. */
export const usesOneDnn: boolean = !usesGpu && process.env['TF_ENABLE_ONEDNN_OPTS'] === '1'

export const tensorflowVersion: string = binding.TF_Version
