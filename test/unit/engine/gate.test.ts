/** Who wants the library for themselves gets it, and nobody is forgotten. */
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createGate } from '../../../main/engine/gate.js'

test('one alone waits for those inside, and holds back those who come later', async () => {
  const gate = createGate()
  const order: string[] = []
  const stay = (name: string, ms: number) => async () => {
    order.push(`${name} begins`)
    await delay(ms)
    order.push(`${name} ends`)
  }
  await Promise.all([
    gate.pass(stay('first', 30)),
    gate.pass(stay('second', 5)),
    gate.alone(stay('alone', 10)),
    gate.alone(stay('alone again', 5)),
    gate.pass(stay('late', 5)),
  ])
  expect(order).toEqual([
    'first begins',
    'second begins',
    'second ends',
    'first ends',
    'alone begins',
    'alone ends',
    'alone again begins',
    'alone again ends',
    'late begins',
    'late ends',
  ])
})

test('work that fails lets the next one in', async () => {
  const gate = createGate()
  const fail = () => Promise.reject(new Error('no'))
  await expect(gate.pass(fail)).rejects.toThrow('no')
  await expect(gate.alone(fail)).rejects.toThrow('no')
  await expect(gate.pass(async () => 1)).resolves.toBe(1)
  await expect(gate.alone(async () => 2)).resolves.toBe(2)
})
