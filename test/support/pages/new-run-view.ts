import type { Page } from '@playwright/test'

export interface RunForm {
  readonly name: string
  readonly recipe?: string
  readonly normalisation?: 'None' | 'LRN' | 'Batch normalisation' | 'Group normalisation'
  /** Text fields by their labels, such as `Epochs`. */
  readonly fields?: Readonly<Record<string, string>>
}

/** What the choices of a normalisation say, which have little room. */
const shortNames: Readonly<Record<string, string>> = {
  'Batch normalisation': 'Batch norm.',
  'Group normalisation': 'Group norm.',
}

/** The form of a new run. */
export class NewRunView {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  /** Shows the fields of all sections: one that is folded has none. */
  async unfold(): Promise<void> {
    const button = this.#page.getByRole('button', { name: 'Unfold all', exact: true })
    if (await button.isVisible()) await button.click()
  }

  async fill({ name, recipe, normalisation, fields = {} }: RunForm): Promise<void> {
    await this.unfold()
    if (recipe) await this.#page.getByLabel('Recipe', { exact: true }).selectOption({ label: recipe })
    if (normalisation) {
      const group = this.#page.getByRole('radiogroup', { name: 'Normalisation' })
      await group.getByRole('radio', { name: shortNames[normalisation] ?? normalisation, exact: true }).click()
    }
    for (const [label, text] of Object.entries({ ...fields, Name: name })) {
      const field = this.#page.getByLabel(label, { exact: true })
      await field.fill(text)
      await field.blur()
    }
  }

  /** Measures what the run will cost; resolves with what the window says of it. */
  async measure(): Promise<string> {
    const card = this.#page.getByRole('region', { name: 'Preflight' })
    await card.getByRole('button', { name: /^Measure/ }).click()
    await card.locator('p', { hasText: /^(It fits|Does not fit)/ }).waitFor({ timeout: 60_000 })
    return card.innerText()
  }

  async start(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Start', exact: true }).click()
  }

  async addPaused(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Add paused', exact: true }).click()
  }

  /** Starts all runs of a ready ablation, smaller than it is offered. */
  async startAblation(title: string, fields: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.#page.getByRole('radio', { name: 'Ablation', exact: true }).click()
    await this.#page.getByRole('radio', { name: title, exact: true }).click()
    for (const [label, text] of Object.entries(fields)) await this.#page.getByLabel(label, { exact: true }).fill(text)
    await this.#page.getByRole('button', { name: /^Start \d+ runs?$/ }).click()
  }
}
