import type { Runtime } from './adapter.ts'
import type { ProfilerOptions } from './options.ts'
import { LONGEST_TIMEOUT } from './recording-limit.ts'

/** Tells whether a value will do. */
type Check = (value: unknown) => boolean

const isText: Check = (value) => typeof value === 'string' && value !== ''
const isBoolean: Check = (value) => typeof value === 'boolean'
const isFunction: Check = (value) => typeof value === 'function'
const isSecret: Check = (value) => typeof value === 'string' && value.length >= 8
const isAddress: Check = (value) =>
  typeof value === 'string' && /^(https?|wss?):/.test(value) && URL.canParse(value)
const isPattern: Check = (value) => isText(value) || value instanceof RegExp
const isPatterns: Check = (value) => [value].flat().every(isPattern)
const isStore: Check = (value) =>
  typeof value === 'object' &&
  value !== null &&
  ['save', 'load', 'list'].every((method) => isFunction((value as Record<string, unknown>)[method]))

function isBetween(least: number, most: number): Check {
  return (value) => typeof value === 'number' && value >= least && value <= most
}

function isCount(most: number): Check {
  return (value) => Number.isInteger(value) && isBetween(1, most)(value)
}

/** For each option what it must be, and the advice when it is not. */
const RULES: Record<keyof ProfilerOptions, [Check, advice: string]> = {
  trigger: [isText, "give the name of a query parameter, like 'profile'"],
  saveDir: [isText, 'give the path of a directory'],
  store: [isStore, 'give an object with save, load and list'],
  interval: [isBetween(0.05, 1000), 'give milliseconds from 0.05 to 1000'],
  enabled: [isBoolean, 'give true or false'],
  authorize: [isFunction, 'give a function'],
  secret: [isSecret, 'give a text of at least 8 characters'],
  shouldProfile: [isFunction, 'give a function'],
  include: [isPatterns, "give paths like '/api/*', or regular expressions"],
  exclude: [isPatterns, "give paths like '/api/*', or regular expressions"],
  sampleRate: [isBetween(0, 1), 'give a share from 0 to 1'],
  maxDuration: [isBetween(1, LONGEST_TIMEOUT), 'give milliseconds'],
  maxSamples: [isCount(10_000_000), 'give a whole number from 1 to 10000000'],
  maxRecordings: [isCount(1000), 'give a whole number from 1 to 1000'],
  warm: [isBoolean, 'give true or false'],
  keep: [isFunction, 'give a function'],
  slowerThan: [isBetween(0, Infinity), 'give milliseconds'],
  errorsOnly: [isBoolean, 'give true or false'],
  maxSessions: [isCount(1_000_000), 'give a whole number from 1 to 1000000'],
  maxSessionSize: [isCount(2 ** 30), 'give a whole number of bytes, 1 to 1073741824'],
  queryValues: [isBoolean, 'give true or false'],
  sourceText: [isBoolean, 'give true or false'],
  inspectorUrl: [isAddress, "give an address like 'http://127.0.0.1:9229'"],
}

/** @throws TypeError When an option cannot work; the message names it, its value and what is possible. */
export function checkOptions(options: ProfilerOptions, runtime: Runtime): void {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(RULES, name)) {
      throw new TypeError(
        `hono-profiler: there is no option '${name}'; there are ${Object.keys(RULES).join(', ')}`
      )
    }
    const [isRight, advice] = RULES[name as keyof ProfilerOptions]
    if (!isRight(value)) {
      throw new TypeError(`hono-profiler: ${name} is ${shown(name, value)}; ${advice}`)
    }
  }
  checkWhereKept(options, runtime)
}

function checkWhereKept(options: ProfilerOptions, { name: runtime, fileSystem }: Runtime): void {
  const { saveDir, store, sampleRate = 0 } = options
  if (saveDir !== undefined && !fileSystem) {
    throw new TypeError(
      `hono-profiler: saveDir is ${JSON.stringify(saveDir)}, but ${runtime} has no file system; use store`
    )
  }
  if (saveDir !== undefined && store !== undefined) {
    throw new TypeError('hono-profiler: saveDir and store are both given; choose one of them')
  }
  if (sampleRate > 0 && saveDir === undefined && store === undefined) {
    throw new TypeError(
      `hono-profiler: sampleRate is ${sampleRate}, but nothing says where to keep those sessions; give saveDir or store`
    )
  }
}

/** A secret is not told, not even a wrong one. */
function shown(name: string, value: unknown): string {
  if (name === 'secret') {
    return typeof value === 'string' ? `a text of ${value.length} characters` : typeof value
  }
  if (typeof value === 'number') {
    return String(value)
  }
  return typeof value === 'function' ? 'a function' : JSON.stringify(value)
}
