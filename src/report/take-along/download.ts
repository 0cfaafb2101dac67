import { recordedText } from '../../render/summary.ts'
import type { SessionData, SessionMeta } from '../../session/records.ts'
import type { Format } from './formats.ts'
import { asSession } from './formats.ts'

/** Characters of the path or name that a file name keeps. */
const MAX_NAME = 60

/** `GET-orders-2026-11-23-14-03-22`: what was profiled and when, of characters that every file system takes. */
export function fileName(meta: SessionMeta): string {
  const { request, description } = meta
  const what = request ? `${request.method} ${request.path.replace(/[?#].*/s, '')}` : description
  const words = (text: string): string =>
    text
      .replace(/[^a-z\d]+/gi, '-')
      .replace(/^-|-$/g, '')
      .slice(0, MAX_NAME)
  return `${words(what) || 'profile'}-${words(recordedText(meta).replace(' UTC', ''))}`
}

/** Hands a rendering to the browser as a file, and says its name. */
export function download(data: SessionData, format: Format): string {
  const renderer = format.renderer()
  const output = renderer.render(asSession(data))
  const content = new Blob([output as BlobPart], { type: renderer.contentType })
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = `${fileName(data.meta)}.${renderer.extension}`
  link.click()
  // The download has its own hold on the content from here on.
  URL.revokeObjectURL(link.href)
  return link.download
}
