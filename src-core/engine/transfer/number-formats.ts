/** Formats in which files hold numbers, little-endian, and how they become float32. */
export type NumberFormat = 'float32' | 'float16' | 'bfloat16' | 'uint16' | 'uint8'

export const bytesPerNumber: Record<NumberFormat, number> = {
  float32: 4,
  float16: 2,
  bfloat16: 2,
  uint16: 2,
  uint8: 1,
}

/** IEEE 754 half precision: 1 sign bit, 5 of the exponent with bias 15, 10 of the fraction. */
export function fromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

const scratch = new DataView(new ArrayBuffer(4))

/** The upper half of a float32. */
export function fromBfloat16(bits: number): number {
  scratch.setUint32(0, bits * 0x10000)
  return scratch.getFloat32(0)
}

const readers: Record<NumberFormat, (view: DataView, at: number) => number> = {
  float32: (view, at) => view.getFloat32(at, true),
  float16: (view, at) => fromFloat16(view.getUint16(at, true)),
  bfloat16: (view, at) => fromBfloat16(view.getUint16(at, true)),
  uint16: (view, at) => view.getUint16(at, true),
  uint8: (view, at) => view.getUint8(at),
}

/** All numbers of `bytes`, in fresh memory. The bytes may begin anywhere, aligned or not. */
export function toFloat32(bytes: Uint8Array, format: NumberFormat): Float32Array {
  if (format === 'float32') return new Float32Array(Uint8Array.from(bytes).buffer)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const size = bytesPerNumber[format]
  const read = readers[format]
  return Float32Array.from({ length: bytes.byteLength / size }, (_, index) => read(view, index * size))
}
