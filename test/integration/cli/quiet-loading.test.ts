import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { newFolder } from '../../support/cli.ts'

const cli = resolve(import.meta.dirname, '../../../src-cli')

/** Standard output, and what standard error left in a file. A pipe of Node's would be a socket, which cannot be reopened. */
function run(...commandArguments: string[]): { stdout: string; stderr: string } {
  const log = join(newFolder(), 'stderr.txt')
  const command = ['-c', '"$@" 2> "$0"', log, process.execPath, ...commandArguments]
  const stdout = execFileSync('sh', command, { encoding: 'utf8' })
  return { stdout, stderr: readFileSync(log, 'utf8') }
}

it('doctor loads TensorFlow without a word of TensorFlow', () => {
  const { stdout, stderr } = run(join(cli, 'index.ts'), 'doctor', '--json')
  expect(stderr).toBe('')
  expect(JSON.parse(stdout).tensorflow).toMatchObject({ ok: true, value: expect.stringContaining('on cpu') })
})

it('standard error is there again after loading, also when that failed', () => {
  const script = `
    import { writeSync } from 'node:fs'
    import { loadQuietly } from '${join(cli, 'quiet-loading.ts')}'
    writeSync(2, 'before ')
    const failure = await loadQuietly(async () => {
      writeSync(2, 'meanwhile ')
      throw new Error('not there')
    }).catch((error) => error)
    writeSync(2, 'after: ' + failure.message)`
  const { stderr } = run('--input-type=module', '--eval', script)
  expect(stderr).toBe('before after: not there')
})
