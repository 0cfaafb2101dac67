/** Pixels. */
export const LANE_HEIGHT = 20
const LABEL_PADDING = 5
/** Narrower boxes have no label. */
const MIN_LABELLED = 24
/** How much of a box is left that a search does not find. */
export const DIMMED = 0.22

/** A box to draw, in CSS pixels. */
export interface DrawnBox {
  left: number
  right: number
  y: number
  colour: string
  name: () => string
  /** A search is active and does not find it. */
  isDim: boolean
  /** Drawn over the colour. */
  stripes?: CanvasPattern | null | undefined
}

type Context = CanvasRenderingContext2D

/** Fills a box; a gap keeps it apart from the next where there is room. */
export function fillBox(context: Context, box: DrawnBox): void {
  const width = Math.max(1, box.right - box.left)
  const gap = width > 3 ? 1 : 0
  context.globalAlpha = box.isDim ? DIMMED : 1
  context.fillStyle = box.colour
  context.fillRect(box.left, box.y, width - gap, LANE_HEIGHT - 1)
  if (box.stripes) {
    context.fillStyle = box.stripes
    context.fillRect(box.left, box.y, width - gap, LANE_HEIGHT - 1)
  }
  context.globalAlpha = 1
}

/** Writes the name of a box where it can be read, also when its start is out of view. */
export function labelBox(context: Context, box: DrawnBox, colour: string, width: number): void {
  const left = Math.max(0, box.left)
  const right = Math.min(width, box.right)
  if (right - left > MIN_LABELLED) {
    context.globalAlpha = box.isDim ? 2 * DIMMED : 1
    context.fillStyle = colour
    const text = fitText(context, box.name(), right - left - 2 * LABEL_PADDING)
    context.fillText(text, left + LABEL_PADDING, box.y + LANE_HEIGHT / 2)
    context.globalAlpha = 1
  }
}

/** Cuts a text to a width, judging by the average of its characters. */
export function fitText(context: Context, text: string, width: number): string {
  const full = context.measureText(text).width
  if (full <= width) {
    return text
  }
  const characters = Math.floor((text.length * width) / full) - 1
  return characters > 1 ? `${text.slice(0, characters)}…` : ''
}

/** Draws a frame around a place of one lane. */
export function outlineBox(
  context: Context,
  { left, right, y }: Pick<DrawnBox, 'left' | 'right' | 'y'>,
  colour: string,
  width: number
): void {
  context.strokeStyle = colour
  context.lineWidth = width
  context.strokeRect(
    left + width / 2,
    y + width / 2,
    Math.max(1, right - left - 1 - width),
    LANE_HEIGHT - 1 - width
  )
}
