import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { publishDirectory } from '../../../src-core/engine/files/durable-files.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

function folders(): { temporary: string; target: string } {
  const parent = temporaryDirectory()
  const [temporary, target] = [join(parent, 'temporary'), join(parent, 'target')]
  for (const folder of [temporary, target]) mkdirSync(folder)
  writeFileSync(join(temporary, 'ours'), '')
  return { temporary, target }
}

it('a finished directory takes the name of an empty one', async () => {
  const { temporary, target } = folders()
  await publishDirectory(temporary, target)
  expect(readdirSync(target)).toEqual(['ours'])
})

it('a finished directory never replaces files', async () => {
  const { temporary, target } = folders()
  writeFileSync(join(target, 'theirs'), '')
  await expect(publishDirectory(temporary, target)).rejects.toMatchObject({ code: 'ENOTEMPTY' })
  expect(readdirSync(target)).toEqual(['theirs'])
})
