import type { ProcessorOptions, ProcessorSelection } from '../processors.ts'
import { processTree } from '../processors.ts'
import type { Frame } from '../session/frame.ts'
import type { Session } from '../session.ts'
import type { Renderer } from './renderer.ts'

/** What the JSON contains. The other options, but `timeline`, count only when it is processed. */
export interface JsonOptions extends ProcessorOptions, ProcessorSelection {
  /** Merges, filters and groups frames as the console does. @default false */
  processed?: boolean
}

/** Renders `{ meta, rootFrame }`: the call tree as nested objects, times in milliseconds. */
export function jsonRenderer(options: JsonOptions = {}): Renderer {
  return {
    name: 'json',
    contentType: 'application/json; charset=utf-8',
    extension: 'json',
    render: (session) =>
      `{"meta":${JSON.stringify(session.meta)},"rootFrame":${frameJson(rootFrame(session, options))}}`,
  }
}

function rootFrame(session: Session, { processed, ...options }: JsonOptions): Frame {
  const root = session.rootFrame({ timeline: options.timeline })
  return processed ? processTree(root, options) : root
}

/** Written frame by frame: JSON.stringify recurses, and overflows at some thousand levels of calls. */
function frameJson(root: Frame): string {
  const parts: string[] = []
  const pending: (Frame | string)[] = [root]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next === 'string') {
      parts.push(next)
      continue
    }
    parts.push(`${JSON.stringify(fieldsOf(next)).slice(0, -1)},"children":[`)
    pending.push(']}')
    for (let i = next.children.length - 1; i >= 0; i--) {
      pending.push(next.children[i]!)
      if (i > 0) {
        pending.push(',')
      }
    }
  }
  return parts.join('')
}

function fieldsOf(frame: Frame): Record<string, unknown> {
  return {
    function: frame.function,
    filePath: frame.filePath,
    filePathShort: frame.filePathShort,
    lineNo: frame.lineNo,
    columnNo: frame.columnNo,
    time: exact(frame.time),
    totalSelfTime: exact(frame.totalSelfTime),
    absorbedTime: exact(frame.absorbedTime),
    cpuTime: exact(frame.cpuTime),
    awaitTime: exact(frame.awaitTime),
    blockedTime: exact(frame.blockedTime),
    isApplicationCode: frame.isApplicationCode,
    isSynthetic: frame.isSynthetic,
    recursionDepth: frame.recursionDepth > 1 ? frame.recursionDepth : undefined,
    groupId: frame.group?.id,
  }
}

/** Samples last whole microseconds; what sums of milliseconds show beyond them is noise. */
function exact(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
