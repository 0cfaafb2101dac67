import type { SessionData, WaitRecord } from '../../session/records.ts'
import { WAITING } from './stacks.ts'
import type { StringColumn } from './string-column.ts'

/** How the profiler shows the markers. */
export const MARKER_SCHEMA: readonly object[] = [
  {
    name: 'Wait',
    display: ['marker-chart', 'marker-table', 'timeline-overview'],
    chartLabel: '{marker.data.name}',
    tableLabel: '{marker.data.name}',
    tooltipLabel: 'await {marker.data.name}',
    data: [
      { key: 'name', label: 'Operation', format: 'string', searchable: true },
      { key: 'started', label: 'Began before it was awaited', format: 'duration' },
      { key: 'critical', label: 'Made the request longer', format: 'string' },
    ],
  },
  {
    name: 'Span',
    display: ['marker-chart', 'marker-table'],
    chartLabel: '{marker.data.name}',
    tableLabel: '{marker.data.kind} {marker.data.name}',
    tooltipLabel: '{marker.data.kind} {marker.data.name}',
    data: [
      { key: 'name', label: 'Name', format: 'string', searchable: true },
      { key: 'kind', label: 'Kind', format: 'string', searchable: true },
    ],
  },
]

/** A marker that has a start and an end. */
const INTERVAL = 1

/** Waits and spans as a table of markers, in order of time. */
export function firefoxMarkers({ waits, spans }: SessionData, strings: StringColumn): object {
  const markers = [
    ...waits.map((wait) => ({
      startUs: wait.awaitedUs,
      endUs: wait.endUs,
      category: WAITING,
      data: { type: 'Wait', ...waitData(wait) },
    })),
    ...spans.map(({ name, kind, startUs, endUs }) => ({
      startUs,
      endUs,
      category: 0,
      data: { type: 'Span', name, kind },
    })),
  ].sort((a, b) => a.startUs - b.startUs)
  return {
    data: markers.map(({ data }) => data),
    name: markers.map(({ data }) => strings.of(data.type)),
    startTime: markers.map(({ startUs }) => startUs / 1000),
    endTime: markers.map(({ endUs }) => endUs / 1000),
    phase: markers.map(() => INTERVAL),
    category: markers.map(({ category }) => category),
    length: markers.length,
  }
}

/** The line that waits is the marker's stack, which the profiler shows as its cause. */
function waitData({ name, stack, startUs, awaitedUs, endUs, critical }: WaitRecord): object {
  return {
    name,
    started: Math.max(awaitedUs - startUs, 0) / 1000,
    critical: critical ? 'yes' : 'no',
    ...(stack >= 0 && { cause: { time: endUs / 1000, stack: stack + 1 } }),
  }
}
