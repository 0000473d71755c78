import {
  attribute,
  executeNative,
  releaseNative,
  toTensor,
  types,
  type Attribute,
  type NativeValue,
  type Tensor,
} from '../backend.ts'

/**
 * Arithmetic in bfloat16: eight bits of mantissa, the range of float32, products summed in float32 (Kalamkar et al.
 * 2019). TensorFlow.js has no such tensors, so values are cast on the way in and out and live no longer than a kernel.
 */
export const bfloat16Type = attribute.type('T', types.bfloat16)

function cast(value: Tensor | NativeValue, from: number, to: number): NativeValue {
  const attributes = [attribute.type('SrcT', from), attribute.type('DstT', to), attribute.bool('Truncate', false)]
  return executeNative('Cast', attributes, [value])
}

/** Casts float32 tensors, lets `compute` use them, and releases them. */
export function withBfloat16<T>(tensors: readonly Tensor[], compute: (...values: NativeValue[]) => T): T {
  const values: NativeValue[] = []
  try {
    for (const tensor of tensors) values.push(cast(tensor, types.float32, types.bfloat16))
    return compute(...values)
  } finally {
    values.forEach(releaseNative)
  }
}

/** Runs one operation with `bfloat16Type` among its attributes and gives its result as float32. */
export function executeBfloat16(
  name: string,
  attributes: readonly Attribute[],
  inputs: readonly (Tensor | NativeValue)[],
): Tensor {
  const result = executeNative(name, attributes, inputs)
  try {
    return toTensor(cast(result, types.bfloat16, types.float32))
  } finally {
    releaseNative(result)
  }
}
