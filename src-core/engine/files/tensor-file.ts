import { z } from 'zod'
import { tf, type Tensor } from '../backend.ts'

/** Where one float32 tensor lies in a file of tensors. */
export const tensorEntrySchema = z.strictObject({
  name: z.string(),
  shape: z.array(z.int().min(0)),
  /** First byte in the file. */
  offset: z.int().min(0),
})
export type TensorEntry = z.infer<typeof tensorEntrySchema>

/** A tensor that can be asked for its values when they are needed: reading copies them out of TensorFlow. */
export interface NamedTensor {
  readonly name: string
  readonly shape: readonly number[]
  read(): Float32Array
}

const floatBytes = 4

function elements(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1)
}

/** The places of tensors that are written one after the other. */
export function layOut(tensors: readonly NamedTensor[]): TensorEntry[] {
  let offset = 0
  return tensors.map(({ name, shape }) => {
    const entry = { name, shape: [...shape], offset }
    offset += elements(shape) * floatBytes
    return entry
  })
}

/** The float32 bytes of each tensor in turn, little-endian as on every machine that TensorFlow supports. */
export function* tensorBytes(tensors: readonly NamedTensor[]): Generator<Uint8Array> {
  for (const tensor of tensors) {
    const values = tensor.read()
    yield new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  }
}

/** The values of one tensor, in a fresh array: TensorFlow may share the memory it is given. */
export function tensorFromBytes(bytes: Uint8Array, { shape, offset }: TensorEntry): Tensor {
  const start = bytes.byteOffset + offset
  const values = new Float32Array(bytes.buffer.slice(start, start + elements(shape) * floatBytes) as ArrayBuffer)
  return tf.tensor(values, shape)
}
