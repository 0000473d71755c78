import type { Handlers } from '../../src-core/contract/procedures/index.ts'
import type { Settings } from '../../src-core/domain/settings.ts'

type SettingsHandlers = Pick<Handlers, Extract<keyof Handlers, `settings.${string}`>>

export interface SettingsStore {
  get(): Settings
  update(changes: Partial<Settings>): Settings
}

/** `onChange` makes a new setting take effect outside the window that set it. */
export function settingsHandlers(settings: SettingsStore, onChange: (settings: Settings) => void): SettingsHandlers {
  return {
    'settings.get': () => settings.get(),
    'settings.update': (changes) => {
      const updated = settings.update(changes)
      onChange(updated)
      return updated
    },
  }
}
