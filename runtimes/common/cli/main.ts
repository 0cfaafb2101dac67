#!/usr/bin/env node
/**
 * The command `hono-profiler`. The runtime that runs it chooses the entry of the package.
 *
 * @module
 */

import { CommanderError } from 'commander'
import { FAILED, MISUSED, UserError } from './exit.ts'
import { endQuietlyWhenNobodyReads } from './output.ts'
import { createProgram } from './program.ts'

endQuietlyWhenNobodyReads()
try {
  await createProgram().parseAsync()
} catch (error) {
  process.exitCode = report(error)
}

/** Tells what went wrong on stderr, in a line when it is the user's to change; gives the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) {
    // Commander has told it, or shown help.
    return error.exitCode === 0 ? 0 : MISUSED
  }
  const { message, stack } = error as Error
  const isExpected = error instanceof UserError || message.startsWith('hono-profiler: ')
  process.stderr.write(
    `${isExpected ? message.replace(/^(hono-profiler: )?/, 'hono-profiler: ') : stack}\n`
  )
  return FAILED
}
