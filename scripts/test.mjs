import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { countPlaywright, countVitest } from './lib/reports.mjs'
import { inProject, readJson, root, toolNode } from './lib/paths.mjs'
import { share } from './lib/process.mjs'

const reports = inProject('.ablate', 'reports')
const vitestReport = path.join(reports, 'vitest.json')
const playwrightReport = inProject('test-results', 'playwright.json')
const env = {
  ...process.env,
  PATH: [inProject('node_modules', '.bin'), process.env.PATH].join(path.delimiter),
  TF_CPP_MIN_LOG_LEVEL: process.env.TF_CPP_MIN_LOG_LEVEL ?? '2',
}

const script = (name, ...args) => ['npm', 'run', '--silent', name, ...(args.length > 0 ? ['--', ...args] : [])]
const single = (code) => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 })

/** In this order; all run, whatever the others say. */
const stages = [
  { title: 'Lint', command: script('lint'), count: single },
  { title: 'Format', command: script('format'), count: single },
  { title: 'Types', command: script('types'), count: single },
  {
    title: 'Unit, contract and integration tests',
    command: script('test:unit', '--reporter=default', '--reporter=json', `--outputFile.json=${vitestReport}`),
    count: (code) => countVitest(readJson(vitestReport), code),
  },
  { title: 'Build', command: script('build', '--logLevel', 'warn'), count: single },
  {
    title: 'End-to-end tests',
    command: [toolNode, inProject('scripts', 'e2e.mjs'), '--reporter=list,json'],
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: path.relative(root, playwrightReport) },
    count: (code) => countPlaywright(readJson(playwrightReport), code),
  },
]

let interrupted = false
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => (interrupted = true))

rmSync(reports, { recursive: true, force: true })
rmSync(playwrightReport, { force: true })
mkdirSync(reports, { recursive: true })

const total = { passed: 0, failed: 0 }
for (const stage of stages) {
  if (interrupted) break
  const start = Date.now()
  console.log(`\n=== ${stage.title}`)
  const [command, ...args] = stage.command
  const code = await share(command, args, { cwd: root, env: { ...env, ...stage.env }, forwardSignals: true })
  const { passed, failed } = stage.count(code)
  total.passed += passed
  total.failed += failed
  const seconds = ((Date.now() - start) / 1000).toFixed(1)
  console.log(`--- ${stage.title}: ${passed} passed, ${failed} failed (${seconds} s)`)
}

if (interrupted) {
  console.error('Interrupted before the end.')
  process.exit(130)
}
process.exitCode = total.failed > 0 ? 1 : 0
console.log(`\n${total.passed} passed, ${total.failed} failed`)
