import type { SourceMap } from 'node:module'
import type { OriginalPosition } from '../../src/adapter.ts'

/**
 * Follows the source maps that Node has read itself: those of `--enable-source-maps`, and of loaders like tsx
 * that switch it on.
 */
export const originalPosition: OriginalPosition = (url, line, column) => {
  const map = url === '' || url.startsWith('node:') ? undefined : findSourceMap(url)
  // Columns of functions that begin a line are 0 in some samplers, and unknown ones too.
  const origin = map?.findOrigin(line, Math.max(column, 1))
  // An unmapped position gives an empty object.
  if (!origin || !('fileName' in origin)) {
    return undefined
  }
  return { file: origin.fileName, line: origin.lineNumber, column: origin.columnNumber }
}

function findSourceMap(url: string): SourceMap | undefined {
  return process.getBuiltinModule('node:module').findSourceMap(url)
}
