import { describe, expect, it } from 'vitest'
import { newAccount, Stopwatch } from '../../../../src-core/engine/profile/stopwatch.ts'

function setUp() {
  let time = 100
  const idle = newAccount()
  const watch = new Stopwatch(() => time, idle)
  return { watch, idle, pass: (milliseconds: number) => void (time += milliseconds) }
}

describe('a stopwatch', () => {
  it('charges one account at a time: what is nested is taken from what is around it', () => {
    const { watch, idle, pass } = setUp()
    const [outer, inner] = [newAccount(), newAccount()]
    pass(1)
    watch.run(outer, () => {
      pass(2)
      watch.run(inner, () => pass(4))
      watch.run(inner, () => pass(8))
      pass(16)
    })
    pass(32)
    watch.enter(outer)
    watch.leave()
    expect([idle, outer, inner].map(({ milliseconds }) => milliseconds)).toEqual([33, 18, 12])
  })

  it('goes back to what was charged before when the work throws', () => {
    const { watch, idle, pass } = setUp()
    const account = newAccount()
    const work = (): void => {
      pass(3)
      throw new Error('out of memory')
    }
    expect(() => watch.run(account, work)).toThrow('out of memory')
    pass(5)
    watch.enter(account)
    expect([account.milliseconds, idle.milliseconds]).toEqual([3, 5])
  })

  it('refuses to leave what was never entered', () => {
    expect(() => setUp().watch.leave()).toThrow('nothing was entered')
  })
})
