import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { setAsideGeneration } from '../../../src-core/runs/checkpoints/checkpoint-files.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

const name = 'step-000000005'

function writeGeneration(parent: string, content: string): void {
  mkdirSync(join(parent, name))
  writeFileSync(join(parent, name, 'weights.bin'), content)
}

it('setting a checkpoint aside again changes nothing', () => {
  const parent = temporaryDirectory()
  writeGeneration(parent, 'first')
  const path = setAsideGeneration(parent, name)
  expect(setAsideGeneration(parent, name)).toBe(path)
  expect(readFileSync(join(path, 'weights.bin'), 'utf8')).toBe('first')
})

it('a second damaged checkpoint of the same step takes another name', () => {
  const parent = temporaryDirectory()
  const paths = ['first', 'second'].map((content) => {
    writeGeneration(parent, content)
    return setAsideGeneration(parent, name)
  })
  expect(paths.map((path) => readFileSync(join(path, 'weights.bin'), 'utf8'))).toEqual(['first', 'second'])
  expect(readdirSync(parent).sort()).toEqual([`${name}.damaged`, `${name}.damaged-2`])
})
