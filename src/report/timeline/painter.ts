import type { SessionData } from '../../session/records.ts'
import { createStripes, fitCanvas } from '../canvas/canvas.ts'
import { functionColours, paletteOf, stateColours } from '../canvas/colours.ts'
import { readTheme } from '../canvas/theme.ts'
import { watchAppearance } from '../canvas/watch.ts'
import { shortName } from '../format.ts'
import type { Bar } from './bars.ts'
import { drawBars } from './draw-bars.ts'
import { drawChart } from './draw.ts'
import type { TimelineLayout } from './layout.ts'
import { drawMinimap } from './minimap.ts'
import type { Scene } from './scene.ts'
import { clampScroll } from './scene.ts'

/** The timeline's canvases. */
export interface Canvases {
  chart: HTMLCanvasElement
  minimap: HTMLCanvasElement
}

/** Bars on the chart's axis, on a canvas of their own. */
export interface BarCanvas {
  /** Known once it is on the page. */
  canvas: HTMLCanvasElement | undefined
  bars: readonly Bar[]
  selected: Bar | undefined
  /** Whether a bar is of what the reader asked about; others are pale. */
  isLit: (bar: Bar) => boolean
}

/** Keeps the canvases as the scene says, also when the window or the colour scheme changes. */
export interface Painter {
  readonly scene: Readonly<Scene>
  /** Changes the scene, and draws it with the next frame of the screen. */
  change: (to: Partial<Scene>) => void
  destroy: () => void
}

export function createPainter(
  { chart, minimap }: Canvases,
  bands: readonly BarCanvas[],
  data: SessionData,
  layout: TimelineLayout
): Painter {
  const scene = newScene(chart, data, layout)
  let requested = 0
  const draw = () => {
    requested = 0
    Object.assign(scene, { width: chart.clientWidth, height: chart.clientHeight })
    scene.scroll = clampScroll(scene)
    if (scene.width > 0) {
      drawChart(fitCanvas(chart), scene)
      drawMinimap(fitCanvas(minimap), scene, minimap.clientWidth, minimap.clientHeight)
      for (const band of bands) {
        if (band.canvas) {
          drawBars(fitCanvas(band.canvas), scene, band, band.canvas.clientHeight)
        }
      }
    }
  }
  const change = (to: Partial<Scene>) => {
    Object.assign(scene, to)
    requested ||= requestAnimationFrame(draw)
  }
  const stopWatching = watchAppearance(chart, (isNew) => {
    if (isNew) {
      Object.assign(scene, appearance(chart))
      cancelAnimationFrame(requested)
      draw()
    } else {
      change({})
    }
  })
  return {
    scene,
    change,
    destroy() {
      stopWatching()
      cancelAnimationFrame(requested)
    },
  }
}

function newScene(chart: HTMLCanvasElement, data: SessionData, layout: TimelineLayout): Scene {
  const names = new Map<number, string>()
  return {
    layout,
    range: { start: 0, end: layout.duration },
    scroll: 0,
    width: chart.clientWidth,
    height: chart.clientHeight,
    colours: functionColours(data),
    nameOf(fn) {
      const name = names.get(fn) ?? shortName(data.functions[fn]?.name ?? data.meta.description)
      names.set(fn, name)
      return name
    },
    dimmed: undefined,
    selected: undefined,
    hovered: undefined,
    ...appearance(chart),
  }
}

function appearance(
  chart: HTMLCanvasElement
): Pick<Scene, 'theme' | 'palette' | 'stateColours' | 'stripes'> {
  const theme = readTheme(chart)
  return {
    theme,
    palette: paletteOf(theme),
    stateColours: stateColours(theme),
    stripes: [
      null,
      null,
      createStripes(theme.awaitStripe, false),
      createStripes(theme.blockedStripe, true),
    ],
  }
}
