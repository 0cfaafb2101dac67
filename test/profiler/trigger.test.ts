import fc from 'fast-check'
import type { Context } from 'hono'
import { HonoRequest } from 'hono/request'
import { describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../runtimes/node/runtime.ts'
import { resolveOptions } from '../../src/options.ts'
import { FORMATS } from '../../src/render/formats.ts'
import type { Ask } from '../../src/trigger.ts'
import { triggerReader } from '../../src/trigger.ts'

function ask(
  query: string,
  { trigger = 'profile', header }: { trigger?: string; header?: string } = {}
): Ask | undefined {
  const headers = header === undefined ? undefined : { 'x-profile': header }
  const req = new HonoRequest(new Request(`http://host/x${query}`, { headers }))
  return triggerReader(trigger)({ req } as unknown as Context)
}

const page: Ask = { format: 'html', terminal: false }

describe('the words that ask', () => {
  it.each(['1', 'true', 'yes', 'on', 'html', 'TRUE', 'Yes', 'oN', 'HTML'])(
    'answers %s with the page',
    (word) => {
      expect(ask(`?profile=${word}`)).toEqual(page)
      expect(ask('', { header: word })).toEqual(page)
    }
  )

  const formats = FORMATS.filter((format) => format !== 'html')
  it.each([...formats, 'JSON', 'CpuProfile'])('answers %s in that format', (word) => {
    const format = word.toLowerCase()
    expect(ask(`?profile=${word}`)).toEqual({ format, terminal: false })
    expect(ask('', { header: word })).toEqual({ format, terminal: false })
  })

  it.each(['', '0', 'false', 'off', 'no', 'FALSE', 'foo', '2', '11', 'constructor', ' 1', 'me'])(
    'leaves %j to the application',
    (word) => {
      expect(ask(`?profile=${encodeURIComponent(word)}`)).toBeUndefined()
      expect(ask('', { header: word.trim() === '1' ? 'x 1' : word })).toBeUndefined()
    }
  )

  it('leaves any other value to the application', () => {
    const words = new Set<string>(['1', 'true', 'yes', 'on', ...FORMATS])
    const other = fc.string().filter((value) => !words.has(value.toLowerCase()))
    fc.assert(
      fc.property(other, (value) => {
        expect(ask(`?profile=${encodeURIComponent(value)}`)).toBeUndefined()
      })
    )
  })

  it('does not read a parameter without a value, or with the name in another place', () => {
    expect(ask('?profile')).toBeUndefined()
    expect(ask('?page=profile')).toBeUndefined()
    expect(ask('?my-profile=1')).toBeUndefined()
    expect(ask('?profiles=1')).toBeUndefined()
    expect(ask('?Profile=1')).toBeUndefined()
  })

  it('finds it among other parameters, escaped or not', () => {
    expect(ask('?a=1&profile=1&b=2')).toEqual(page)
    expect(ask('?profile=%31')).toEqual(page)
    expect(ask('?profile=on#profile=off')).toEqual(page)
  })
})

describe('the header x-profile', () => {
  it("asks beside the application's own parameter of the same name", () => {
    expect(ask('?profile=anna', { header: '1' })).toEqual(page)
  })

  it('gives way to a parameter that asks', () => {
    expect(ask('?profile=json', { header: 'text' })?.format).toBe('json')
  })
})

describe("the header of a request of Node's server", () => {
  const withHeader = new Request('http://host/x', { headers: { 'x-profile': 'json' } })
  /** As `@hono/node-server` makes requests: objects that read what came when they are asked. */
  const handedOn = Object.create(
    Object.setPrototypeOf(
      { url: withHeader.url, headers: withHeader.headers },
      Request.prototype
    ) as object
  ) as Request
  const asks = (raw: Request, rawHeaders: unknown): boolean => {
    const c = { req: new HonoRequest(raw), env: { incoming: { rawHeaders } } }
    return triggerReader('profile')(c as unknown as Context) !== undefined
  }

  it.each([
    ['among others', ['Host', 'x', 'X-Profile', 'json']],
    ['of HTTP/2', [':path', '/x', 'x-profile', 'json']],
    ['unknown', undefined],
    ['not what Node gives', { length: 2 }],
    ['with what is no name', [null, 'x']],
  ])('is looked up when it is %s', (_, rawHeaders) => {
    expect(asks(handedOn, rawHeaders)).toBe(true)
  })

  it.each([
    ['not there', ['Host', 'x']],
    ['a value of another one', ['Host', 'x-profile']],
  ])('is not looked up when it is %s', (_, rawHeaders) => {
    expect(asks(handedOn, rawHeaders)).toBe(false)
  })

  it('counts where the application makes the request itself', () => {
    class OwnRequest extends Request {}
    expect(asks(withHeader, ['Host', 'x'])).toBe(true)
    expect(asks(new OwnRequest(withHeader), ['Host', 'x'])).toBe(true)
  })
})

describe('term', () => {
  it.each(['1', 'true', 'yes', 'on', 'YES'])('%s prints to the terminal', (word) => {
    expect(ask(`?profile=1&term=${word}`)).toEqual({ format: 'html', terminal: true })
    expect(ask(`?term=${word}`, { header: '1' })?.terminal).toBe(true)
  })

  it.each(['', '0', 'false', 'spring'])('%j does not', (word) => {
    expect(ask(`?profile=1&term=${word}`)).toEqual(page)
  })

  it('profiles nothing by itself', () => {
    expect(ask('?term=1')).toBeUndefined()
    expect(ask('?profile=0&term=1')).toBeUndefined()
  })
})

describe('the name of the parameter', () => {
  it.each(['p', 'profile me', 'größe', 'a+b', 'x[]'])('may be %j', (trigger) => {
    const query = new URLSearchParams({ [trigger]: '1' })
    expect(ask(`?${query}`, { trigger })).toEqual(page)
    expect(ask('?profile=1', { trigger })).toBeUndefined()
  })

  const triggerFor = (environment: Record<string, string>, trigger?: string): string => {
    const env = (name: string): string | undefined => environment[name]
    return resolveOptions({ trigger }, { ...nodeRuntime, env }).trigger
  }

  it('is the option, else PROFILER_TRIGGER, else PYINSTRUMENT_TRIGGER, else profile', () => {
    const both = { PROFILER_TRIGGER: 'ours', PYINSTRUMENT_TRIGGER: 'theirs' }
    expect(triggerFor(both, 'mine')).toBe('mine')
    expect(triggerFor(both)).toBe('ours')
    expect(triggerFor({ PYINSTRUMENT_TRIGGER: 'theirs' })).toBe('theirs')
    expect(triggerFor({})).toBe('profile')
  })

  it('is not an empty variable', () => {
    expect(triggerFor({ PROFILER_TRIGGER: '', PYINSTRUMENT_TRIGGER: 'theirs' })).toBe('theirs')
    expect(triggerFor({ PROFILER_TRIGGER: '' })).toBe('profile')
  })
})
