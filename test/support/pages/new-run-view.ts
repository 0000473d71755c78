import type { Page } from '@playwright/test'

export interface RunForm {
  readonly name: string
  readonly recipe?: string
  readonly normalisation?: 'None' | 'LRN' | 'Batch normalisation'
  /** Text fields by their labels, such as `Epochs`. */
  readonly fields?: Readonly<Record<string, string>>
}

/** The form of a new run. */
export class NewRunView {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  async fill({ name, recipe, normalisation, fields = {} }: RunForm): Promise<void> {
    if (recipe) await this.#page.getByLabel('Recipe', { exact: true }).selectOption({ label: recipe })
    if (normalisation) {
      const group = this.#page.getByRole('radiogroup', { name: 'Normalisation' })
      await group.getByRole('radio', { name: normalisation, exact: true }).click()
    }
    for (const [label, text] of Object.entries({ ...fields, Name: name })) {
      const field = this.#page.getByLabel(label, { exact: true })
      await field.fill(text)
      await field.blur()
    }
  }

  async start(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Start', exact: true }).click()
  }

  async addPaused(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Add paused', exact: true }).click()
  }
}
