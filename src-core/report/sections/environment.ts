import type { Environment } from '../../domain/environment.ts'
import { cell, paragraph, table, type Part } from '../report-document.ts'
import type { ReportContent } from '../report-content.ts'

const facts: readonly { readonly title: string; readonly of: (environment: Environment) => string }[] = [
  { title: 'Ablate', of: ({ ablate }) => ablate },
  { title: 'TensorFlow', of: ({ tensorflow, tfjs }) => `${tensorflow} (TensorFlow.js ${tfjs})` },
  { title: 'Runtime', of: ({ runtime }) => runtime },
  {
    title: 'Device',
    of: ({ device, deviceName }) =>
      device.toUpperCase() === deviceName ? deviceName : `${device.toUpperCase()}, ${deviceName}`,
  },
  { title: 'Processor', of: ({ cpu }) => cpu },
  { title: 'Threads', of: ({ threads }) => String(threads) },
  { title: 'Convolutions', of: ({ kernels }) => kernels ?? '-' },
  { title: 'System', of: ({ platform }) => platform },
  { title: 'Memory, MiB', of: ({ totalMemoryMib }) => totalMemoryMib.toLocaleString('en-US') },
]

/** The runs of each environment that differs, in the order in which they come. */
function byEnvironment({ runs }: ReportContent): { readonly environment: Environment; readonly names: string[] }[] {
  const groups = new Map<string, { environment: Environment; names: string[] }>()
  for (const { environment, name } of runs) {
    if (!environment) continue
    const key = JSON.stringify(environment)
    const group = groups.get(key) ?? { environment, names: [] }
    group.names.push(name)
    groups.set(key, group)
  }
  return [...groups.values()]
}

/** On what the runs were trained. Only what differs is told run by run. */
export function environmentSection(content: ReportContent): Part[] {
  const groups = byEnvironment(content)
  const record = paragraph(`Version of the record: ${content.schemaVersion}.`)
  if (groups.length === 0) return [paragraph('None of the runs has been started.'), record]
  const parts = groups.flatMap(({ environment, names }): Part[] => {
    const rows = facts.map(({ title, of }) => [cell(title), cell(of(environment))])
    const heading: Part[] = groups.length === 1 ? [] : [{ kind: 'heading', text: names.join(', ') }]
    return [...heading, table('Environment', [cell('What'), cell('Value')], rows)]
  })
  const mixed =
    groups.length > 1
      ? [
          paragraph(
            'The runs were trained in different environments: times do not compare, and the last digits may differ.',
          ),
        ]
      : []
  return [...mixed, ...parts, record]
}
