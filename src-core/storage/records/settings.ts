import { defaultSettings, settingsSchema, type Settings } from '../../domain/settings.ts'
import { transact, type ReadableDatabase, type WritableDatabase } from '../database.ts'

export interface SettingsReader {
  /** All settings; one that is missing, or that another build wrote in a way unknown here, has its default. */
  get(): Settings
}

export interface SettingsWriter extends SettingsReader {
  /** Changes some settings and answers all. */
  update(changes: Partial<Settings>): Settings
}

export function settingsReader(database: ReadableDatabase): SettingsReader {
  const select = database.prepare<[], { key: string; value: string }>('SELECT key, value FROM settings')
  return { get: () => select.all().reduce(withStored, defaultSettings) }
}

function withStored(settings: Settings, { key, value }: { key: string; value: string }): Settings {
  const parsed = settingsSchema.safeParse({ ...settings, [key]: JSON.parse(value) as unknown })
  return parsed.success ? parsed.data : settings
}

export function settingsWriter(database: WritableDatabase): SettingsWriter {
  const reader = settingsReader(database)
  const insert = database.prepare(
    'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  )
  const store = (changes: Partial<Settings>): void => {
    const known = settingsSchema.partial().parse(changes)
    for (const [key, value] of Object.entries(known)) {
      if (value !== undefined) insert.run(key, JSON.stringify(value))
    }
  }
  return {
    ...reader,
    update: (changes) => {
      transact(database, () => store(changes))
      return reader.get()
    },
  }
}
