import type { Terminal } from '../../src/adapter.ts'

/** The terminal on stderr, so that a program's own output stays clean. Follows no-color.org and force-color.org. */
export const stderrTerminal: Terminal = {
  print(text) {
    process.stderr.write(`${text}\n`)
  },

  get color() {
    const { NO_COLOR, FORCE_COLOR, TERM } = process.env
    if (NO_COLOR) {
      return false
    }
    if (FORCE_COLOR) {
      return FORCE_COLOR !== '0'
    }
    return process.stderr.isTTY && TERM !== 'dumb'
  },
}
