import type { SessionData } from '../../session/records.ts'
import { createStripes, fitCanvas } from './canvas.ts'
import { drawChart } from './draw.ts'
import type { TimelineLayout } from './layout.ts'
import { drawMinimap } from './minimap.ts'
import type { Scene } from './scene.ts'
import { clampScroll } from './scene.ts'
import { packagesByTime, readTheme } from './theme.ts'

/** The timeline's two canvases. */
export interface Canvases {
  chart: HTMLCanvasElement
  minimap: HTMLCanvasElement
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
    }
  }
  const change = (to: Partial<Scene>) => {
    Object.assign(scene, to)
    requested ||= requestAnimationFrame(draw)
  }
  const resize = new ResizeObserver(() => {
    change({})
  })
  resize.observe(chart)
  const darkness = matchMedia('(prefers-color-scheme: dark)')
  const onDarkness = () => {
    change(appearance(chart))
  }
  darkness.addEventListener('change', onDarkness)
  return {
    scene,
    change,
    destroy() {
      resize.disconnect()
      darkness.removeEventListener('change', onDarkness)
      cancelAnimationFrame(requested)
    },
  }
}

function newScene(chart: HTMLCanvasElement, data: SessionData, layout: TimelineLayout): Scene {
  return {
    layout,
    range: { start: 0, end: layout.duration },
    scroll: 0,
    width: chart.clientWidth,
    height: chart.clientHeight,
    packages: packagesByTime(data),
    selected: undefined,
    hovered: undefined,
    ...appearance(chart),
  }
}

function appearance(chart: HTMLCanvasElement): Pick<Scene, 'theme' | 'stripes'> {
  const theme = readTheme(chart)
  const stripes = {
    await: createStripes(theme.awaitStripe, false),
    blocked: createStripes(theme.blockedStripe, true),
  }
  return { theme, stripes }
}
