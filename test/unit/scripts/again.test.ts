import { spawn, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { takeLock } from '../../../scripts/lib/lock.mjs'

interface Context {
  readonly setup: Record<string, unknown>
  readonly stamps: Record<string, string>
  stamp(step: string, fingerprint: string): void
  record(facts: object): void
  scratch(name: string): string
  clearScratch(): void
}

interface Step {
  isReady(context: Context): boolean
  run(context: Context): Promise<void>
}

let project: string

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'ablate-setup-'))
  cpSync(resolve(import.meta.dirname, '../../../scripts'), join(project, 'scripts'), { recursive: true })
})

afterEach(() => rmSync(project, { recursive: true, force: true }))

/** The modules of the copied project: where they lie decides what they work on. */
const load = (name: string): Promise<Record<string, unknown>> =>
  import(/* @vite-ignore */ pathToFileURL(join(project, 'scripts', name)).href)

async function newContext(): Promise<Context> {
  const { Context } = (await load('setup/context.mjs')) as { Context: new (args: string[]) => Context }
  return new Context([])
}

describe('a second set-up', () => {
  it('knows what the first one did', async () => {
    const first = await newContext()
    first.stamp('step', 'print of its inputs')
    first.record({ node: 'here' })
    first.record({ tensorflow: { variant: 'cpu' } })
    const second = await newContext()
    expect(second.stamps).toEqual({ step: 'print of its inputs' })
    expect(second.setup).toEqual({ node: 'here', tensorflow: { variant: 'cpu' } })
    expect(JSON.parse(readFileSync(join(project, '.ablate/setup.json'), 'utf8'))).toEqual(second.setup)
  })

  it('starts anew after a damaged record', async () => {
    mkdirSync(join(project, '.ablate'))
    writeFileSync(join(project, '.ablate/stamps.json'), '{ "step": "pri')
    expect((await newContext()).stamps).toEqual({})
  })

  it('removes what an interrupted one left', async () => {
    writeFileSync(join((await newContext()).scratch('half'), 'file'), 'half of it')
    const second = await newContext()
    second.clearScratch()
    expect(readdirSync(join(project, '.ablate'))).toEqual([])
  })

  it('finds a step done until its result is gone', async () => {
    const { command } = (await load('setup/command.mjs')) as { command: Step }
    const context = await newContext()
    expect(command.isReady(context)).toBe(false)
    await command.run(context)
    expect(command.isReady(context)).toBe(true)
    rmSync(join(project, 'node_modules'), { recursive: true })
    expect(command.isReady(context)).toBe(false)
  })

  it('does not trust packages whose installation was interrupted', async () => {
    const { npmPackages } = (await load('setup/npm-packages.mjs')) as { npmPackages: Step }
    const packages = { packages: { 'node_modules/a': { version: '1.0.0' } } }
    mkdirSync(join(project, 'node_modules'))
    mkdirSync(join(project, '.ablate'))
    for (const file of ['package-lock.json', 'node_modules/.package-lock.json'])
      writeFileSync(join(project, file), JSON.stringify(packages))
    expect(npmPackages.isReady(await newContext())).toBe(true)
    writeFileSync(join(project, '.ablate/npm-unfinished'), '')
    expect(npmPackages.isReady(await newContext())).toBe(false)
  })
})

describe('the lock', () => {
  it('lets the next one in when it is given back', async () => {
    const file = join(project, 'deep', 'lock')
    const release = await takeLock(file)
    let waitedFor = 0
    const second = takeLock(file, (owner) => (waitedFor = owner))
    await expect.poll(() => waitedFor).toBe(process.pid)
    release()
    ;(await second)()
    expect(existsSync(file)).toBe(false)
  })

  it('is taken over from a process that is gone', async () => {
    const file = join(project, 'lock')
    const gone = spawnSync(process.execPath, ['--version']).pid
    writeFileSync(file, `${gone} 12345`)
    const release = await takeLock(file, () => expect.unreachable('it waited for a process that is gone'))
    release()
    expect(readdirSync(project)).toEqual(['scripts'])
  })
})

describe('the command', () => {
  const launcher = (): string => join(project, 'scripts', 'ablate.mjs')
  const run = (command: string, args: string[]) => spawnSync(command, args, { encoding: 'utf8' })

  function install(source: string): void {
    mkdirSync(join(project, 'node_modules/.bin'), { recursive: true })
    mkdirSync(join(project, 'src-cli'))
    symlinkSync(process.execPath, join(project, 'node_modules/.bin/node'))
    writeFileSync(join(project, 'package.json'), '{ "type": "module" }')
    writeFileSync(join(project, 'src-cli/index.ts'), source)
  }

  it('says what to type where nothing is set up', () => {
    for (const { status, stderr } of [run(launcher(), []), run(process.execPath, [launcher()])]) {
      expect(stderr).toBe(`Ablate is not set up: type npm run setup in ${project}.\n`)
      expect(status).toBe(1)
    }
  })

  it('passes arguments and the exit status on', () => {
    install('const words: string[] = process.argv.slice(2); console.log(JSON.stringify(words)); process.exitCode = 3')
    for (const [command, ...first] of [[launcher()], [process.execPath, launcher()]] as const) {
      const { status, stdout, stderr } = run(command, [...first, 'train', 'a "b" $c', '--set', 'x=*'])
      expect({ status, stdout, stderr }).toEqual({
        status: 3,
        stdout: '["train","a \\"b\\" $c","--set","x=*"]\n',
        stderr: '',
      })
    }
  })

  it('is told once to stop, however many pass it on', async () => {
    install(`let n = 0; process.on('SIGINT', () => { n++; setTimeout(() => { console.log(n); process.exit() }, 300) })
             console.log('ready'); setInterval(() => {}, 1000)`)
    const child = spawn(launcher(), { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      if (output === '') for (let i = 0; i < 3; i++) setTimeout(() => child.kill('SIGINT'), 50 * i)
      output += chunk
    })
    await new Promise((resolve) => child.on('close', resolve))
    expect(output).toBe('ready\n1\n')
  })
})
