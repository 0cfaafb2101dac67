import type { RawSourceMap } from '../../src/source/map-reader.ts'
import { usePort } from './find-inspector.ts'
import { InspectorPort } from './inspector-port.ts'
import type { Inspector } from './inspector.ts'

/** How sources can be reached. */
export interface Reach {
  /** The connection of the recording. */
  inspector: Inspector
  /** The option: where the inspector's port is. */
  inspectorUrl: string | undefined
}

/**
 * Reads the source map of a script.
 *
 * @param url As the script names it.
 * @param scriptUrl Where the script is.
 * @returns undefined when there is none, or it cannot be read.
 */
export async function readSourceMap(
  reach: Reach | undefined,
  url: string,
  scriptUrl: string
): Promise<RawSourceMap | undefined> {
  try {
    if (url.startsWith('data:')) {
      return inlineMap(url)
    }
    const file = new URL(url, scriptUrl).href
    return await (reach?.inspector instanceof InspectorPort
      ? hostMap(reach.inspector, file)
      : reach && usePort(reach.inspectorUrl, (port) => hostMap(port, file)))
  } catch {
    return undefined
  }
}

/** A map that stands in the script itself. */
function inlineMap(url: string): RawSourceMap | undefined {
  const [, encoding, data] = /^data:application\/json[^,]*?(;base64)?,(.*)$/s.exec(url) ?? []
  if (data === undefined) {
    return undefined
  }
  return JSON.parse(encoding ? decodeBase64(data) : decodeURIComponent(data)) as RawSourceMap
}

function decodeBase64(text: string): string {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  return new TextDecoder().decode(bytes)
}

/** A map's file on the developer's machine, which wrangler hands out for DevTools. */
async function hostMap(inspector: Inspector, url: string): Promise<RawSourceMap | undefined> {
  const { resource } = await inspector.post<{ resource: { text?: string } }>(
    'Network.loadNetworkResource',
    { url: url.replace(/^file:/, 'wrangler-file:') }
  )
  return resource.text === undefined ? undefined : (JSON.parse(resource.text) as RawSourceMap)
}
