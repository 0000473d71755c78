import { expect, it } from 'vitest'
import { createCommands, commandFor } from '../../../src-renderer/state/commands.svelte.ts'
import type { Workbench } from '../../../src-renderer/state/workbench.svelte.ts'

// The commands are only listed here, never run.
const commands = createCommands({} as Workbench)
const bound = commands.flatMap(({ id, keys, alsoKeys }) =>
  [keys, alsoKeys].flatMap((one) => (one ? [[one, id] as const] : [])),
)

function pressed(keys: string): KeyboardEvent {
  const parts = keys.split('+')
  const held = (name: string): boolean => parts.slice(0, -1).includes(name)
  return {
    key: parts.at(-1)!,
    ctrlKey: held('Ctrl'),
    metaKey: false,
    shiftKey: held('Shift'),
    altKey: held('Alt'),
  } as KeyboardEvent
}

it('no key is bound twice', () => {
  const keys = bound.map(([one]) => one.toLowerCase())
  expect(keys).toEqual([...new Set(keys)])
  expect(keys.length).toBeGreaterThan(5)
})

it.each(bound)('%s, as it is shown, calls %s', (keys, id) => {
  expect(commandFor(commands, pressed(keys))?.id).toBe(id)
})
