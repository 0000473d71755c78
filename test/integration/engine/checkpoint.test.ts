import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { uniformGenerator } from '../../../src-core/domain/random.ts'
import type { NamedTensor } from '../../../src-core/engine/files/tensor-file.ts'
import type { Tensor } from '../../../src-core/engine/backend.ts'
import { storedRunSpecSchema } from '../../../src-core/domain/spec/run-spec.ts'
import { readCheckpoint, writeCheckpoint, type Checkpoint } from '../../../src-core/engine/checkpoints/checkpoint.ts'
import { requestAfter, testDirectory, tinySpec, trainRecorded } from './small-runs.ts'

const progress = { step: 120, epoch: 1.5, activeTime: 1234.5, best: null, pendingRecord: null, history: [] }

function namedTensor(name: string, values: number[]): NamedTensor {
  return { name, shape: [values.length], read: () => Float32Array.from(values) }
}

async function write(parent: string, weights = [namedTensor('a/kernel', [1, -0, 3.5]), namedTensor('b/bias', [4, 5])]) {
  const content = { spec: tinySpec(), progress, weights, slots: [namedTensor('a/kernel/velocity', [0.25, 0.5, 1])] }
  const info = await writeCheckpoint(parent, content, 'pause')
  return { info, directory: join(parent, info.directory) }
}

describe('a checkpoint', () => {
  test('comes back as it was written', async () => {
    const { info, directory } = await write(testDirectory())
    expect(info).toMatchObject({ directory: 'step-000000120', step: 120, epoch: 1.5, reason: 'pause' })
    const { state, readWeights, readSlots } = await readCheckpoint(directory)
    expect(state).toMatchObject({ spec: tinySpec(), progress })
    const values = (tensors: ReturnType<typeof readWeights>): unknown[] =>
      [...tensors].map(([name, tensor]) => [name, [...tensor.dataSync()]])
    expect(values(readWeights())).toEqual([
      ['a/kernel', [1, -0, 3.5]],
      ['b/bias', [4, 5]],
    ])
    expect(values(readSlots())).toEqual([['a/kernel/velocity', [0.25, 0.5, 1]]])
    const sizes = readdirSync(directory).map((file) => readFileSync(join(directory, file)).length)
    expect(sizes.reduce((sum, size) => sum + size)).toBe(info.bytes)
  })

  test('is refused after any flipped byte', async () => {
    const { directory } = await write(testDirectory())
    const random = uniformGenerator(7)
    for (const file of readdirSync(directory)) {
      const path = join(directory, file)
      const original = readFileSync(path)
      for (let i = 0; i < 40; i++) {
        const changed = Buffer.from(original)
        const place = Math.floor(random() * changed.length)
        changed[place]! ^= 1 << Math.floor(random() * 8)
        writeFileSync(path, changed)
        // A flip in the manifest may hit white space, which means the same.
        const read = readCheckpoint(directory)
        if (file !== 'manifest.json') await expect(read, `${file} byte ${place}`).rejects.toMatchObject(damaged)
        else await read.catch((error) => expect(error).toMatchObject(damaged))
      }
      writeFileSync(path, original)
    }
    await readCheckpoint(directory)
  })

  const damaged = { code: 'checkpoint-damaged' }

  test.each(['weights.bin', 'optimizer.bin', 'state.json', 'manifest.json'])(
    'is refused without all of %s',
    async (file) => {
      const { directory } = await write(testDirectory())
      truncateSync(join(directory, file), 7)
      await expect(readCheckpoint(directory)).rejects.toMatchObject(damaged)
      rmSync(join(directory, file))
      await expect(readCheckpoint(directory)).rejects.toMatchObject(damaged)
    },
  )

  test('that is not there is missing, not damaged', async () => {
    await expect(readCheckpoint(join(testDirectory(), 'step-000000001'))).rejects.toMatchObject({
      code: 'checkpoint-missing',
    })
  })

  test('that finds no room says so and leaves nothing behind', async () => {
    const parent = testDirectory()
    const full: NamedTensor = {
      name: 'a/kernel',
      shape: [1],
      read: () => {
        throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
      },
    }
    await expect(write(parent, [full])).rejects.toMatchObject({ code: 'disk-full' })
    expect(readdirSync(parent)).toEqual([])
  })
})

describe('a checkpoint of version 1', () => {
  /** The files of a checkpoint as version 1 wrote them: velocities under the names of their weights, no history. */
  function writeVersion1(directory: string, spec: unknown, checkpoint: Checkpoint): void {
    mkdirSync(directory)
    const velocity = /\/velocity$/
    const { weights, slots } = checkpoint.state
    const { history, ...progress } = checkpoint.state.progress
    expect(history.length).toBeGreaterThan(0)
    const velocities = slots.map((entry) => ({ ...entry, name: entry.name.replace(velocity, '') }))
    const bytes = (tensors: Map<string, Tensor>): Buffer =>
      Buffer.concat([...tensors.values()].map((tensor) => Buffer.from(tensor.dataSync<'float32'>().slice().buffer)))
    const files = {
      'weights.bin': bytes(checkpoint.readWeights()),
      'optimizer.bin': bytes(checkpoint.readSlots()),
      'state.json': Buffer.from(JSON.stringify({ version: 1, spec, progress, weights, velocities })),
    }
    const listed = Object.entries(files).map(([name, content]) => {
      writeFileSync(join(directory, name), content)
      return { name, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') }
    })
    const manifest = { format: 'ablate-checkpoint', version: 1, files: listed }
    writeFileSync(join(directory, 'manifest.json'), JSON.stringify(manifest))
  }

  function version1Spec(): { model: { widthMultiplier: number }; data: object; training: object } {
    const file = new URL('../../fixtures/specs-version-1.json', import.meta.url)
    const spec = JSON.parse(readFileSync(file, 'utf8'))['alexnet-small']
    spec.model.widthMultiplier = 0.06
    Object.assign(spec.data, { trainImages: 64, testImages: 16, validationFraction: 0.125 })
    Object.assign(spec.training, { epochs: 2, batchSize: 8, seed: 11 })
    return spec
  }

  test('is read as one of the present version, and its run goes on to the very bit', async () => {
    const spec = storedRunSpecSchema.parse(version1Spec())
    const straight = await trainRecorded(spec, { directory: testDirectory() })
    const directory = testDirectory()
    await trainRecorded(spec, { directory, ...requestAfter(9) })
    const resumeFrom = join(directory, 'of-version-1')
    writeVersion1(resumeFrom, version1Spec(), await readCheckpoint(join(directory, 'step-000000009')))
    const { state } = await readCheckpoint(resumeFrom)
    expect(state).toMatchObject({ version: 2, spec, progress: { step: 9, history: [] } })
    expect(state.slots.every(({ name }) => name.endsWith('/velocity'))).toBe(true)
    const resumed = await trainRecorded(spec, { directory, resumeFrom })
    expect(resumed.started.best).toMatchObject({ metric: 'validation/accuracy', step: 7 })
    expect(resumed.result).toMatchObject({ outcome: 'finished', weightsSha256: straight.result.weightsSha256 })
  })
})
