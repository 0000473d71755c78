import { onTestFinished } from 'vitest'
import type { ArtifactHeader } from '../../src-core/domain/evaluation/artifact.ts'
import type { RunId } from '../../src-core/domain/ids.ts'
import type { Run } from '../../src-core/domain/run.ts'
import { RunService, type RunServiceListeners, type RunServiceOptions } from '../../src-core/runs/run-service.ts'
import type { Workspace } from '../../src-core/storage/workspace.ts'
import { fakeTrainers, type FakeTrainers } from './fake-trainer.ts'
import { openTestWorkspace, testSpec } from './workspaces.ts'

/** What a service told, in order. */
export interface Heard {
  readonly runs: Run[]
  readonly appended: { runId: RunId; steps: number[] }[]
  readonly rewound: { runId: RunId; toStep: number }[]
  readonly artifacts: { runId: RunId; artifact: ArtifactHeader }[]
  readonly notices: string[]
  readonly purged: RunId[]
  readonly stages: string[]
  /** States of a run as they were told, without repetitions. */
  states(runId: RunId): string[]
}

export interface TestService {
  readonly service: RunService
  readonly workspace: Workspace
  readonly trainers: FakeTrainers
  readonly heard: Heard
}

type Options = Partial<Omit<RunServiceOptions, 'listeners'>> & { trainers?: FakeTrainers }

/** A run service over fake trainers and a workspace of its own, closed when the test is over. */
export function testService({ trainers = fakeTrainers(), ...options }: Options = {}): TestService {
  const workspace = options.workspace ?? openTestWorkspace()
  const heard = listen()
  const service = new RunService({
    startTrainer: trainers.start,
    times: { commit: 5, stop: 5000, exit: 5000, retry: 20, close: 5000 },
    ...options,
    workspace,
    listeners: heard.listeners,
  })
  onTestFinished(() => service.close())
  return { service, workspace, trainers, heard: heard.heard }
}

function listen(): { heard: Heard; listeners: RunServiceListeners } {
  const heard: Heard = {
    runs: [],
    appended: [],
    rewound: [],
    artifacts: [],
    notices: [],
    purged: [],
    stages: [],
    states: (runId) => {
      const states = heard.runs.filter(({ id }) => id === runId).map(({ state }) => state)
      return states.filter((state, index) => state !== states[index - 1])
    },
  }
  const listeners: RunServiceListeners = {
    runChanged: (run) => void heard.runs.push(run),
    runPurged: (runId) => void heard.purged.push(runId),
    metricsAppended: (runId, records) => void heard.appended.push({ runId, steps: records.map(({ step }) => step) }),
    metricsRewound: (runId, toStep) => void heard.rewound.push({ runId, toStep }),
    artifactRecorded: (runId, artifact) => void heard.artifacts.push({ runId, artifact }),
    exportProgress: (_runId, stage) => void heard.stages.push(stage),
    notice: (level, message) => void heard.notices.push(`${level}: ${message}`),
  }
  return { heard, listeners }
}

/** Records a run and lets it start. */
export function startRun(service: RunService, name = 'a run'): Run {
  const run = service.create({ name, spec: testSpec(), start: true })
  service.startQueue()
  return run
}

/** Resolves as soon as `condition` holds; fails loudly when it does not within twenty seconds. */
export async function until(condition: () => boolean, what = 'the condition'): Promise<void> {
  for (const end = Date.now() + 20_000; !condition();) {
    if (Date.now() > end) throw new Error(`${what} did not come true`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
