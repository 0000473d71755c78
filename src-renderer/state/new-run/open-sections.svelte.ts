import { recall, remember } from '../../lib/storage.ts'
import { sectionIds, type SectionId } from '../../lib/spec/sections.ts'

const firstOpen = 'data,normalization,optimizer,schedule'

/** Which sections of New run are unfolded, kept from one start to the next. */
export class OpenSections {
  private ids = $state.raw<readonly string[]>(recall('openSections', firstOpen).split(','))

  has(id: SectionId): boolean {
    return this.ids.includes(id)
  }

  get all(): boolean {
    return sectionIds.every((id) => this.has(id))
  }

  toggle(id: SectionId): void {
    this.keep(this.has(id) ? this.ids.filter((other) => other !== id) : [...this.ids, id])
  }

  open(id: SectionId): void {
    if (!this.has(id)) this.toggle(id)
  }

  toggleAll(): void {
    this.keep(this.all ? [] : sectionIds)
  }

  private keep(ids: readonly string[]): void {
    this.ids = ids
    remember('openSections', ids.join(','))
  }
}
