import type { Client } from '../../src-core/contract/client.ts'
import { defaultSettings, type Settings } from '../../src-core/domain/settings.ts'
import type { Theme } from '../lib/charts/run-colors.ts'
import type { Notices } from './notices.svelte.ts'

/** Sliders send many changes; only the last of a burst is recorded. */
const saveDelay = 250

/** The settings that the workspace keeps, changed here at once and recorded shortly after. */
export class Preferences {
  settings = $state.raw<Settings>(defaultSettings)
  systemTheme = $state<Theme>('light')
  readonly theme: Theme = $derived(this.settings.theme === 'system' ? this.systemTheme : this.settings.theme)
  private readonly client: Client
  private readonly notices: Notices
  private unsaved: Partial<Settings> = {}
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(client: Client, notices: Notices) {
    this.client = client
    this.notices = notices
    client.on('settings.changed', ({ settings }) => (this.settings = { ...settings, ...this.unsaved }))
  }

  async load(): Promise<void> {
    this.settings = (await this.notices.attempt(this.client.call('settings.get'))) ?? this.settings
  }

  update(change: Partial<Settings>): void {
    this.settings = { ...this.settings, ...change }
    this.unsaved = { ...this.unsaved, ...change }
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.save(), saveDelay)
  }

  private async save(): Promise<void> {
    const change = this.unsaved
    this.unsaved = {}
    await this.notices.attempt(this.client.call('settings.update', change))
  }

  /** Follows the system's light or dark mode; the returned function ends it. */
  followSystem(query: MediaQueryList): () => void {
    const follow = (): void => void (this.systemTheme = query.matches ? 'dark' : 'light')
    follow()
    query.addEventListener('change', follow)
    return () => query.removeEventListener('change', follow)
  }
}
