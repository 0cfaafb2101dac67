import type { Command } from 'commander'
import { InvalidArgumentError, Option } from 'commander'
import { buffer } from 'node:stream/consumers'
import type { QueryOptions, Session, State } from 'hono-profiler'
import { loadSession } from 'hono-profiler'
import { UserError } from './exit.ts'
import type { Shape } from './table.ts'

/** What `-n`, `--paths`, `--by`, `--state` and `--group` give. */
export interface AskOptions extends Shape {
  n?: number
  paths?: string[]
  by?: 'self' | 'total'
  state?: State
  group?: 'function' | 'package'
}

/** Adds the argument that nearly all commands have. */
export function withSession(command: Command): Command {
  return command.argument(
    '<session>',
    'a saved session, a .cpuprofile or a pprof profile; - reads from stdin'
  )
}

/** Adds `--json`, `--markdown` and `--budget`. */
export function withShape(command: Command): Command {
  return command
    .option('--json', 'answer in JSON')
    .addOption(new Option('--markdown', 'answer in Markdown').conflicts('json'))
    .option('--budget <tokens>', 'the most tokens of Markdown (default: 1500)', wholeNumber)
}

/** Adds `-n`. */
export function withCount(command: Command): Command {
  return command.option(
    '-n, --number <count>',
    'the most entries; all of them with "all"',
    entryCount
  )
}

/** Adds what narrows an answer about functions. */
export function withQuery(command: Command, { group = true }: { group?: boolean } = {}): Command {
  withCount(command)
    .option('--paths <text...>', 'only files whose path contains one of these')
    .addOption(
      new Option('--by <time>', 'which time counts').choices(['self', 'total']).default('self')
    )
    .addOption(
      new Option('--state <state>', 'time in one state only').choices([
        'cpu',
        'gc',
        'await',
        'blocked',
      ])
    )
  return group
    ? command.addOption(
        new Option('--group <by>', 'what an entry stands for')
          .choices(['function', 'package'])
          .default('function')
      )
    : command
}

/** The options of a question, without those that were not given. */
export function queryOf({
  number,
  paths,
  by,
  state,
  group,
}: AskOptions & { number?: number }): QueryOptions {
  return {
    ...(number !== undefined && { n: number }),
    ...(paths && { paths }),
    ...(by && { by }),
    ...(state && { state }),
    ...(group && { group }),
  }
}

/** Reads a session from a file or, as `-`, from stdin. */
export async function readSource(source: string): Promise<Session> {
  if (source === '-') {
    return loadSession(new Uint8Array(await buffer(process.stdin)))
  }
  try {
    return await loadSession(source)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EISDIR') {
      throw new UserError(`${source} is a directory; \`list\` tells the sessions in it`)
    }
    throw code === 'ENOENT'
      ? new UserError(`there is no file ${source}`)
      : new UserError(`${source}: ${message.replace(/^hono-profiler: /, '')}`)
  }
}

export function wholeNumber(text: string): number {
  return numberFrom(text, 0)
}

/** For what has to happen at least once. */
export function positiveNumber(text: string): number {
  return numberFrom(text, 1)
}

function numberFrom(text: string, least: number): number {
  const number = Number(text)
  if (text.trim() === '' || !Number.isSafeInteger(number) || number < least) {
    throw new InvalidArgumentError(`Give a whole number from ${least}.`)
  }
  return number
}

function entryCount(text: string): number {
  return text === 'all' ? Infinity : positiveNumber(text)
}

/** Milliseconds. */
export function milliseconds(text: string): number {
  const ms = Number(text)
  if (!(ms > 0)) {
    throw new InvalidArgumentError('Give milliseconds.')
  }
  return ms
}

/** Collects an option that can be given several times. */
export function collect(value: string, previous: string[]): string[] {
  return [...previous, value]
}
