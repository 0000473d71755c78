import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { newFolder } from '../../support/cli.ts'

const cli = resolve(import.meta.dirname, '../../../src-cli')

it('doctor loads TensorFlow without a word of TensorFlow', () => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(cli, 'index.ts'), 'doctor', '--json'], {
    encoding: 'utf8',
  })
  expect([status, stderr]).toEqual([0, ''])
  expect(JSON.parse(stdout).tensorflow).toMatchObject({ ok: true, value: expect.stringContaining('on cpu') })
})

it('standard error is there again after loading, also when that failed', () => {
  const log = join(newFolder(), 'stderr.txt')
  const script = `
    import { writeSync } from 'node:fs'
    import { loadQuietly } from '${join(cli, 'quiet-loading.ts')}'
    writeSync(2, 'before ')
    const failure = await loadQuietly(async () => {
      writeSync(2, 'meanwhile ')
      throw new Error('not there')
    }).catch((error) => error)
    writeSync(2, 'after: ' + failure.message)`
  const command = '"$0" --input-type=module --eval "$1" 2> "$2"'
  execFileSync('sh', ['-c', command, process.execPath, script, log])
  expect(readFileSync(log, 'utf8')).toBe('before after: not there')
})
