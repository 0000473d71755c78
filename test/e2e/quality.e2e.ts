import { seriousFindings } from '../support/accessibility.ts'
import { isOverflowing, setSize, setTheme, themes } from '../support/appearance.ts'
import { expect, test } from '../support/electron-app.ts'
import { fillWorkspaceOfViews, visitEveryView } from '../support/every-view.ts'

for (const theme of themes) {
  test(`every view, every tab of a run and of a comparison is without findings of axe, ${theme}`, async ({
    folders,
    launch,
  }) => {
    test.setTimeout(300_000)
    fillWorkspaceOfViews(folders.workspace)
    const app = await launch()
    await setTheme(app, theme)
    await setSize(app, 1280, 800)
    const found: string[] = []
    await visitEveryView(app, async (where) => {
      found.push(...(await seriousFindings(app.window)).map((finding) => `${where}: ${finding}`))
      if (await isOverflowing(app)) found.push(`${where}: wider than the window`)
    })
    expect(found).toEqual([])
  })
}
