import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setSize } from '../../support/appearance.ts'
import { expect, projectRoot, test } from '../../support/electron-app.ts'
import { fillWorkspaceOfViews, visitEveryView } from '../../support/every-view.ts'
import { faultsOfLongerLabels } from '../../support/longer-labels.ts'

/** Pictures only for who wants to look at them. */
const isLooking = Boolean(process.env['ABLATE_LOOK'])
const pictures = join(projectRoot, 'test-results/screenshots')

test('labels that are 1.4 times as long fit into every view', async ({ folders, launch }) => {
  test.setTimeout(300_000)
  fillWorkspaceOfViews(folders.workspace)
  const app = await launch()
  await setSize(app, 1280, 800)
  if (isLooking) mkdirSync(pictures, { recursive: true })
  const found: string[] = []
  await visitEveryView(app, async (where) => {
    const path = join(pictures, `labels-${where.replaceAll(/\W+/g, '-')}.png`)
    const look = async (): Promise<void> => void (isLooking && (await app.window.screenshot({ path })))
    found.push(...(await faultsOfLongerLabels(app.window, look)).map((fault) => `${where}: ${fault}`))
  })
  expect(found).toEqual([])
})
