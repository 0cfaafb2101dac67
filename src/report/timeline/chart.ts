import type { SessionData } from '../../session/records.ts'
import { LANE_HEIGHT } from '../canvas/boxes.ts'
import { attachGestures } from '../canvas/gestures.ts'
import type { Range } from '../canvas/range.ts'
import { clampRange, panRange, zoomRange } from '../canvas/range.ts'
import type { TimelineCommand } from './keyboard.ts'
import type { Box, TimelineLayout } from './layout.ts'
import { boxAt } from './layout.ts'
import { attachMinimap } from './minimap.ts'
import { neighbour } from './navigate.ts'
import type { BarCanvas, Canvases, Painter } from './painter.ts'
import { createPainter } from './painter.ts'
import { bringIntoView, depthAt, rangeOf, timeAt } from './scene.ts'

/** What the chart tells the page. */
export interface ChartEvents {
  onSelect: (box: Box | undefined) => void
  /** The pointer is over a box, or over none. Positions are CSS pixels from the chart's corner. */
  onHover: (box: Box | undefined, x: number, y: number) => void
  /** The reader has zoomed or moved, and rests; nothing when everything is in view. */
  onRange: (range: Range | undefined) => void
}

/** The timeline on its canvases; it keeps what is in view. */
export interface Chart {
  /** Marks a box and brings it into sight. */
  select: (box: Box | undefined) => void
  run: (command: TimelineCommand) => void
  /** Dims the functions that are marked, by position; none when undefined. */
  dim: (functions: Uint8Array | undefined) => void
  /** Draws the bars anew, as their canvases say. */
  showBars: () => void
  /** Shows a stretch of time; the whole request when there is none. */
  show: (range: Range | undefined) => void
  /** The stretch of time in view. */
  range: () => Range
  destroy: () => void
}

export function createChart(
  canvases: Canvases,
  bands: readonly BarCanvas[],
  data: SessionData,
  layout: TimelineLayout,
  events: ChartEvents
): Chart {
  const { duration } = layout
  const painter = announceRange(createPainter(canvases, bands, data, layout), events.onRange)
  const { scene, change } = painter
  const detachGestures = attachChartGestures(canvases.chart, painter, events)
  const detachMinimap = attachMinimap(
    canvases.minimap,
    duration,
    () => scene.range,
    (range) => {
      change({ range })
    }
  )
  return {
    select: (selected) => {
      const { range, scroll } = selected ? bringIntoView(scene, selected) : scene
      change({ selected, scroll, ...(range === scene.range ? undefined : { range }) })
    },
    run: (command) => {
      runCommand(command, painter, events)
    },
    dim: (dimmed) => {
      change({ dimmed })
    },
    showBars: () => {
      change({})
    },
    show: (range) => {
      change({ range: clampRange(range ?? { start: 0, end: duration }, duration) })
    },
    range: () => scene.range,
    destroy() {
      detachGestures()
      detachMinimap()
      painter.destroy()
    },
  }
}

/** Milliseconds without a change after which the page hears of it: it cannot follow each step of a wheel. */
const REST = 150

/** Tells the range that a painter has come to rest on. */
function announceRange(painter: Painter, onRange: ChartEvents['onRange']): Painter {
  const { scene } = painter
  let timer: ReturnType<typeof setTimeout> | undefined
  const announce = () => {
    const { start, end } = scene.range
    onRange(end - start < scene.layout.duration ? { start, end } : undefined)
  }
  return {
    scene,
    change(to) {
      if (to.range) {
        clearTimeout(timer)
        timer = setTimeout(announce, REST)
      }
      painter.change(to)
    },
    destroy() {
      clearTimeout(timer)
      painter.destroy()
    },
  }
}

function attachChartGestures(
  canvas: HTMLElement,
  { scene, change }: Painter,
  events: ChartEvents
): () => void {
  const { layout } = scene
  const boxAtPoint = (x: number, y: number) => boxAt(layout, depthAt(scene, y), timeAt(scene, x))
  return attachGestures(canvas, {
    zoom: (factor, x) => {
      change({ range: zoomRange(scene.range, factor, timeAt(scene, x), layout.duration) })
    },
    pan: (dx, dy) => {
      change({ range: panned(scene, dx / scene.width), scroll: scene.scroll + dy })
    },
    point(at) {
      const hovered = at && boxAtPoint(at.x, at.y)
      change({ hovered })
      events.onHover(hovered, at?.x ?? 0, at?.y ?? 0)
    },
    pick: (x, y) => {
      events.onSelect(boxAtPoint(x, y))
    },
  })
}

/** Moves the range by a part of itself. */
function panned({ range, layout }: Painter['scene'], views: number): Range {
  return panRange(range, views * (range.end - range.start), layout.duration)
}

function runCommand(
  command: TimelineCommand,
  { scene, change }: Painter,
  { onSelect }: ChartEvents
): void {
  const { range, layout, selected } = scene
  const { duration } = layout
  switch (command.kind) {
    case 'zoom':
      change({ range: zoomRange(range, command.factor, (range.start + range.end) / 2, duration) })
      break
    case 'pan': {
      const scroll = scene.scroll + command.lanes * LANE_HEIGHT
      change({ range: panned(scene, command.views), scroll })
      break
    }
    case 'show-all':
      change({ range: { start: 0, end: duration } })
      break
    case 'show-selected':
      change(selected ? { range: rangeOf(scene, selected) } : {})
      break
    case 'deselect':
      onSelect(undefined)
      break
    case 'move': {
      const next = neighbour(layout, selected, command.direction) ?? selected
      // At once: the next key may come before the page has passed the selection on.
      change({ selected: next })
      onSelect(next)
    }
  }
}
