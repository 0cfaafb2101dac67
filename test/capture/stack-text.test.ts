import { describe, expect, it } from 'vitest'
import { parseStack, readStack, takeStack } from '../../src/capture/stack-text.ts'

/** Frames as `name url:line:column`, suspended ones with a star. */
function parsed(text: string): string[] {
  return parseStack(text).map(({ name, url, line, column, isAsync }) => {
    return `${isAsync ? '*' : ''}${name} ${url}:${line}:${column}`
  })
}

describe('the text of a stack', () => {
  it('is read as V8 writes it', () => {
    const text = [
      'TypeError: not a function: at home (really:1:2)',
      'and a second line of the message',
      '    at leaf (file:///app/src/orders.ts:5:50)',
      '    at Orders.load [as find] (/app/My Files (old)/orders.js:7:3)',
      '    at new Order (C:\\app\\order.js:9:1)',
      '    at file:///app/src/index.ts:20:5',
      '    at Array.map (<anonymous>)',
      '    at Object.<anonymous> (evalmachine.<anonymous>:1:30)',
      '    at eval (eval at run (file:///app/eval.js:3:9), <anonymous>:1:1)',
      '    at async Promise.all (index 0)',
      '    at async handler (file:///app/src/index.ts:30:11)',
      '    at async file:///app/src/index.ts:40:2',
    ].join('\n')
    expect(parsed(text)).toEqual([
      'leaf file:///app/src/orders.ts:5:50',
      'load /app/My Files (old)/orders.js:7:3',
      'Order C:\\app\\order.js:9:1',
      ' file:///app/src/index.ts:20:5',
      'map :0:0',
      ' evalmachine.<anonymous>:1:30',
      'eval file:///app/eval.js:3:9',
      '*all :0:0',
      '*handler file:///app/src/index.ts:30:11',
      '* file:///app/src/index.ts:40:2',
    ])
  })

  it('is read as JavaScriptCore writes it', () => {
    const text = [
      'leaf@https://app.example/worker.js:5:50',
      'async load@https://app.example/worker.js:7:3',
      '@https://app.example/worker.js:8:1',
      'map@[native code]',
      'module code@https://app.example/worker.js:20:5',
    ].join('\n')
    expect(parsed(text)).toEqual([
      'leaf https://app.example/worker.js:5:50',
      '*load https://app.example/worker.js:7:3',
      ' https://app.example/worker.js:8:1',
      'map :0:0',
      ' https://app.example/worker.js:20:5',
    ])
  })

  it('is read as SpiderMonkey writes it', () => {
    const text = [
      'leaf@https://app.example/worker.js:5:50',
      'load/<@https://app.example/worker.js:6:1',
      'async*handler@https://app.example/worker.js:7:3',
      'setTimeout handler*sleep@https://app.example/worker.js:8:4',
      'made@https://app.example/worker.js line 9 > eval:1:1',
      'map@self-hosted:234:17',
      '',
    ].join('\n')
    expect(parsed(text)).toEqual([
      'leaf https://app.example/worker.js:5:50',
      ' https://app.example/worker.js:6:1',
      '*handler https://app.example/worker.js:7:3',
      '*sleep https://app.example/worker.js:8:4',
      'made https://app.example/worker.js:9:0',
      'map :0:0',
    ])
  })

  it('is empty for what is no stack', () => {
    expect(parsed('')).toEqual([])
    expect(parsed('Error: nothing to see')).toEqual([])
  })
})

describe('a taken stack', () => {
  function wrapper(): ReturnType<typeof takeStack> {
    return takeStack(wrapper)
  }

  it('begins at the caller, and leaves the limit as it was', () => {
    const limit = Error.stackTraceLimit
    const [first] = readStack(
      (function caller() {
        return wrapper()
      })()
    )
    expect(first).toMatchObject({ name: 'caller', isAsync: false })
    expect(first!.url).toMatch(/stack-text\.test\.ts$/)
    expect(Error.stackTraceLimit).toBe(limit)
  })

  it('is empty when the application formats stacks in its own way', () => {
    const settings = Error as { prepareStackTrace?: unknown }
    const before = settings.prepareStackTrace
    settings.prepareStackTrace = () => {
      throw new Error('not now')
    }
    try {
      expect(readStack(wrapper())).toEqual([])
      settings.prepareStackTrace = (_: Error, sites: unknown) => sites
      expect(readStack(wrapper())).toEqual([])
    } finally {
      settings.prepareStackTrace = before
    }
  })
})
