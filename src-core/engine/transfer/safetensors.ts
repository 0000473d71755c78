import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { z } from 'zod'
import { bytesPerNumber, toFloat32, type NumberFormat } from './number-formats.ts'
import { areOwnNames, elements, unreadable, type StoredTensor, type StoredWeights } from './stored-tensor.ts'

/** The length of the header stands before it in eight bytes. */
const lengthBytes = 8

/** Enough for the names of a hundred thousand tensors; an AlexNet needs two kilobytes. */
const largestHeader = 16 * 2 ** 20

const formats: Readonly<Record<string, NumberFormat>> = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' }

const place = z.int().min(0)
const entrySchema = z.strictObject({
  dtype: z.string(),
  shape: z.array(place).max(8),
  data_offsets: z.tuple([place, place]),
})
type Entry = z.infer<typeof entrySchema> & { readonly name: string }

const headerSchema = z.record(z.string(), z.unknown())

function readBytes(file: number, path: string, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  const read = readSync(file, bytes, 0, length, position)
  if (read !== length) throw unreadable(path, `it ended after ${position + read} bytes, while it was being read`)
  return bytes
}

function headerLength(file: number, path: string, fileBytes: number): number {
  if (fileBytes < lengthBytes) throw unreadable(path, `${fileBytes} bytes are too few for a safetensors file`)
  const length = readBytes(file, path, 0, lengthBytes).readBigUInt64LE()
  const most = Math.min(largestHeader, fileBytes - lengthBytes)
  if (length > most) throw unreadable(path, `its header claims ${length} bytes, but at most ${most} are possible`)
  return Number(length)
}

function parseHeader(text: string, path: string): Entry[] {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw unreadable(path, 'its header is not JSON')
  }
  const header = headerSchema.safeParse(json)
  if (!header.success) throw unreadable(path, 'its header is not a list of tensors by name')
  return Object.entries(header.data)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, value]) => {
      const entry = entrySchema.safeParse(value)
      if (!entry.success) throw unreadable(path, `its header says of ${name} not just dtype, shape and data_offsets`)
      return { name, ...entry.data }
    })
}

/** The format allows neither gaps nor overlaps, and the data end with the file. */
function requireSeamless(entries: readonly Entry[], dataBytes: number, path: string): void {
  let end = 0
  for (const { name, data_offsets: offsets } of entries.toSorted((a, b) => a.data_offsets[0] - b.data_offsets[0])) {
    if (offsets[0] !== end || offsets[1] < offsets[0]) {
      throw unreadable(path, `${name} lies at bytes ${offsets[0]} to ${offsets[1]}, but should begin at ${end}`)
    }
    end = offsets[1]
  }
  if (end !== dataBytes) throw unreadable(path, `its tensors need ${end} bytes of data, but it has ${dataBytes}`)
}

/** Counters such as PyTorch's num_batches_tracked are whole numbers and no weights. */
function isFloat({ dtype }: Entry): boolean {
  return !/^(I|U)\d+$|^BOOL$/.test(dtype)
}

function requireReadable({ name, dtype, shape, data_offsets: [begin, end] }: Entry, path: string): NumberFormat {
  const format = formats[dtype]
  if (!format) throw unreadable(path, `${name} is of type ${dtype}; known are ${Object.keys(formats).join(', ')}`)
  const needed = elements(shape) * bytesPerNumber[format]
  if (needed === end - begin) return format
  throw unreadable(path, `${name} of shape ${shape.join('x')} needs ${needed} bytes, but has ${end - begin}`)
}

function readTensor(path: string, position: number, length: number): Buffer {
  const file = openSync(path, 'r')
  try {
    return readBytes(file, path, position, length)
  } finally {
    closeSync(file)
  }
}

function readEntries(path: string): { entries: Entry[]; dataStart: number } {
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    const length = headerLength(file, path, size)
    const dataStart = lengthBytes + length
    const entries = parseHeader(readBytes(file, path, lengthBytes, length).toString('utf8'), path)
    requireSeamless(entries, size - dataStart, path)
    return { entries, dataStart }
  } finally {
    closeSync(file)
  }
}

/**
 * Describes the weights of a safetensors file; values are read one tensor at a time. Nothing is allocated that the
 * size of the file does not vouch for.
 * @throws WorkbenchError `model-file-unreadable` saying what is wrong; the file system's own errors.
 */
export function readSafetensors(path: string): StoredWeights {
  const { entries, dataStart } = readEntries(path)
  const tensors = entries.filter(isFloat).map((entry): StoredTensor => {
    const format = requireReadable(entry, path)
    const [begin, end] = entry.data_offsets
    const read = (): Float32Array => toFloat32(readTensor(path, dataStart + begin, end - begin), format)
    return { name: entry.name, shape: entry.shape, read }
  })
  const naming = areOwnNames(tensors.map(({ name }) => name)) ? 'own' : 'pytorch'
  return { source: path, naming, tensors }
}
