import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { fromBfloat16, fromFloat16 } from '../../../src-core/engine/transfer/number-formats.ts'
import { readSafetensors } from '../../../src-core/engine/transfer/safetensors.ts'
import { sourceLayers } from '../../../src-core/engine/transfer/source-layers.ts'
import type { StoredTensor } from '../../../src-core/engine/transfer/stored-tensor.ts'
import { readTfjsModel } from '../../../src-core/engine/transfer/tfjs-model.ts'

const directory = mkdtempSync(join(tmpdir(), 'ablate-transfer-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe('number formats', () => {
  test.each([
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65504],
    [0x0001, 2 ** -24],
    [0x03ff, 1023 * 2 ** -24],
    [0x0400, 2 ** -14],
    [0x3555, 0.333251953125],
    [0x7c00, Infinity],
    [0xfc00, -Infinity],
    [0x7e00, NaN],
  ])('half precision %i is %d', (bits, value) => expect(fromFloat16(bits)).toBe(value))

  test.each([
    [0x3f80, 1],
    [0xc000, -2],
    [0x4049, 3.140625],
    [0x7f80, Infinity],
    [0x7fc0, NaN],
  ])('bfloat16 %i is %d', (bits, value) => expect(fromBfloat16(bits)).toBe(value))
})

function safetensors(header: unknown, dataBytes: number, length?: bigint): string {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const size = Buffer.alloc(8)
  size.writeBigUInt64LE(length ?? BigInt(text.length))
  const path = join(directory, 'file.safetensors')
  writeFileSync(path, Buffer.concat([size, text, Buffer.alloc(dataBytes, 1)]))
  return path
}

function entry(begin: number, end: number, shape = [(end - begin) / 4], dtype = 'F32') {
  return { dtype, shape, data_offsets: [begin, end] }
}

describe('readSafetensors', () => {
  test('reads values that are not aligned in the file', () => {
    const header = { 'a/kernel': entry(0, 4), __metadata__: { format: 'pt' } }
    const path = safetensors(`${JSON.stringify(header)} `, 4)
    const [tensor] = readSafetensors(path).tensors
    expect(tensor).toMatchObject({ name: 'a/kernel', shape: [1] })
    expect(tensor!.read()).toEqual(new Float32Array(Uint8Array.of(1, 1, 1, 1).buffer))
  })

  test.each<[string, () => string, RegExp]>([
    ['a header length beyond the file', () => safetensors({}, 0, 1000n), /claims 1000 bytes, but at most 2/],
    ['a header length beyond memory', () => safetensors({}, 0, 2n ** 64n - 1n), /claims 18446744073709551615 bytes/],
    ['a header that is no JSON', () => safetensors('{"a":', 0), /not JSON/],
    ['a header that is a list', () => safetensors([1], 0), /not a list of tensors by name/],
    ['an entry without offsets', () => safetensors({ a: { dtype: 'F32', shape: [1] } }, 4), /says of a not just/],
    ['offsets before the data', () => safetensors({ a: entry(-4, 0, [1]) }, 4), /says of a not just/],
    ['offsets beyond the data', () => safetensors({ a: entry(0, 400) }, 4), /need 400 bytes of data, but it has 4/],
    ['offsets that are no whole numbers', () => safetensors({ a: entry(0, 4.5, [1]) }, 4), /says of a not just/],
    ['an end before its beginning', () => safetensors({ a: entry(0, 8), b: entry(8, 4, [1]) }, 8), /b lies at bytes 8/],
    ['overlapping tensors', () => safetensors({ a: entry(0, 8), b: entry(4, 12) }, 12), /b lies at bytes 4 to 12/],
    ['a gap', () => safetensors({ a: entry(0, 4), b: entry(8, 12) }, 12), /b lies at bytes 8 to 12.*begin at 4/],
    ['a shape that promises more', () => safetensors({ a: entry(0, 4, [1e9, 1e9]) }, 4), /needs 4000000000000000000/],
    ['data that were cut off', () => safetensors({ a: entry(0, 8) }, 4), /need 8 bytes of data, but it has 4/],
    ['data that nobody names', () => safetensors({ a: entry(0, 4) }, 8), /need 4 bytes of data, but it has 8/],
    ['an unknown type', () => safetensors({ a: entry(0, 4, [1], 'F8_E4M3') }, 4), /F8_E4M3; known are F32, F16, BF16/],
  ])('refuses %s', (_, write, message) => {
    const path = write()
    expect(() => readSafetensors(path)).toThrow(message)
    expect(() => readSafetensors(path)).toThrow(expect.objectContaining({ code: 'model-file-unreadable' }))
  })

  test('refuses a file of less than eight bytes', () => {
    const path = join(directory, 'short.safetensors')
    writeFileSync(path, 'abc')
    expect(() => readSafetensors(path)).toThrow(/3 bytes are too few/)
  })

  test('says so when the file was cut off after its header was read', () => {
    const path = safetensors({ a: entry(0, 4) }, 4)
    const [tensor] = readSafetensors(path).tensors
    writeFileSync(path, 'abc')
    expect(() => tensor!.read()).toThrow(/while it was being read/)
  })

  test('passes over whole numbers such as counters', () => {
    const path = safetensors({ a: entry(0, 4), 'b.num_batches_tracked': entry(4, 12, [], 'I64') }, 12)
    expect(readSafetensors(path).tensors.map(({ name }) => name)).toEqual(['a'])
  })
})

