import { FakeWorkbench } from './fake-workbench.ts'
import { sampleRuns } from './sample-runs.ts'

/** Puts the fake where the preload would put its transport. `?empty` starts like a first launch, `?still` trains nothing. */
const { search } = (globalThis as unknown as { location: { search: string } }).location
const parameters = new URLSearchParams(search)
const fake = new FakeWorkbench(parameters.has('empty') ? [] : sampleRuns(Number(parameters.get('runs') ?? 0)))
if (!parameters.has('still')) fake.train()

Object.assign(globalThis, { ablate: fake.transport, fake })
