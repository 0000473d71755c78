import type { MenuItemConstructorOptions } from 'electron'
import { describe, expect, it } from 'vitest'
import { events } from '../../../src-core/contract/events.ts'
import { menuTemplate, type Command } from '../../../src-main/window/menu.ts'

function items(template: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return template.flatMap((item) => [item, ...items((item.submenu as MenuItemConstructorOptions[] | undefined) ?? [])])
}

describe.each([true, false])('the menu (mac: %s)', (isMac) => {
  const sent: Command[] = []
  const all = items(menuTemplate({ isMac, isDevelopment: false, send: (command) => sent.push(command) }))

  it('sends every command of the contract, each under its own accelerator', () => {
    const withCommands = all.filter((item) => item.click)
    for (const item of withCommands) item.click!(null as never, undefined, null as never)
    expect([...sent].sort()).toEqual([...events.command.shape.command.options].sort())
    expect(new Set(withCommands.map(({ accelerator }) => accelerator)).size).toBe(withCommands.length)
  })

  it('has no reload and no developer tools in a packaged application', () => {
    const roles = all.map(({ role }) => role)
    expect(roles).not.toContain('reload')
    expect(roles).not.toContain('toggleDevTools')
    expect(roles).toContain('copy')
  })
})