const folder = join(directory, 'model')
mkdirSync(folder)
const modelPath = join(folder, 'model.json')

function tfjsModel(manifest: unknown, files: Record<string, Uint8Array> = {}, more: object = {}): string {
  writeFileSync(modelPath, JSON.stringify({ modelTopology: {}, weightsManifest: manifest, ...more }))
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes)
  return modelPath
}

const oneFloat = { name: 'dense/kernel', shape: [1], dtype: 'float32' }
const fourBytes = Uint8Array.of(0, 0, 128, 63)

describe('readTfjsModel', () => {
  test('joins shards and takes the number off the names', () => {
    const weights = [
      { ...oneFloat, name: 'conv1/kernel_3' },
      { ...oneFloat, name: 'conv1/bias_3' },
    ]
    const shards = { 'a.bin': fourBytes.slice(0, 3), 'b.bin': Uint8Array.of(63, 0, 0, 0, 64) }
    const { tensors, naming } = readTfjsModel(tfjsModel([{ paths: ['a.bin', 'b.bin'], weights }], shards))
    expect(naming).toBe('own')
    expect(tensors.map(({ name, read }) => [name, ...read()])).toEqual([
      ['conv1/kernel', 1],
      ['conv1/bias', 2],
    ])
  })

  const kernelOf = (layer: string) => ({ ...oneFloat, name: `${layer}/kernel` })
  const layers = ['input', 'conv2d_9', 'conv2d_10'].map((name) => ({ config: { name } }))

  // Keras' converter (h5_merged_saved_model_to_tfjs_format) lists the groups of an HDF5 file, which are sorted by name.
  test.each([
    ['TensorFlow.js', { config: { layers } }],
    ["Keras' converter", { keras_version: '2.15.0', model_config: { config: { layers } } }],
    ['early Keras', { model_config: { config: layers } }],
    ['TensorFlow.js, with a strange word beside it', { config: { layers }, model_config: null }],
  ])('orders weights by the layers of a topology of %s', (_, modelTopology) => {
    const weights = [kernelOf('conv2d_10'), kernelOf('conv2d_9'), kernelOf('elsewhere')]
    const files = { 'w.bin': new Uint8Array(12).fill(1) }
    const { tensors } = readTfjsModel(tfjsModel([{ paths: ['w.bin'], weights }], files, { modelTopology }))
    expect(tensors.map(({ name }) => name)).toEqual(['conv2d_9/kernel', 'conv2d_10/kernel', 'elsewhere/kernel'])
  })

  test.each([
    ['uint8', Uint8Array.of(0, 1, 255), [-1, -0.5, 126.5]],
    ['uint16', Uint8Array.of(0, 0, 1, 0, 0, 1), [-1, -0.5, 127]],
    ['float16', Uint8Array.of(0, 0x3c, 0, 0xc0, 0, 0), [1, -2, 0]],
  ])('reads weights quantised to %s', (dtype, bytes, expected) => {
    const quantization = dtype === 'float16' ? { dtype } : { dtype, scale: 0.5, min: -1, original_dtype: 'float32' }
    const weights = [{ ...oneFloat, shape: [3], quantization }]
    const { tensors } = readTfjsModel(tfjsModel([{ paths: ['q.bin'], weights }], { 'q.bin': bytes }))
    expect([...tensors[0]!.read()]).toEqual(expected)
  })

  const shard = (path: string): string => tfjsModel([{ paths: [path], weights: [oneFloat] }], { 'w.bin': fourBytes })

  test.each<[string, () => string, RegExp]>([
    ['a path upwards', () => shard('../file.safetensors'), /outside its folder \(\.\.\/file\.safetensors\)/],
    ['a path that goes up later', () => shard('a/../../x.bin'), /outside its folder/],
    ['an absolute path', () => shard('/etc/hostname'), /outside its folder/],
    ['the folder itself', () => shard('.'), /outside its folder/],
    ['a shard that is missing', () => shard('gone.bin'), /there is no gone\.bin beside it/],
    [
      'shards that are too short',
      () => tfjsModel([{ paths: ['w.bin'], weights: [{ ...oneFloat, shape: [2] }] }], { 'w.bin': fourBytes }),
      /need 8 bytes, but the files beside it have 4/,
    ],
    [
      'a shape that promises more than there is',
      () => tfjsModel([{ paths: ['w.bin'], weights: [{ ...oneFloat, shape: [1e9, 1e9] }] }], { 'w.bin': fourBytes }),
      /need 4000000000000000000 bytes/,
    ],
    ['a graph model', () => tfjsModel([], {}, { format: 'graph-model' }), /graph model/],
    ['no manifest', () => tfjsModel('none'), /no weightsManifest/],
    [
      'whole numbers',
      () => tfjsModel([{ paths: ['w.bin'], weights: [{ ...oneFloat, dtype: 'int32' }] }], { 'w.bin': fourBytes }),
      /dense\/kernel is of type int32/,
    ],
    [
      'a quantised weight without its scale',
      () =>
        tfjsModel([{ paths: ['w.bin'], weights: [{ ...oneFloat, shape: [4], quantization: { dtype: 'uint8' } }] }], {
          'w.bin': fourBytes,
        }),
      /lacks scale or min/,
    ],
  ])('refuses %s', (_, write, message) => {
    const path = write()
    const readAll = (): Float32Array[] => readTfjsModel(path).tensors.map(({ read }) => read())
    expect(readAll).toThrow(message)
    expect(readAll).toThrow(expect.objectContaining({ code: 'model-file-unreadable' }))
  })

  test('refuses a link that leads out of the folder', () => {
    symlinkSync('/etc/hostname', join(folder, 'link.bin'))
    expect(() => readTfjsModel(shard('link.bin'))).toThrow(/outside its folder/)
  })

  test.skipIf(process.platform === 'win32')('refuses a pipe, which would never end', () => {
    execFileSync('mkfifo', [join(folder, 'pipe.bin')])
    const weights = [{ ...oneFloat, shape: [0] }]
    expect(() => readTfjsModel(tfjsModel([{ paths: ['pipe.bin'], weights }]))).toThrow(/pipe\.bin beside it is no file/)
  })

  test('refuses what is no JSON', () => {
    writeFileSync(modelPath, 'not json')
    expect(() => readTfjsModel(modelPath)).toThrow(/it is not JSON/)
  })
})

