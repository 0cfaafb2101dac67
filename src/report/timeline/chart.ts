import type { SessionData } from '../../session/records.ts'
import { LANE_HEIGHT } from '../canvas/boxes.ts'
import { attachGestures } from '../canvas/gestures.ts'
import type { Range } from '../canvas/range.ts'
import { panRange, zoomRange } from '../canvas/range.ts'
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
}

/** The timeline on its canvases; it keeps what is in view. */
export interface Chart {
  /** Marks a box and brings it into sight. */
  select: (box: Box | undefined) => void
  run: (command: TimelineCommand) => void
  /** Dims the functions that are marked, by position; none when undefined. */
  dim: (functions: Uint8Array | undefined) => void
  /** Draws the bars anew, as their canvases say, and shows a stretch of time when one is given. */
  showBars: (stretch?: Range) => void
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
  const painter = createPainter(canvases, bands, data, layout)
  const { scene, change } = painter
  const detachGestures = attachChartGestures(canvases.chart, painter, events)
  const detachMinimap = attachMinimap(
    canvases.minimap,
    layout.duration,
    () => scene.range,
    (range) => {
      change({ range })
    }
  )
  return {
    select: (selected) => {
      change({ selected, ...(selected ? bringIntoView(scene, selected) : undefined) })
    },
    run: (command) => {
      runCommand(command, painter, events)
    },
    dim: (dimmed) => {
      change({ dimmed })
    },
    showBars: (stretch) => {
      change(stretch ? { range: rangeOf(scene, stretch) } : {})
    },
    range: () => scene.range,
    destroy() {
      detachGestures()
      detachMinimap()
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
