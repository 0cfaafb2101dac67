import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  compilePattern,
  defaultOptions,
  loadOptions,
  saveOptions,
} from '../../src/report/options.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

function stubStorage(kept?: string): Map<string, string> {
  const entries = new Map<string, string>()
  if (kept !== undefined) {
    entries.set('hono-profiler:options', kept)
  }
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => entries.get(key) ?? null,
    setItem: (key: string, value: string) => entries.set(key, value),
  })
  return entries
}

describe('loadOptions', () => {
  it('reads what saveOptions kept', () => {
    stubStorage()
    saveOptions({ ...defaultOptions, unit: 'percent', threshold: 0.05, hide: 'src/db' })
    expect(loadOptions()).toEqual({
      ...defaultOptions,
      unit: 'percent',
      threshold: 0.05,
      hide: 'src/db',
    })
  })

  it('takes the default for what is missing or of another type', () => {
    stubStorage('{"threshold":"all","hide":7,"foldLibraries":false,"unknown":1}')
    expect(loadOptions()).toEqual({ ...defaultOptions, foldLibraries: false })
  })

  it.each([
    ['broken text', () => stubStorage('{')],
    ['nothing of use', () => stubStorage('null')],
    ['no storage', () => vi.stubGlobal('localStorage', undefined)],
  ])('gives the defaults when there is %s', (_, arrange) => {
    arrange()
    expect(loadOptions()).toEqual(defaultOptions)
    expect(() => {
      saveOptions(defaultOptions)
    }).not.toThrow()
  })
})

describe('compilePattern', () => {
  it('gives the expression, nothing for an empty text, and the reason for a wrong one', () => {
    expect(compilePattern('src/(db|http)')).toEqual({ pattern: /src\/(db|http)/ })
    expect(compilePattern('')).toEqual({})
    expect(compilePattern('(').error).toMatch(/Unterminated group/)
  })
})
