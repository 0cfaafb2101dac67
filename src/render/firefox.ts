import type { SessionData } from '../session/records.ts'
import { MARKER_SCHEMA, firefoxMarkers } from './firefox/markers.ts'
import { CATEGORIES, firefoxStacks } from './firefox/stacks.ts'
import { StringColumn } from './firefox/string-column.ts'
import { attachment } from './renderer.ts'
import type { Renderer } from './renderer.ts'

/**
 * Renders the processed format of the Firefox Profiler (https://profiler.firefox.com), which newer versions of it
 * upgrade. States are leaves and categories; waits and spans are markers.
 */
export function firefoxRenderer(): Renderer {
  return {
    name: 'firefox',
    contentType: 'application/json; charset=utf-8',
    extension: 'firefox.json',
    headers: attachment('firefox.json'),
    render: ({ data }) => JSON.stringify(firefoxProfile(data)),
  }
}

/** The processed format that is written; its changelog is docs-developer/CHANGELOG-formats.md of the profiler. */
const PROCESSED_VERSION = 47
const GECKO_VERSION = 28

function firefoxProfile(data: SessionData): object {
  const { meta } = data
  return {
    meta: {
      interval: meta.interval,
      startTime: meta.startTime,
      profilingStartTime: 0,
      profilingEndTime: meta.duration,
      processType: 0,
      product: `hono-profiler: ${meta.description}`,
      stackwalk: 0,
      version: GECKO_VERSION,
      preprocessedProfileVersion: PROCESSED_VERSION,
      symbolicated: true,
      sourceCodeIsNotOnSearchfox: true,
      categories: CATEGORIES,
      markerSchema: MARKER_SCHEMA,
      importedFrom: 'hono-profiler',
      extra: [{ label: 'Request', entries: factsOf(data) }],
    },
    libs: [],
    threads: [requestThread(data)],
  }
}

/** What the profiler lists about the recording. */
function factsOf({ meta }: SessionData): object[] {
  const facts = {
    Profiled: meta.description,
    Runtime: `${meta.runtime} ${meta.runtimeVersion}`,
    Computing: meta.fidelity.cpu,
    Waiting: meta.fidelity.waits,
    Notes: meta.notes.join('; '),
  }
  return Object.entries(facts)
    .filter(([, value]) => value !== '')
    .map(([label, value]) => ({ label, format: 'string', value }))
}

function requestThread(data: SessionData): object {
  const strings = new StringColumn()
  const { samples, ...tables } = firefoxStacks(data, strings)
  const markers = firefoxMarkers(data, strings)
  return {
    name: data.meta.description,
    isMainThread: true,
    processType: 'default',
    processName: data.meta.description,
    processStartupTime: 0,
    processShutdownTime: null,
    registerTime: 0,
    unregisterTime: data.meta.duration,
    pausedRanges: [],
    pid: '1',
    tid: 1,
    samples,
    markers,
    ...tables,
    resourceTable: { lib: [], name: [], host: [], type: [], length: 0 },
    nativeSymbols: { libIndex: [], address: [], name: [], functionSize: [], length: 0 },
    stringArray: strings.texts,
  }
}
