import { expect, it } from 'vitest'
import { dequeue, enqueue, next, reorder } from '../../../src-core/runs/run-queue.ts'

it('puts runs at the end, each once', () => {
  expect(enqueue(enqueue([], 'a'), 'b')).toEqual(['a', 'b'])
  expect(enqueue(['a', 'b'], 'a')).toEqual(['b', 'a'])
})

it('takes runs out', () => {
  expect(dequeue(['a', 'b', 'c'], 'b')).toEqual(['a', 'c'])
  expect(dequeue(['a'], 'x')).toEqual(['a'])
})

it('moves a run to a place', () => {
  const queue = ['a', 'b', 'c', 'd']
  expect(reorder(queue, 'd', 0)).toEqual(['d', 'a', 'b', 'c'])
  expect(reorder(queue, 'a', 2)).toEqual(['b', 'c', 'a', 'd'])
  expect(reorder(queue, 'b', 99)).toEqual(['a', 'c', 'd', 'b'])
  expect(reorder(queue, 'b', -1)).toEqual(['b', 'a', 'c', 'd'])
  expect(reorder(queue, 'x', 0)).toEqual(queue)
  expect(queue).toEqual(['a', 'b', 'c', 'd'])
})

it('tells who is next among those that may start', () => {
  expect(next(['a', 'b'])).toBe('a')
  expect(next(['a', 'b'], (id) => id === 'b')).toBe('b')
  expect(next(['a'], () => false)).toBeNull()
  expect(next([])).toBeNull()
})