describe('sourceLayers', () => {
  const stored = (name: string, ...shape: number[]): StoredTensor => ({ name, shape, read: () => new Float32Array(0) })
  const namesOf = (...tensors: StoredTensor[]): string[] =>
    sourceLayers({ source: 'x', naming: 'pytorch', tensors }, [1, 1, 1]).map(({ name }) => name)

  test.each(['', 'module.'])('orders PyTorch layers by their numbers, the classifier last (%j in front)', (front) => {
    const names = namesOf(
      stored(`${front}classifier.1.weight`, 2, 2),
      stored(`${front}classifier.2.weight`, 2),
      stored(`${front}features.0.weight`, 2, 2, 1, 1),
      stored(`${front}features.10.weight`, 2, 2, 1, 1),
      stored(`${front}features.3.weight`, 2, 2, 1, 1),
      stored(`${front}features.4.weight`, 2),
    )
    const order = ['features.0', 'features.3', 'features.4', 'features.10', 'classifier.1', 'classifier.2']
    expect(names).toEqual(order.map((name) => front + name))
  })

  test('refuses tensors that belong to no known layer', () => {
    expect(() => namesOf(stored('rnn.weight', 2, 2, 2))).toThrow(/rnn\.weight belong to no convolution/)
  })

  test('refuses a name that stands twice', () => {
    expect(() => namesOf(stored('a.weight', 2, 2), stored('a.weight', 2, 2))).toThrow(/holds a\.weight twice/)
  })
})
