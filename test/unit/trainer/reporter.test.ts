import { expect, test } from 'vitest'
import { fromTrainerSchema, type FromTrainer } from '../../../src-core/contract/trainer-protocol.ts'
import type { Artifact } from '../../../src-core/domain/evaluation/artifact.ts'
import type { Port } from '../../../src-trainer/port.ts'
import { Reporter } from '../../../src-trainer/reporter.ts'

function recordingPort() {
  const sent: FromTrainer[] = []
  const port: Port<FromTrainer> = { send: (message) => void sent.push(message), onMessage() {}, flush: async () => {} }
  return { port, sent }
}

const record = (step: number) => ({ step, epoch: step / 7, wallTime: 0, activeTime: 0, metrics: { 'train/loss': 1 } })

test('an artifact leaves after all records up to its step, and later records after it', () => {
  const { port, sent } = recordingPort()
  const reporter = new Reporter(port)
  const artifact: Artifact = {
    kind: 'confusion',
    step: 3,
    part: 'test',
    confusion: { classes: 2, counts: [1, 0, 0, 1] },
  }
  for (const step of [1, 2, 3]) reporter.record(record(step))
  reporter.artifact(artifact)
  reporter.record(record(4))
  reporter.flush()
  const order = sent.flatMap((message): (number | string)[] => {
    fromTrainerSchema.parse(message)
    return message.type === 'records' ? message.records.map(({ step }) => step) : [message.type]
  })
  expect(order).toEqual([1, 2, 3, 'artifact', 4])
})
