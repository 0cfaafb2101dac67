import type { ConsoleOptions } from './console.ts'
import { consoleRenderer } from './console.ts'
import { cpuProfileRenderer } from './cpuprofile.ts'
import { firefoxRenderer } from './firefox.ts'
import { foldedRenderer } from './folded.ts'
import type { Format } from './formats.ts'
import { FORMATS } from './formats.ts'
import type { HtmlOptions } from './html.ts'
import { htmlRenderer } from './html.ts'
import type { JsonOptions } from './json.ts'
import { jsonRenderer } from './json.ts'
import type { MarkdownOptions } from './markdown.ts'
import { markdownRenderer } from './markdown.ts'
import { pprofRenderer } from './pprof.ts'
import type { Renderer } from './renderer.ts'
import { speedscopeRenderer } from './speedscope.ts'

export { renderSession } from './render-session.ts'
export type { RenderOptions } from './render-session.ts'
export {
  consoleRenderer,
  cpuProfileRenderer,
  firefoxRenderer,
  foldedRenderer,
  htmlRenderer,
  jsonRenderer,
  markdownRenderer,
  pprofRenderer,
  speedscopeRenderer,
  FORMATS,
}
export type { ConsoleOptions, Format, HtmlOptions, JsonOptions, MarkdownOptions }

/** Options for the renderer of each format. */
export interface RendererOptions {
  html?: HtmlOptions
  text?: ConsoleOptions
  json?: JsonOptions
  markdown?: MarkdownOptions
}

const FACTORIES: Record<Format, (options: RendererOptions) => Renderer<string | Uint8Array>> = {
  html: ({ html }) => htmlRenderer(html),
  text: ({ text }) => consoleRenderer(text),
  json: ({ json }) => jsonRenderer(json),
  markdown: ({ markdown }) => markdownRenderer(markdown),
  speedscope: speedscopeRenderer,
  cpuprofile: cpuProfileRenderer,
  pprof: pprofRenderer,
  folded: foldedRenderer,
  firefox: firefoxRenderer,
}

/**
 * The renderer of a format.
 *
 * @throws TypeError When there is no such format, or its options make no sense.
 */
export function rendererFor(
  format: Format,
  options: RendererOptions = {}
): Renderer<string | Uint8Array> {
  if (!FORMATS.includes(format)) {
    throw new TypeError(
      `hono-profiler: there is no format '${format}'; it is one of ${FORMATS.join(', ')}`
    )
  }
  return FACTORIES[format](options)
}
