import { afterEach, expect, it } from 'vitest'
import { AsyncResource, createHook } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { HookStorage } from '../../runtimes/node/context-storage.ts'

const storage = new HookStorage<string>()
const made: number[] = []
const hook = createHook({
  init(asyncId) {
    made.push(asyncId)
    storage.inherit(asyncId)
  },
}).enable()

afterEach(() => {
  storage.disable()
})

async function readLater(): Promise<string | undefined> {
  await Promise.resolve()
  await sleep(1)
  return Promise.resolve().then(() => storage.getStore())
}

it('follows awaits, timers and callbacks, each in what it was started from', async () => {
  const outside = readLater()
  const [one, other] = [storage.run('one', readLater), storage.run('other', readLater)]
  expect(await Promise.all([one, other, outside])).toEqual(['one', 'other', undefined])
  expect(storage.getStore()).toBeUndefined()
})

it('goes back to the outer one, also when what it runs throws', () => {
  storage.run('outer', () => {
    expect(() =>
      storage.run('inner', () => {
        throw new Error(storage.getStore())
      })
    ).toThrow('inner')
    expect(storage.getStore()).toBe('outer')
  })
})

it('runs a resource in what it was made in', () => {
  const resource = storage.run('maker', () => new AsyncResource('job'))
  const seen = storage.run('caller', () => resource.runInAsyncScope(() => storage.getStore()))
  expect(seen).toBe('maker')
})

it('carries nothing on once it is told to forget', async () => {
  made.length = 0
  const later = storage.run('gone', readLater)
  storage.forget(made)
  expect(await later).toBeUndefined()
  hook.disable()
})
