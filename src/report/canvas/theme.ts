import type { SessionData, State } from '../../session/records.ts'
import { forEachSample } from '../../session/tree.ts'

/** Colours for the canvas, read from the page's style. */
export interface Theme {
  background: string
  text: string
  muted: string
  line: string
  accent: string
  /** Marks the critical path. */
  critical: string
  awaitStripe: string
  blockedStripe: string
  app: string
  runtime: string
  packages: string[]
  /** Of boxes. */
  states: Record<State, string>
  /** Of small marks. */
  marks: Record<State, string>
  font: string
}

/** How many packages have a colour of their own; further ones share them. */
export const PACKAGE_COLOURS = 8

export function readTheme(element: Element): Theme {
  const style = getComputedStyle(element)
  const read = (name: string) => style.getPropertyValue(`--${name}`).trim()
  return {
    background: read('background'),
    text: read('text'),
    muted: read('muted'),
    line: read('line'),
    accent: read('accent'),
    critical: read('blocked'),
    awaitStripe: read('await-stripe'),
    blockedStripe: read('blocked-stripe'),
    app: read('app-box'),
    runtime: read('runtime-box'),
    packages: Array.from({ length: PACKAGE_COLOURS }, (_, i) => read(`package-${i + 1}`)),
    states: {
      cpu: read('cpu'),
      gc: read('gc'),
      await: read('await-box'),
      blocked: read('blocked-box'),
    },
    marks: { cpu: read('cpu'), gc: read('gc'), await: read('await'), blocked: read('blocked') },
    font: style.fontFamily,
  }
}

/** The packages on the request's stacks, those with most time of their own first: the order of their colours. */
export function packagesByTime(data: SessionData): string[] {
  const times = new Map<string, number>()
  forEachSample(data, (stack, _startUs, durationUs) => {
    const record = data.functions[data.stacks.function[stack] ?? -1]
    if (record?.package !== undefined) {
      times.set(record.package, (times.get(record.package) ?? 0) + durationUs)
    }
  })
  for (const { package: name } of data.functions) {
    if (name !== undefined && !times.has(name)) {
      times.set(name, 0)
    }
  }
  return [...times].sort(([, a], [, b]) => b - a).map(([name]) => name)
}
