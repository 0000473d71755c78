import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { ForkOptions, UtilityProcess } from 'electron'
import type { TrainerExit } from '../../../src-core/contract/trainer-process.ts'
import { electronTrainers, trainerEnvironment } from '../../../src-main/runs/electron-trainer.ts'

class FakeUtilityProcess extends EventEmitter {
  pid: number | undefined = undefined
  readonly stderr = new PassThrough()
  readonly posted: unknown[] = []
  postMessage(message: unknown): void {
    this.posted.push(message)
  }
}

function start() {
  const child = new FakeUtilityProcess()
  let env: ForkOptions['env']
  const fork = (_entry: string, _parameters: string[], options: ForkOptions): UtilityProcess => {
    env = options.env
    return child as unknown as UtilityProcess
  }
  const trainer = electronTrainers(fork, 'trainer.js', '/out/batch-worker.js')({ threads: null })
  const exits: TrainerExit[] = []
  trainer.onExit((exit) => exits.push(exit))
  return { child, trainer, exits, env }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('the environment of a trainer', () => {
  const own = {
    PATH: '/bin',
    HOME: '/home/u',
    NODE_OPTIONS: '--require x',
    AWS_SECRET: 's',
    TF_ENABLE_ONEDNN_OPTS: '0',
  }

  it('says where the threads that make batches are bundled', () => {
    expect(start().env).toMatchObject({ ABLATE_BATCH_WORKER: '/out/batch-worker.js' })
  })

  it('passes what TensorFlow needs and nothing else', () => {
    expect(trainerEnvironment(own, 42, null)).toEqual({
      PATH: '/bin',
      HOME: '/home/u',
      TF_ENABLE_ONEDNN_OPTS: '0',
      TF_CPP_MIN_LOG_LEVEL: '2',
      ABLATE_OWNER_PID: '42',
    })
  })

  it('sets the threads that the settings ask for', () => {
    expect(trainerEnvironment({ TF_NUM_INTRAOP_THREADS: '9' }, 42, 2)).toMatchObject({
      TF_NUM_INTRAOP_THREADS: '2',
      TF_NUM_INTEROP_THREADS: '2',
    })
  })
})

describe('a trainer in a utility process', () => {
  it('reports its end once, in a later turn, with the last lines of its standard error', async () => {
    const { child, exits } = start()
    child.stderr.write('x'.repeat(5000))
    child.stderr.write('\nlast words\n')
    await nextTurn()
    child.emit('exit', 1)
    expect(exits).toEqual([])
    await nextTurn()
    expect(exits).toHaveLength(1)
    expect(exits[0]).toMatchObject({ code: 1, signal: null })
    expect(exits[0]!.stderr.endsWith('last words')).toBe(true)
    expect(exits[0]!.stderr.length).toBeLessThanOrEqual(4000)
  })

  it.each([
    [0, { code: 0, signal: null }],
    [1, { code: 1, signal: null }],
    [9, { code: null, signal: 'SIGKILL' }],
    [11, { code: null, signal: 'SIGSEGV' }],
    [200, { code: 200, signal: null }],
  ])('reads the status %i', async (status, expected) => {
    const { child, exits } = start()
    child.emit('exit', status)
    await nextTurn()
    expect(exits).toEqual([{ ...expected, stderr: '' }])
  })

  it('sends nothing to a process that has ended', async () => {
    const { child, trainer } = start()
    trainer.send({ type: 'pause' })
    child.emit('exit', 0)
    trainer.send({ type: 'stop' })
    expect(child.posted).toEqual([{ type: 'pause' }])
  })

  it('keeps a kill that came before the process was there', () => {
    const { child, trainer } = start()
    const killed: unknown[] = []
    const original = process.kill
    process.kill = ((pid: number, signal: string) => killed.push([pid, signal])) as never
    try {
      trainer.kill()
      expect(killed).toEqual([])
      child.pid = 4321
      child.emit('spawn')
      expect(killed).toEqual([[4321, 'SIGKILL']])
    } finally {
      process.kill = original
    }
  })
})
