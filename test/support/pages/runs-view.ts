import { expect, type Locator, type Page } from '@playwright/test'

/** Training takes its time on two busy cores; this is how long a state may be waited for. */
const patience = 90_000

/** The table of runs. */
export class RunsView {
  readonly #page: Page
  readonly table: Locator

  constructor(page: Page) {
    this.#page = page
    this.table = page.getByRole('treegrid', { name: 'Runs' })
  }

  row(name: string): Locator {
    return this.table.getByRole('row').filter({ has: this.#page.getByText(name, { exact: true }) })
  }

  async expectState(name: string, state: string): Promise<void> {
    // A queued run's state is followed by its place.
    const word = new RegExp(`^\\s*${state}\\s*(#.*\\d)?\\s*$`)
    await expect(this.row(name).getByText(word)).toBeVisible({ timeout: patience })
  }

  async current(name: string): Promise<void> {
    await this.row(name).click()
  }

  async select(...names: string[]): Promise<void> {
    for (const name of names) await this.row(name).getByRole('checkbox').check()
  }

  async open(name: string): Promise<void> {
    await this.row(name).getByText(name, { exact: true }).dblclick()
    await expect(this.#page.getByRole('heading', { name, exact: true })).toBeVisible()
  }

  /** Chooses from the menu of a row, as a right click opens it. */
  async choose(name: string, item: string): Promise<void> {
    await this.row(name).click({ button: 'right' })
    await this.#page.getByRole('menuitem', { name: item }).click()
  }

  /** Names from top to bottom. */
  names(): Promise<string[]> {
    return this.table.getByRole('rowheader').locator('.name').allTextContents()
  }
}
