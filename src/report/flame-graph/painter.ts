import type { Frame } from '../../session/frame.ts'
import type { FunctionRecord, SessionData } from '../../session/records.ts'
import { STATES } from '../../session/records.ts'
import { LANE_HEIGHT } from '../canvas/boxes.ts'
import { createStripes, fitCanvas } from '../canvas/canvas.ts'
import { functionColours, paletteOf, stateColours } from '../canvas/colours.ts'
import type { Theme } from '../canvas/theme.ts'
import { readTheme } from '../canvas/theme.ts'
import { watchAppearance } from '../canvas/watch.ts'
import { drawFlames } from './draw.ts'
import type { FlameBox } from './layout.ts'
import { layOutFlames, lineage } from './layout.ts'

/** What the graph shows. */
export interface FlameView {
  /** The frame that takes the whole width. */
  focus: Frame
  selected: Frame | undefined
  hovered: Frame | undefined
  isMatch: ((record: FunctionRecord) => boolean) | undefined
}

/** Keeps the canvas as the view says; the canvas is as large as what is seen of the graph. */
export interface FlamePainter {
  change: (to: Partial<FlameView>) => void
  /** The box at a position on the canvas. */
  boxAt: (x: number, y: number) => FlameBox | undefined
  /** Scrolls to a frame. */
  reveal: (frame: Frame) => void
  destroy: () => void
}

export function createFlamePainter(
  canvas: HTMLCanvasElement,
  scroller: HTMLElement,
  data: SessionData,
  root: Frame
): FlamePainter {
  const view: FlameView = {
    focus: root,
    selected: undefined,
    hovered: undefined,
    isMatch: undefined,
  }
  const colours = new Map(data.functions.map((record, i) => [record, i]))
  const positions = functionColours(data)
  let appearance = appearanceOf(canvas)
  let boxes: FlameBox[] = []
  let requested = 0
  const draw = () => {
    requested = 0
    canvas.style.height = `${scroller.clientHeight}px`
    const { clientWidth: width, clientHeight: height } = canvas
    if (width === 0) {
      return
    }
    boxes = layOutFlames(view.focus, width)
    const { scrollTop } = scroller
    const context = fitCanvas(canvas)
    context.translate(0, -scrollTop)
    const colourOf = (record: FunctionRecord): string =>
      appearance.palette[positions[colours.get(record) ?? -1] ?? 1]!
    const scene = { ...appearance, ...view, boxes, width, colourOf }
    drawFlames(context, scene, scrollTop, scrollTop + height)
  }
  const request = () => {
    requested ||= requestAnimationFrame(draw)
  }
  const stopWatching = watchAppearance(scroller, (isNew) => {
    if (isNew) {
      appearance = appearanceOf(canvas)
      cancelAnimationFrame(requested)
      draw()
    } else {
      request()
    }
  })
  scroller.addEventListener('scroll', request, { passive: true })
  return {
    change(to) {
      Object.assign(view, to)
      request()
    },
    boxAt(x, y) {
      const depth = Math.floor((y + scroller.scrollTop) / LANE_HEIGHT)
      return boxes.find((box) => box.depth === depth && box.left <= x && x < box.right)
    },
    reveal(frame) {
      const top = (lineage(frame).length - 1) * LANE_HEIGHT
      const { scrollTop, clientHeight } = scroller
      scroller.scrollTop = Math.min(top, Math.max(scrollTop, top + LANE_HEIGHT - clientHeight))
    },
    destroy() {
      stopWatching()
      scroller.removeEventListener('scroll', request)
      cancelAnimationFrame(requested)
    },
  }
}

interface Appearance {
  theme: Theme
  palette: string[]
  stateColours: string[]
  splitColours: string[]
  stripes: (CanvasPattern | null)[]
}

function appearanceOf(canvas: HTMLCanvasElement): Appearance {
  const theme = readTheme(canvas)
  return {
    theme,
    palette: paletteOf(theme),
    stateColours: stateColours(theme),
    splitColours: STATES.map((state) => theme.marks[state]),
    stripes: [
      null,
      null,
      createStripes(theme.awaitStripe, false),
      createStripes(theme.blockedStripe, true),
    ],
  }
}
