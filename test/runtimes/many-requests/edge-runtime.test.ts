import { describe, expect, it } from 'vitest'
import { startEdgeApp } from '../../helpers/edge-app.ts'
import { v8Memory } from '../../helpers/v8-memory.ts'
import { expectFlat } from '../../many-requests.ts'

describe.each([
  { name: 'edge-runtime', hasStorage: false },
  { name: 'edge-runtime with AsyncLocalStorage', hasStorage: true },
])('on $name', ({ hasStorage }) => {
  it.each([1, 8])('1,000 requests, %i at a time, leave nothing behind', async (atOnce) => {
    const runtime = await startEdgeApp(false, hasStorage)
    const get = async <T>(path: string): Promise<T> => {
      const response = await runtime.dispatchFetch(`http://shop.example${path}`)
      return (await response.json()) as T
    }
    const request = async (id: number): Promise<void> => {
      const { meta } = await get<{ meta: { runtime: string } }>(`/rows/${id}?profile=json`)
      expect(meta.runtime).toBe('timing')
    }
    await expectFlat(atOnce, request, v8Memory)
    expect(await get('/functions')).toEqual([true, true, true, true])
  })
})
