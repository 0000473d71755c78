import type { Locator, Page } from '@playwright/test'
import { NewRunView } from './new-run-view.ts'
import { RunsView } from './runs-view.ts'

export type ViewName = 'Runs' | 'Compare' | 'Models and exports' | 'Settings'

/** The window as a person sees it. */
export class WorkbenchPage {
  readonly page: Page
  readonly runs: RunsView
  readonly newRun: NewRunView

  constructor(page: Page) {
    this.page = page
    this.runs = new RunsView(page)
    this.newRun = new NewRunView(page)
  }

  async goTo(view: ViewName): Promise<void> {
    await this.page.getByRole('link', { name: view, exact: true }).click()
  }

  async openNewRun(): Promise<void> {
    await this.page.getByRole('button', { name: 'New run', exact: true }).first().click()
  }

  /** Compares the runs that are selected in the table. */
  async compareSelected(): Promise<void> {
    await this.page
      .getByRole('toolbar', { name: 'Selected runs' })
      .getByRole('button', { name: /^Compare/ })
      .click()
  }

  heading(name: string): Locator {
    return this.page.getByRole('heading', { name, exact: true })
  }

  button(name: string): Locator {
    return this.page.getByRole('main').getByRole('button', { name, exact: true })
  }

  /** How many points a chart has drawn; 0 before the first. */
  async pointsOf(chart: string): Promise<number> {
    const figure = this.page.getByRole('figure', { name: chart, exact: true })
    return Number(await figure.locator('canvas').getAttribute('data-points', { timeout: 10_000 }))
  }
}
