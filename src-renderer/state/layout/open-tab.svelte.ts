import { recall, remember } from '../../lib/storage.ts'

/** Which tab of a view is open; this window remembers it. */
export class OpenTab {
  value = $state('')
  private readonly key: string

  constructor(key: string, first: string) {
    this.key = key
    this.value = recall<string>(key, first)
  }

  open(tab: string): void {
    this.value = tab
    remember(this.key, tab)
  }
}
