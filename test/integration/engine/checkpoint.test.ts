import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { uniformGenerator } from '../../../src-core/domain/random.ts'
import type { NamedTensor } from '../../../src-core/engine/files/tensor-file.ts'
import { readCheckpoint, writeCheckpoint } from '../../../src-core/engine/checkpoints/checkpoint.ts'
import { testDirectory, tinySpec } from './small-runs.ts'

const progress = { step: 120, epoch: 1.5, activeTime: 1234.5, best: null, pendingRecord: null }

function namedTensor(name: string, values: number[]): NamedTensor {
  return { name, shape: [values.length], read: () => Float32Array.from(values) }
}

async function write(parent: string, weights = [namedTensor('a/kernel', [1, -0, 3.5]), namedTensor('b/bias', [4, 5])]) {
  const content = { spec: tinySpec(), progress, weights, velocities: [namedTensor('a/kernel', [0.25, 0.5, 1])] }
  const info = await writeCheckpoint(parent, content, 'pause')
  return { info, directory: join(parent, info.directory) }
}

describe('a checkpoint', () => {
  test('comes back as it was written', async () => {
    const { info, directory } = await write(testDirectory())
    expect(info).toMatchObject({ directory: 'step-000000120', step: 120, epoch: 1.5, reason: 'pause' })
    const { state, readWeights, readVelocities } = await readCheckpoint(directory)
    expect(state).toMatchObject({ spec: tinySpec(), progress })
    const values = (tensors: ReturnType<typeof readWeights>): unknown[] =>
      [...tensors].map(([name, tensor]) => [name, [...tensor.dataSync()]])
    expect(values(readWeights())).toEqual([
      ['a/kernel', [1, -0, 3.5]],
      ['b/bias', [4, 5]],
    ])
    expect(values(readVelocities())).toEqual([['a/kernel', [0.25, 0.5, 1]]])
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
